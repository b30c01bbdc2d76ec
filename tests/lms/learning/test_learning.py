from datetime import timedelta
from uuid import UUID

import pytest
from django.contrib.messages import get_messages
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.documents.models import Document

from lms.courses.actions import publish_version
from lms.courses.versions import lesson_at
from lms.learning.actions import NotYet, complete_lesson
from lms.learning.queries import way_of
from lms.models import Attempt, LessonPage, LessonProgress
from lms.templatetags.courses import outline_rows
from tests.lms.outlines import enrol, make_course


@pytest.fixture
def course(tree):
    return make_course(modules=2, lessons=2)


@pytest.fixture
def enrolment(course, cast, tree):
    return enrol(cast.trainee, course, tree["district"])


@pytest.fixture
def reader(client, cast):
    client.force_login(cast.trainee)
    return client


def keys(enrolment):
    return [item["key"] for section in enrolment.version.outline for item in section["items"]]


def at(name, enrolment, *args):
    return reverse(f"lms:learning-{name}", args=[enrolment.pk, *args])


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def pass_quiz(enrolment, key):
    paper = enrolment.version.papers.get(key=key)
    Attempt.objects.create(
        enrolment=enrolment,
        paper=paper,
        number=1,
        state="submitted",
        percent=80,
        passed=True,
        finished_at=timezone.now(),
        marked_at=timezone.now(),
    )


def test_the_outline_shows_what_is_open_and_what_opens_later(reader, enrolment):
    html = reader.get(at("outline", enrolment)).content.decode()
    assert at("lesson", enrolment, keys(enrolment)[0]) in html
    assert at("lesson", enrolment, keys(enrolment)[1]) not in html


def test_the_first_view_of_a_lesson_notes_when_it_was_opened(reader, enrolment):
    first = keys(enrolment)[0]
    for _ in range(2):
        assert reader.get(at("lesson", enrolment, first)).status_code == 200
    row = LessonProgress.objects.get()
    assert timezone.now() - row.opened_at < timedelta(minutes=1)
    enrolment.refresh_from_db()
    assert str(enrolment.last_item) == first


def test_a_locked_lesson_says_what_must_be_finished_first_and_notes_nothing(reader, enrolment):
    html = reader.get(at("lesson", enrolment, keys(enrolment)[1])).content.decode()
    assert "课时m0-l0" in html
    assert "重点" not in html
    assert not LessonProgress.objects.exists()


def test_a_locked_lesson_cannot_be_finished_by_a_forged_request(reader, enrolment):
    reader.post(at("complete", enrolment, keys(enrolment)[1]))
    assert not LessonProgress.objects.exists()


def test_finishing_a_lesson_leads_to_the_next_one(reader, enrolment):
    first, second = keys(enrolment)[:2]
    reader.get(at("lesson", enrolment, first))
    response = reader.post(at("complete", enrolment, first))
    assert response.url == at("lesson", enrolment, second)
    assert LessonProgress.objects.get().completed_at


def test_a_double_click_finishes_once(reader, enrolment):
    first = keys(enrolment)[0]
    reader.get(at("lesson", enrolment, first))
    reader.post(at("complete", enrolment, first))
    when = LessonProgress.objects.get().completed_at
    assert reader.post(at("complete", enrolment, first)).status_code == 302
    assert LessonProgress.objects.get().completed_at == when


def test_after_the_last_lesson_of_a_module_comes_its_quiz(reader, enrolment):
    first, second, quiz = keys(enrolment)[:3]
    for key in (first, second):
        reader.get(at("lesson", enrolment, key))
        response = reader.post(at("complete", enrolment, key))
    assert response.url == reverse("lms:attempt-start", args=[enrolment.pk, quiz])


def test_going_on_leads_to_where_one_stopped(reader, enrolment):
    first = keys(enrolment)[0]
    assert reader.get(at("resume", enrolment)).url == at("lesson", enrolment, first)


def test_finishing_everything_completes_the_course(reader, enrolment):
    for section in enrolment.version.outline:
        for item in section["items"]:
            if item["kind"] == "quiz":
                pass_quiz(enrolment, item["key"])
    lessons = [str(row.key) for row in enrolment.version.lessons.all()]
    for key in lessons:
        reader.get(at("lesson", enrolment, key))
        response = reader.post(at("complete", enrolment, key))
    assert response.url == at("outline", enrolment), "there is nothing to go on to"
    enrolment.refresh_from_db()
    assert enrolment.state == "completed"
    assert reader.get(at("resume", enrolment)).url == at("outline", enrolment)
    assert reader.get(at("lesson", enrolment, lessons[0])).status_code == 200


