from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Page, Revision

from cms.models import NewsIndexPage, NewsPage
from cms.pages.actions import publish_due
from core.models import Notice
from lms.models import CourseIndexPage, CoursePage
from tests.factories import make_course_page

HOUR = timedelta(hours=1)


@pytest.fixture
def news(home):
    index = NewsIndexPage.objects.first() or home.add_child(
        instance=NewsIndexPage(title="动态", slug="xinwen")
    )
    return index.add_child(instance=NewsPage(title="培训开班", slug="kaiban", live=False))


def schedule(page, user=None):
    """Scheduled for an hour that has come meanwhile."""
    page.go_live_at = timezone.now() + HOUR
    revision = page.save_revision(user=user)
    revision.publish()
    past = timezone.now() - HOUR
    content = revision.content | {"go_live_at": past.isoformat()}
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=past, content=content)
    return revision


def is_live(page):
    return Page.objects.get(pk=page.pk).live


def test_a_page_whose_hour_has_come_is_published_once(news):
    schedule(news)
    assert not is_live(news)
    assert publish_due() == 1
    assert is_live(news)
    assert publish_due() == 0


def test_a_page_whose_hour_has_not_come_waits(news):
    news.go_live_at = timezone.now() + HOUR
    news.save_revision().publish()
    assert publish_due() == 0
    assert not is_live(news)


def test_a_page_that_has_expired_is_taken_down(news):
    news.save_revision().publish()
    Page.objects.filter(pk=news.pk).update(expire_at=timezone.now() - HOUR)
    assert publish_due() == 1
    assert not is_live(news)


def test_a_page_that_cannot_be_published_holds_up_no_other_and_its_author_is_told(home, news, writers):
    home.add_child(instance=CourseIndexPage(title="课程", slug="courses"))
    course = make_course_page()
    revision = schedule(course, writers.city_administrator)
    broken = Revision.objects.get(pk=revision.pk).content | {
        "require_lessons": False,
        "require_quizzes": False,
    }
    Revision.objects.filter(pk=revision.pk).update(content=broken)
    schedule(news)
    assert publish_due() == 1
    assert is_live(news)
    assert CoursePage.objects.get(pk=course.pk).require_lessons
    notice = Notice.objects.get(user=writers.city_administrator)
    assert notice.kind == "cms.not_published"
    assert publish_due() == 0
    assert Notice.objects.count() == 1
