"""Many people at once: a job with progress, that names whoever could not be admitted and can be killed and repeated."""

import pytest
from django.urls import reverse

from core.jobs.actions import run_job
from core.models import Job, Notice, Person, User
from lms.enrolments.jobs import AT_ONCE, start_approving, start_moving
from lms.models import Cohort, Enrolment
from tests.factories import make_cohort, make_enrolment, make_learned, make_version


@pytest.fixture
def cohort(tree):
    return make_cohort(tree["district"], capacity=500)


@pytest.fixture
def applicants(cohort):
    return applied(cohort, AT_ONCE + 5)


def applied(cohort, count):
    users = User.objects.bulk_create([User(email=f"b{number}@example.com") for number in range(count)])
    people = Person.objects.bulk_create(
        [Person(user=user, name="林一" if number % 2 else "周二") for number, user in enumerate(users)]
    )
    Cohort.objects.filter(pk=cohort.pk).update(seats_taken=count)
    return Enrolment.objects.bulk_create(
        [
            Enrolment(cohort=cohort, person=person, version=cohort.version, state="applied")
            for person in people
        ]
    )


@pytest.fixture
def officer(client, cast):
    client.force_login(cast.administrator)
    return client


def states():
    return sorted(set(Enrolment.objects.values_list("state", flat=True)))


def many(cohort):
    return reverse("applications:approve_many", args=[cohort.pk])


def test_all_that_match_are_approved_by_a_job(officer, cohort, applicants):
    answer = officer.post(many(cohort), {"all": "1", "q": "", "state": ""})
    job = Job.objects.get(kind="lms.approve_many")
    assert answer.url == reverse("core:job", args=[job.pk])
    assert officer.post(many(cohort), {"all": "1"}).url == answer.url  # a second click: the same job
    assert reverse("applications:cohort", args=[cohort.pk]) in officer.get(answer.url).text  # and back
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"done": len(applicants), "of": len(applicants)})
    assert states() == ["enrolled"]
    assert Notice.objects.filter(kind="lms.enrolment_approved").count() == len(applicants)


def test_the_search_says_whom_the_button_means(officer, cohort, applicants):
    shown = officer.get(reverse("applications:cohort", args=[cohort.pk]), {"q": "周二"})
    wanted = sum(row.person.name == "周二" for row in applicants)
    assert shown.context["to_approve"] == wanted
    officer.post(many(cohort), {"all": "1", "q": "周二"})
    assert Enrolment.objects.filter(state="enrolled").count() == wanted
    assert not Enrolment.objects.filter(state="enrolled").exclude(person__name="周二").exists()


def test_whoever_cannot_be_admitted_is_named_with_the_reason(cast, cohort, applicants):
    gone, own = applicants[0], make_enrolment(cohort, cast.administrator.person, "applied")
    Enrolment.objects.filter(pk=gone.pk).update(state="withdrawn")
    ids = [row.pk for row in applicants] + [own.pk]
    job = start_approving(cohort=cohort, enrolment_ids=ids, actor=cast.administrator)
    for _ in range(2):  # killed and run again, it does nothing twice
        Job.objects.filter(pk=job.pk).update(state="queued")
        run_job(job.pk)
    names = {failure.label: failure.reason for failure in job.failures.all()}
    assert set(names) == {gone.person.name, cast.administrator.person.name}
    assert "退出" in names[gone.person.name]
    assert Enrolment.objects.filter(state="enrolled").count() == len(applicants) - 1
    assert Notice.objects.filter(kind="lms.enrolment_approved").count() == len(applicants) - 1


def test_a_few_are_approved_at_once(officer, cohort):
    rows = applied(cohort, 3)
    officer.post(many(cohort), {"chosen": [row.pk for row in rows]})
    assert states() == ["enrolled"]
    assert not Job.objects.exists()


def test_nobody_else_starts_it(client, cast, cohort, applicants):
    for part in ("outsider", "auditor", "instructor", "trainee", "finance"):
        client.force_login(getattr(cast, part))
        client.post(many(cohort), {"all": "1"})
    assert states() == ["applied"]
    assert not Job.objects.exists()


def test_a_big_cohort_is_moved_to_a_version_by_a_job(officer, cast, cohort, applicants):
    done = make_learned(make_enrolment(cohort, cast.trainee.person))
    newer = make_version(course=cohort.version.course)
    answer = officer.post(reverse("applications:move", args=[cohort.pk, newer.pk]))
    job = Job.objects.get(kind="lms.move_to_version")
    assert answer.url == reverse("core:job", args=[job.pk])
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"of": 1, "completed": 1})
    assert set(Enrolment.objects.values_list("version", flat=True)) == {newer.pk}
    done.refresh_from_db()
    assert done.state == "completed"


def test_the_second_click_finds_the_job_of_the_first(cast, cohort):
    newer = make_version(course=cohort.version.course)
    first, second = (start_moving(cohort=cohort, version=newer, actor=cast.administrator) for _ in range(2))
    assert first == second