def test_a_lesson_with_a_shortest_stay_cannot_be_finished_before_it(cast, tree, reader):
    course = make_course(code="slow", modules=1, lessons=1)
    LessonPage.objects.descendant_of(course).update(min_seconds=90)
    publish_version(course=course, actor=None)
    enrolment = enrol(cast.trainee, course, tree["district"])
    key = keys(enrolment)[0]
    reader.get(at("lesson", enrolment, key))
    response = reader.post(at("complete", enrolment, key), {"seconds": "9999", "opened_at": "2000-01-01"})
    assert response.url == at("lesson", enrolment, key)
    (sentence,) = said(response)
    assert "1" in sentence
    assert not LessonProgress.objects.get().completed_at
    LessonProgress.objects.update(opened_at=timezone.now() - timedelta(seconds=91))
    reader.post(at("complete", enrolment, key))
    assert LessonProgress.objects.get().completed_at


def test_a_lesson_that_was_never_opened_cannot_be_finished(enrolment):
    with pytest.raises(NotYet):
        complete_lesson(enrolment=enrolment, lesson=enrolment.version.lessons.first())


# --- Who may ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "part",
    ["other_trainee", "outside_trainee", "instructor", "administrator", "auditor", "outsider", "supervisor"],
)
@pytest.mark.parametrize("name", ["outline", "resume", "lesson", "complete", "check"])
def test_nobody_learns_in_the_place_of_another(client, cast, enrolment, part, name):
    client.force_login(getattr(cast, part))
    key = keys(enrolment)[0]
    args = {"lesson": [key], "complete": [key], "check": [key, "x"]}.get(name, [])
    send = client.post if name in ("complete", "check") else client.get
    assert send(at(name, enrolment, *args)).status_code == 404
    assert not LessonProgress.objects.exists()


def test_a_visitor_is_asked_to_sign_in(client, enrolment):
    response = client.get(at("outline", enrolment))
    assert response.status_code == 302
    assert reverse("account_login") in response.url


@pytest.mark.parametrize(
    "state", ["applied", "waiting", "offered", "refused", "withdrawn", "lapsed", "cancelled"]
)
def test_whoever_is_not_enrolled_finds_nothing(reader, enrolment, state):
    type(enrolment).objects.update(state=state, offer_expires_at=timezone.now())
    assert reader.get(at("outline", enrolment)).status_code == 404
    assert reader.get(at("lesson", enrolment, keys(enrolment)[0])).status_code == 404


def test_a_lesson_of_another_course_is_not_found(reader, enrolment):
    other = make_course(code="other")
    key = other.latest_version.lessons.first().key
    assert reader.get(at("lesson", enrolment, key)).status_code == 404


def test_the_public_address_of_a_lesson_leads_to_the_course(client, course):
    page = LessonPage.objects.descendant_of(course).first()
    response = client.get(page.url)
    assert response.status_code == 302
    assert response.url == course.url


def test_the_public_page_of_a_course_shows_its_outline(client, course):
    html = client.get(course.url).content.decode()
    assert "课时m0-l0" in html
    assert "会做" in html
    assert "重点" not in html


def test_a_file_of_a_lesson_is_for_the_enrolled(client, cast, tree, course):
    paper = Document.objects.create(title="表", file=ContentFile(b"x", name="form.pdf"))
    page = LessonPage.objects.descendant_of(course).first()
    page.body = [("document", {"document": paper, "title": ""})]
    page.save_revision().publish()
    publish_version(course=course, actor=None)
    enrol(cast.trainee, course, tree["district"])
    for part, status in {"trainee": 200, "other_trainee": 404, "instructor": 200}.items():
        client.force_login(getattr(cast, part))
        response = client.get(paper.url)
        assert response.status_code == status, part
        [closer() for closer in response._resource_closers]  # close() would end the test's connection


def test_a_video_of_a_lesson_comes_in_the_pieces_that_a_player_asks_for(client, cast, tree, course):
    film = Document.objects.create(title="片", file=ContentFile(b"0123456789", name="film.mp4"))
    client.force_login(cast.administrator)
    answer = client.get(film.url, headers={"Range": "bytes=2-5"})
    assert (answer.status_code, answer["Content-Type"]) == (206, "video/mp4")
    assert answer["Content-Range"] == "bytes 2-5/10"
    assert b"".join(answer.streaming_content) == b"2345"


# --- Check questions -------------------------------------------------------------------------------------------


@pytest.fixture
def checked(cast, tree):
    return enrol(cast.trainee, make_course(code="checked", modules=1, lessons=1, checks=2), tree["district"])


