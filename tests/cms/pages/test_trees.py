"""Pages are written within one's own tree: another province's editors read them on the site like everybody."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page

from cms.models import NewsIndexPage, NewsPage
from core.models import AuditEntry
from core.organisations.actions import sync_groups
from lms.models import CourseIndexPage, CoursePage
from tests.factories import (
    give_role,
    make_cohort,
    make_course_page,
    make_enrolment,
    make_organisation,
    make_plan,
    make_user,
    make_version,
)


@pytest.fixture
def strangers(home, db):
    """An administrator and an instructor of another province."""
    province = make_organisation("外省民政厅", tier="province", kind="bureau")
    people = {}
    for role in ("administrator", "instructor"):
        people[role] = make_user("令狐冲", province)
        give_role(people[role], role, province)
    return people


@pytest.fixture
def news(home, writers):
    index = NewsIndexPage.objects.first() or home.add_child(
        instance=NewsIndexPage(title="动态", slug="xinwen")
    )
    page = index.add_child(
        instance=NewsPage(title="培训开班", slug="kaiban", owner=writers.city_administrator)
    )
    page.save_revision(user=writers.city_administrator).publish(user=writers.city_administrator)
    return page


def addresses(page):
    yield reverse("wagtailadmin_pages:edit", args=[page.pk])
    yield reverse("wagtailadmin_pages:unpublish", args=[page.pk])
    yield reverse("wagtailadmin_pages:delete", args=[page.pk])
    yield reverse("wagtailadmin_pages:move", args=[page.pk])
    yield reverse("wagtailadmin_pages:history", args=[page.pk])
    for act in ("delete", "unpublish"):
        yield reverse("wagtail_bulk_action", args=["wagtailcore", "page", act]) + f"?id={page.pk}"


@pytest.mark.parametrize("role", ["administrator", "instructor"])
def test_another_province_changes_nothing(client, strangers, news, role):
    client.force_login(strangers[role])
    for address in addresses(news):
        for method in ("get", "post"):
            if method == "get" and "/bulk/" in address:
                continue  # it only asks whether one is sure
            answer = getattr(client, method)(address)
            assert answer.status_code in (302, 403), address
    news.refresh_from_db()
    assert news.live


def test_ones_own_tree_changes_it(client, writers, news):
    client.force_login(writers.city_administrator)
    edit, unpublish, delete, *_rest = addresses(news)
    assert client.get(edit).status_code == 200
    assert client.post(unpublish).status_code == 302
    news.refresh_from_db()
    assert not news.live
    assert client.post(delete).status_code == 302
    assert not Page.objects.filter(pk=news.pk).exists()


def test_everybody_who_writes_adds_a_page_below_a_list(client, strangers, news):
    client.force_login(strangers["instructor"])
    address = reverse("wagtailadmin_pages:add", args=["cms", "newspage", news.get_parent().pk])
    assert client.get(address).status_code == 200


def test_an_instructor_of_a_district_leaves_the_citys_pages_alone(client, writers, news, tree):
    user = make_user("任远", tree["district"])
    give_role(user, "instructor", tree["district"])
    client.force_login(user)
    assert client.get(reverse("wagtailadmin_pages:edit", args=[news.pk])).status_code == 302


@pytest.fixture
def course(home):
    home.add_child(instance=CourseIndexPage(title="课程", slug="courses"))
    return make_course_page()


def test_whoever_learns_a_course_never_opens_it_in_the_editor(client, writers, tree, course):
    CoursePage.objects.update(owner=writers.instructor)
    give_role(writers.instructor, "instructor", tree["province"])
    sync_groups(writers.instructor)
    address = reverse("wagtailadmin_pages:edit", args=[course.pk])
    client.force_login(writers.instructor)
    assert client.get(address).status_code == 200
    version = make_version(course=course)
    enrolment = make_enrolment(
        make_cohort(tree["city"], version), writers.instructor.person, state="enrolled"
    )
    assert client.get(address).status_code == 302
    type(enrolment).objects.filter(pk=enrolment.pk).update(state="withdrawn")
    assert client.get(address).status_code == 200


def test_a_course_that_was_learned_is_not_deleted(client, writers, tree, course):
    CoursePage.objects.update(owner=writers.city_administrator)
    make_version(course=course)
    client.force_login(writers.city_administrator)
    answer = client.post(reverse("wagtailadmin_pages:delete", args=[course.pk]), follow=True)
    assert "取消发布" in answer.content.decode()
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"]) + f"?id={course.pk}"
    assert client.post(bulk).status_code in (302, 403)
    assert CoursePage.objects.filter(pk=course.pk).exists()


@pytest.fixture(params=["document", "image"])
def file(request, writers):
    """A file of the city, in the library that all trees share."""
    upload = ContentFile(b"%PDF-1.4 paper", "jiangyi.pdf")
    if request.param == "image":
        upload = get_test_image_file()
    model = get_document_model() if request.param == "document" else get_image_model()
    return model.objects.create(title="讲义", file=upload, uploaded_by_user=writers.city_administrator)


def at_file(file, act):
    space = "wagtaildocs" if file._meta.model_name == "document" else "wagtailimages"
    return reverse(f"{space}:{act}", args=[file.pk])


@pytest.mark.parametrize("role", ["administrator", "instructor"])
def test_another_province_changes_no_file(client, strangers, file, role):
    client.force_login(strangers[role])
    for act in ("edit", "delete"):
        client.post(at_file(file, act), {"title": "被改过", "collection": file.collection_id})
    again = type(file).objects.get(pk=file.pk)
    assert again.title == "讲义"
    index = "wagtaildocs:index" if file._meta.model_name == "document" else "wagtailimages:index"
    assert "讲义" not in client.get(reverse(index)).text


def test_ones_own_tree_changes_a_file_and_the_audit_knows(client, writers, file):
    client.force_login(writers.city_administrator)
    client.post(at_file(file, "edit"), {"title": "讲义二", "collection": file.collection_id})
    assert type(file).objects.get(pk=file.pk).title == "讲义二"
    told = AuditEntry.objects.get(action="wagtail.edit", target_id=str(file.pk))
    assert told.user_id == writers.city_administrator.pk and told.organisation is not None


def test_of_the_application_plans_an_editor_is_offered_those_of_the_own_tree(client, writers, tree, course):
    CoursePage.objects.update(owner=writers.city_administrator)
    closed = make_plan(tree["city"], is_active=False)
    own, foreign = make_plan(tree["city"]), make_plan(make_organisation("外省民政厅", tier="province"))
    client.force_login(writers.city_administrator)
    address = reverse("wagtailadmin_pages:edit", args=[course.pk])
    assert set(client.get(address).context["form"].fields["plan"].queryset) == {own}
    chosen = CoursePage.objects.get()
    chosen.plan = closed
    chosen.save_revision(user=writers.city_administrator).publish(user=writers.city_administrator)
    assert set(client.get(address).context["form"].fields["plan"].queryset) == {own, closed}
    assert foreign not in client.get(address).context["form"].fields["plan"].queryset
