"""What lessons show of other sites, what is discussed in them, and their attachments, as trainees get them."""

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.documents.models import Document

from lms.courses.actions import publish_version, write_course
from lms.courses.queries import content_of, frozen_content, unreleased_changes
from lms.courses.versions import lesson_at
from lms.models import LessonVersion, Post, Thread
from tests.lms.outlines import enrol, make_index, outline

PLAYER = "https://player.example.com/v?id=1"


@pytest.fixture
def course(tree, settings):
    settings.EMBED_HOSTS = ["player.example.com"]
    file = Document.objects.create(title="表格", file=ContentFile(b"PK\x03\x04", name="form.xlsx"))
    content = outline(1, 2, final=False)
    content["modules"][0]["lessons"][0]["body"] = [
        {"type": "paragraph", "text": "字" * 650},
        {"type": "external", "url": "https://www.mca.gov.cn/", "title": "民政部网站"},
        {"type": "frame", "url": PLAYER, "title": "走访演示"},
        {"type": "talk", "title": "第一次走访", "prompt": "居民不开门怎么办？"},
        {"type": "attachments", "title": "", "documents": [file.pk]},
    ]
    return write_course(parent=make_index(), outline=content, actor=None)


@pytest.fixture
def enrolment(course, cast, tree):
    return enrol(cast.trainee, course, tree["district"])


@pytest.fixture
def lesson(course):
    return course.latest_version.lessons.first()


@pytest.fixture
def reader(client, cast):
    client.force_login(cast.trainee)
    return client


def address(enrolment, lesson):
    return reverse("lms:learning-lesson", args=[enrolment.pk, lesson.key])


def talk_address(enrolment, lesson):
    return reverse("lms:talk-place", args=[enrolment.pk, lesson.key, lesson.talks[0]["key"]])


def test_a_version_keeps_all_that_the_pages_say(course, lesson):
    version = course.latest_version
    assert (lesson.frames[0]["url"], lesson.talks[0]["title"]) == (PLAYER, "第一次走访")
    assert lesson.media.get().document.title == "表格"
    assert frozen_content(version)["lessons"] == content_of(course)["lessons"]
    assert not unreleased_changes(course)
    assert publish_version(course=course, actor=None) == version


def test_a_lesson_without_them_says_nothing_of_them(course):
    plain = content_of(course)["lessons"][1]
    assert not {"frames", "talks"} & plain.keys()


def test_only_this_page_may_frame_only_the_host_that_it_shows(reader, enrolment, lesson):
    response = reader.get(address(enrolment, lesson))
    html = response.content.decode()
    assert f'src="{PLAYER}"' in html
    assert 'sandbox="allow-scripts allow-same-origin allow-presentation"' in html
    assert "frame-src https://player.example.com;" in response["Content-Security-Policy"] + ";"
    other = reader.get(reverse("lms:learning-outline", args=[enrolment.pk]))
    assert "player.example.com" not in other["Content-Security-Policy"]


def test_a_host_that_is_not_allowed_any_more_is_shown_no_more(reader, enrolment, lesson, settings):
    settings.EMBED_HOSTS = []
    response = reader.get(address(enrolment, lesson))
    assert "<iframe" not in response.content.decode()
    assert "走访演示" in response.content.decode()
    assert "player.example.com" not in response["Content-Security-Policy"]


def test_a_frame_with_an_odd_address_in_a_version_opens_nothing(reader, enrolment, lesson):
    odd = [{**lesson.frames[0], "url": "https://player.example.com; script-src *"}]
    copy = LessonVersion(html=lesson.html, frames=odd)
    from lms.learning.queries import shown_frames

    assert shown_frames(copy)[0]["host"] == ""


def test_the_lesson_says_how_long_its_text_takes(reader, enrolment, lesson):
    assert lesson.reading == 3  # 650 characters at 300 a minute
    assert "阅读约 3 分钟" in reader.get(address(enrolment, lesson)).content.decode()


def test_attachments_are_for_the_enrolled(client, cast, enrolment, lesson):
    file = lesson.media.get().document
    client.force_login(cast.trainee)
    assert client.get(file.url).status_code == 200
    assert file.url in client.get(address(enrolment, lesson)).content.decode()
    client.force_login(cast.other_trainee)
    assert client.get(file.url).status_code == 404


def test_the_lesson_costs_no_more_statements(reader, enrolment, lesson):
    reader.get(address(enrolment, lesson))
    with CaptureQueriesContext(connection) as counted:
        reader.get(address(enrolment, lesson))
    assert len(counted) <= 12


def test_what_is_discussed_in_a_lesson_is_discussed_at_that_place(reader, enrolment, lesson, cast, tree):
    here = talk_address(enrolment, lesson)
    assert here in reader.get(address(enrolment, lesson)).content.decode()
    assert "居民不开门怎么办？" in reader.get(here).content.decode()
    sent = {"key": "11111111-1111-4111-8111-111111111111", "title": "先打电话", "body": "约好时间再去。"}
    reader.post(here, sent)
    reader.post(here, sent)
    thread = Thread.objects.get()
    assert (str(thread.place), thread.lesson_title) == (lesson.talks[0]["key"], lesson.title)
    assert "先打电话" in reader.get(here).content.decode()
    general = reader.get(reverse("lms:talk-discussion", args=[enrolment.pk])).content.decode()
    assert lesson.title in general
    assert Post.objects.count() == 1


def test_another_cohort_has_a_discussion_of_its_own(client, enrolment, lesson, cast, tree, course):
    client.force_login(cast.trainee)
    client.post(
        talk_address(enrolment, lesson),
        {"key": "11111111-1111-4111-8111-111111111111", "title": "先打电话", "body": "约好时间。"},
    )
    other = enrol(cast.other_trainee, course, tree["other_district"])
    client.force_login(cast.other_trainee)
    assert "先打电话" not in client.get(talk_address(other, lesson)).content.decode()
    assert client.get(talk_address(enrolment, lesson)).status_code == 404


def test_no_discussion_where_the_lesson_has_none_or_is_locked(reader, enrolment, lesson):
    nowhere = reverse("lms:talk-place", args=[enrolment.pk, lesson.key, lesson.key])
    assert reader.get(nowhere).status_code == 404
    quiz = enrolment.version.papers.first()
    assert reader.get(reverse("lms:talk-place", args=[enrolment.pk, quiz.key, lesson.key])).status_code == 404
    second = enrolment.version.lessons.last()
    locked = reader.get(reverse("lms:talk-place", args=[enrolment.pk, second.key, lesson.talks[0]["key"]]))
    assert locked["Location"] == address(enrolment, second)


def test_a_row_that_is_kept_in_the_process_reckons_its_time_once(lesson):
    row = lesson_at(lesson.version_id, lesson.key)
    assert row.reading == 3
    assert "reading" in vars(row)
