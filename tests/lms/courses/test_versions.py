from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError
from wagtail.documents.models import Document

from core.models import AuditEntry
from lms.courses.actions import publish_version, write_course
from lms.courses.queries import unreleased_changes
from lms.models import (
    CoursePage,
    CourseVersion,
    LessonMedia,
    LessonPage,
    LessonVersion,
    PaperVersion,
    QuizPage,
)
from tests.lms.outlines import lesson, make_course, make_index, outline


@pytest.fixture
def course(tree):
    return make_course(checks=1)


def edit(page, **fields):
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()


def test_the_first_version_holds_the_whole_course(course):
    version = course.versions.get()
    assert version.number == 1
    assert [len(section["items"]) for section in version.outline] == [3, 3, 1]
    assert (version.lessons.count(), version.papers.count(), version.minutes) == (4, 3, 120)
    assert version.rule == {"lessons": True, "quizzes": True}
    assert AuditEntry.objects.filter(action="lms.publish_version", target_id=version.pk).count() == 1


def test_publishing_the_same_content_twice_makes_one_version(course):
    course.save_revision().publish()
    assert publish_version(course=course, actor=None) == course.versions.get()


def test_publishing_the_page_makes_the_version_by_itself(course, cast):
    edit(LessonPage.objects.first(), title="改过的课时")
    assert course.versions.count() == 1
    course.save_revision(user=cast.city_administrator).publish()
    newest = course.latest_version
    assert (newest.number, newest.created_by) == (2, cast.city_administrator)
    assert newest.lessons.first().title == "改过的课时"


def test_editing_a_published_page_changes_nothing_in_the_version(course):
    before = list(LessonVersion.objects.values())
    edit(LessonPage.objects.first(), title="改过的课时", body=[("lead", "全新的开头")])
    course.save_revision().publish()
    assert list(LessonVersion.objects.filter(version__number=1).values()) == before


def test_going_back_to_older_content_is_released_as_a_new_version(course):
    page = LessonPage.objects.first()
    title = page.title
    for name in ("另一个标题", title):
        edit(page, title=name)
        publish_version(course=course, actor=None)
    assert [version.number for version in course.versions.all()] == [3, 2, 1]
    assert course.latest_version.lessons.first().title == title


def test_what_is_not_published_is_left_out(course):
    LessonPage.objects.first().unpublish()
    version = publish_version(course=course, actor=None)
    assert version.lessons.count() == 3


def test_what_hangs_below_an_unpublished_module_is_left_out(course):
    module = LessonPage.objects.first().get_parent()
    type(module).objects.filter(pk=module.pk).update(live=False)
    assert publish_version(course=course, actor=None).lessons.count() == 2


def test_a_course_with_nothing_to_learn_has_no_version(tree):
    empty = make_index().add_child(instance=CoursePage(title="空课程", code="empty", slug="empty"))
    empty.save_revision().publish()
    assert empty.latest_version is None


@pytest.mark.parametrize("model", [CourseVersion, LessonVersion, PaperVersion])
def test_the_database_itself_refuses_to_change_a_version(course, model):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        model.objects.update(title="伪造")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        model.objects.order_by("pk")[:1].get().delete() if model is not CourseVersion else _delete_raw(model)


def _delete_raw(model):
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table}")


def test_the_right_answers_are_in_the_key_and_not_in_the_html(course):
    row = LessonVersion.objects.first()
    (check,) = row.checks
    assert len(check["correct"]) == 1
    assert check["correct"][0] not in row.html
    assert check["explanation"] not in row.html
    assert "选项" not in row.html
    assert check["key"] in row.html


def test_keys_survive_edits(course):
    before = {(str(row.key), check["key"]) for row in LessonVersion.objects.all() for check in row.checks}
    page = LessonPage.objects.first()
    body = page.body.get_prep_value()
    body[-1]["value"]["prompt"] = "换一种问法"
    edit(page, body=page.body.stream_block.to_python(body))
    version = publish_version(course=course, actor=None)
    assert {(str(row.key), check["key"]) for row in version.lessons.all() for check in row.checks} == before
    assert version.number == 2