def test_answers_are_shown_only_after_answering(reader, checked):
    lesson = checked.version.lessons.get()
    one, other = lesson.checks
    before = reader.get(at("lesson", checked, lesson.key)).content.decode()
    assert one["prompt"] in before
    assert "原因在这里" not in before
    response = reader.post(at("check", checked, lesson.key, one["key"]), {"choice": one["correct"]})
    assert response.url.endswith(f"#check-{one['key']}")
    after = reader.get(at("lesson", checked, lesson.key)).content.decode()
    assert after.count("原因在这里") == 1
    assert LessonProgress.objects.get().answers == {one["key"]: {"chosen": one["correct"], "correct": True}}
    assert other["key"] in after


def test_with_htmx_the_answer_comes_as_a_piece(reader, checked):
    lesson = checked.version.lessons.get()
    one = lesson.checks[0]
    reader.get(at("lesson", checked, lesson.key))
    wrong = next(choice["key"] for choice in one["choices"] if choice["key"] not in one["correct"])
    response = reader.post(
        at("check", checked, lesson.key, one["key"]), {"choice": wrong}, headers={"HX-Request": "true"}
    )
    html = response.content.decode()
    assert "<html" not in html
    assert "原因在这里" in html


def test_the_first_answer_stays(reader, checked):
    lesson = checked.version.lessons.get()
    one = lesson.checks[0]
    reader.get(at("lesson", checked, lesson.key))
    for choice in one["choices"][::-1]:
        reader.post(at("check", checked, lesson.key, one["key"]), {"choice": choice["key"]})
    assert LessonProgress.objects.get().answers[one["key"]]["chosen"] == [one["choices"][-1]["key"]]


@pytest.mark.parametrize("chosen", [[], ["made-up"]])
def test_a_senseless_answer_gets_a_sentence(reader, checked, chosen):
    lesson = checked.version.lessons.get()
    reader.get(at("lesson", checked, lesson.key))
    response = reader.post(at("check", checked, lesson.key, lesson.checks[0]["key"]), {"choice": chosen})
    assert len(said(response)) == 1
    assert LessonProgress.objects.get().answers == {}


def test_an_answer_before_opening_the_lesson_gets_a_sentence(reader, checked):
    lesson = checked.version.lessons.get()
    one = lesson.checks[0]
    response = reader.post(at("check", checked, lesson.key, one["key"]), {"choice": one["correct"]})
    assert len(said(response)) == 1


def test_a_lesson_is_finished_only_when_its_questions_are_answered(reader, checked):
    lesson = checked.version.lessons.get()
    reader.get(at("lesson", checked, lesson.key))
    response = reader.post(at("complete", checked, lesson.key))
    assert len(said(response)) == 1
    for check in lesson.checks:
        reader.post(at("check", checked, lesson.key, check["key"]), {"choice": check["choices"][0]["key"]})
    reader.post(at("complete", checked, lesson.key))
    assert LessonProgress.objects.get().completed_at


# --- Costs -----------------------------------------------------------------------------------------------------


def count(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize(("modules", "lessons"), [(1, 1), (6, 3)])
def test_the_outline_costs_the_same_for_few_and_for_many_items(
    reader, cast, tree, modules, lessons, django_capture_on_commit_callbacks
):
    enrolment = enrol(
        cast.trainee, make_course(code="long", modules=modules, lessons=lessons), tree["district"]
    )
    with django_capture_on_commit_callbacks(execute=True):  # the version is kept in the process
        reader.get(at("outline", enrolment))
    assert count(reader, at("outline", enrolment)) == 7


def test_the_first_view_of_a_lesson_costs_ten_statements(
    reader, cast, tree, django_capture_on_commit_callbacks
):
    enrolment = enrol(cast.trainee, make_course(code="long", modules=6, lessons=3), tree["district"])
    first = at("lesson", enrolment, keys(enrolment)[0])
    with django_capture_on_commit_callbacks(
        execute=True
    ):  # the version and the lesson are kept in the process
        reader.get(at("outline", enrolment))
        lesson_at(enrolment.version_id, UUID(keys(enrolment)[0]))
    assert count(reader, first) == 10
    assert count(reader, first) == 6


def test_the_outline_beside_a_lesson_marks_where_one_is_and_takes_titles_for_words(tree, cast, reader):
    course = make_course(modules=1, lessons=3)
    enrolment = enrol(cast.trainee, course, tree["district"])
    first, second, third = keys(enrolment)[:3]
    for entry in enrolment.version.outline[0]["items"]:
        entry["title"] = f"<b>{entry['title']}"
    rows = way_of(enrolment).sections[0]["rows"]
    html = outline_rows(rows, first)
    assert html.count("aria-current") == 1 and "<b>" not in html
    assert at("lesson", enrolment, first) in html and at("lesson", enrolment, second) not in html
    rows[2]["standing"] = "done"
    assert "learn-item--done" in outline_rows(rows, first) and third in outline_rows(rows, first)
