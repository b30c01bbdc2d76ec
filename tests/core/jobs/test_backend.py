"""Wagtail's background tasks: indexes in the transaction, everything else as a job that Celery does."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django_tasks import task
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.search.backends import get_search_backend
from wagtail.tasks import delete_file_from_storage_task

from core.jobs.actions import rescue_jobs, run_job
from core.jobs.backend import KIND, JobBackend
from core.models import Job, Person, User
from core.tasks import run_job as run_job_task
from tests.factories import make_course_page, make_user


@task()
def add_a_person(name):
    make_user(name)


def background_jobs():
    return Job.objects.filter(kind=KIND)


def test_ours_is_the_back_end_in_force():
    assert isinstance(delete_file_from_storage_task.get_backend(), JobBackend)


@pytest.mark.django_db
def test_what_is_saved_is_found_at_once_and_without_a_job():
    page, person = make_course_page("掘星计划"), make_user("陈𬭎").person
    page.save()  # the factory’s is in no index
    search = get_search_backend().search
    assert [found.pk for found in search("掘星", type(page))] == [page.pk]
    assert list(search("陈𬭎", Person)) == [person]
    page.delete()
    assert not search("掘星", type(page))
    assert not background_jobs().exists()


@pytest.mark.django_db(transaction=True)
def test_the_file_of_a_deleted_picture_is_deleted_by_the_worker():
    image = get_image_model().objects.create(title="图", file=get_test_image_file())
    name = image.file.name
    image.delete()
    job = background_jobs().get()
    assert default_storage.exists(name)
    run_job_task(job.pk)  # what Celery calls
    job.refresh_from_db()
    assert job.state == "done"
    assert not default_storage.exists(name)


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_never_done():
    with transaction.atomic():
        add_a_person.enqueue("林一")
        transaction.set_rollback(True)
    assert not background_jobs().exists()


@pytest.mark.django_db
def test_a_message_that_was_lost_is_sent_again():
    result = add_a_person.enqueue("林一")
    assert result.status == "READY"
    assert not User.objects.exists()
    assert rescue_jobs() == 1
    run_job(int(result.id))
    assert Person.objects.get().name == "林一"


@pytest.mark.django_db
def test_a_task_that_breaks_is_kept_with_its_reason():
    default_storage.save("kept.txt", ContentFile(b"x"))
    result = delete_file_from_storage_task.enqueue(["no.such.Storage", [], {}], "kept.txt")
    run_job(int(result.id))
    job = background_jobs().get()
    assert (job.state, "no" in job.error) == ("failed", True)
    assert default_storage.exists("kept.txt")


@pytest.mark.django_db
def test_only_a_task_is_run_whatever_the_row_says():
    job = Job.objects.create(
        kind=KIND, title="x", params={"task": "os.system", "args": ["true"], "kwargs": {}}
    )
    run_job(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