def test_the_editor_is_told_what_the_next_version_would_change(course):
    assert not unreleased_changes(course)
    for page in LessonPage.objects.all()[:3]:
        edit(page, title=f"{page.title}新")
    assert unreleased_changes(course).changed == 3


def test_prerequisites_are_kept_only_when_they_come_earlier(course):
    first, second = LessonPage.objects.order_by("path")[:2]
    for page, wanted in ((second, first), (first, second)):
        edit(page, requires=[("lesson", wanted)])
    outline_now = publish_version(course=course, actor=None).outline
    assert outline_now[0]["items"][0]["requires"] == []
    assert outline_now[0]["items"][1]["requires"] == [first.key]


def test_a_prerequisite_from_another_course_is_refused(course):
    other = write_course(parent=make_index(), outline=outline(code="other"), actor=None)
    page = LessonPage.objects.descendant_of(course).first()
    page.requires = [("lesson", LessonPage.objects.descendant_of(other).first())]
    with pytest.raises(ValidationError):
        page.full_clean()


def test_a_file_of_a_published_lesson_cannot_be_deleted(course):
    paper = Document.objects.create(title="表", file=ContentFile(b"x", name="form.pdf"))
    edit(LessonPage.objects.first(), body=[("document", {"document": paper, "title": ""})])
    publish_version(course=course, actor=None)
    assert LessonMedia.objects.get().document == paper
    with pytest.raises(ProtectedError):
        paper.delete()


def test_a_course_must_ask_for_something(course):
    course.require_lessons = course.require_quizzes = False
    with pytest.raises(ValidationError):
        course.full_clean()


def test_a_copied_course_gets_a_code_of_its_own(course):
    copied = course.copy(recursive=True, update_attrs={"title": "副本", "slug": "copy"})
    assert copied.code == "practice-2"


def test_a_chinese_title_gets_an_address_in_pinyin(course):
    page = LessonPage(title="接案与预估", minutes=10)
    LessonPage.objects.first().get_parent().add_child(instance=page)
    assert page.slug == "jie-an-yu-yu-gu"


def test_writing_the_same_outline_again_changes_nothing(course):
    revisions = ContentType.objects.count(), course.revisions.count(), LessonPage.objects.count()
    again = write_course(parent=make_index(), outline=outline(checks=1), actor=None)
    assert again == course
    assert again.versions.count() == 1
    assert (ContentType.objects.count(), again.revisions.count(), LessonPage.objects.count()) == revisions


def test_an_outline_that_changed_is_written_over_the_old_one(course):
    changed = outline(checks=1)
    changed["modules"][0]["lessons"][0]["title"] = "新标题"
    changed["modules"][0]["lessons"].insert(1, lesson("added"))
    del changed["modules"][1]["lessons"][0]
    version = write_course(parent=make_index(), outline=changed, actor=None).latest_version
    titles = [[item["title"] for item in section["items"]] for section in version.outline]
    assert version.number == 2
    assert titles[0] == ["新标题", "课时added", "课时m0-l1", "测验0"]
    assert titles[1] == ["课时m1-l1", "测验1"]


def test_papers_hold_their_limits(course):
    paper = PaperVersion.objects.order_by("-position").first()
    assert (paper.title, paper.pass_percent, paper.max_attempts, paper.minutes) == ("结业考试", 60, 3, 20)
    assert len(paper.questions) == 2


def test_a_quiz_may_stand_below_the_course_itself(course):
    assert QuizPage.can_create_at(course)
    assert not LessonPage.can_create_at(course)


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_two_editors_publishing_at_once_make_one_version(tree):
    course = make_course()
    page = LessonPage.objects.first()
    edit(page, title="改过")

    def publish(_):
        try:
            return publish_version(course=course, actor=None).number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(publish, range(4))) == [2, 2, 2, 2]
    assert course.versions.count() == 2


def test_how_long_a_certificate_is_valid_is_frozen_with_the_version(course):
    first = course.latest_version
    edit(course, certificate_years=3)
    second = publish_version(course=course, actor=None)
    assert (first.certificate_years, second.certificate_years) == (None, 3)
    assert second.number == first.number + 1
