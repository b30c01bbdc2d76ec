import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from lms.courses.actions import publish_version, write_course
from lms.courses.queries import content_of, unreleased_changes
from lms.learning.queries import may_read
from lms.models import AssignmentMedia, AssignmentPage, AssignmentVersion, CoursePage
from tests.factories import make_cohort, make_enrolment
from tests.lms.outlines import make_index, outline

TASK = {
    "title": "接案记录",
    "hand_in": "both",
    "due_days": 14,
    "body": [{"type": "paragraph", "text": "写一份**去识别化**的接案记录"}],
}


@pytest.fixture
def course(tree):
    plan = outline()
    plan["modules"][0]["assignment"] = TASK
    return write_course(parent=make_index(), outline=plan, actor=None)


def test_publishing_freezes_the_assignment_into_the_version(course):
    version = course.versions.get()
    row = version.assignments.get()
    assert (row.title, row.hand_in, row.due_days, row.attempts) == ("接案记录", "both", 14, 2)
    assert "<b>去识别化</b>" in row.html
    item = version.outline[0]["items"][-1]
    assert (item["kind"], item["key"], item["minutes"]) == ("assignment", str(row.key), None)
    assert "assignments" not in version.rule


def test_a_course_without_assignments_says_nothing_of_them(tree):
    """So that its fingerprint stays what it was, and publishing it again makes no version."""
    course = write_course(parent=make_index(), outline=outline(), actor=None)
    content = content_of(course)
    assert "assignments" not in content
    assert "assignments" not in content["rule"]
    assert not unreleased_changes(course)


def test_publishing_the_same_twice_makes_one_version_and_a_change_another(course):
    assert publish_version(course=course, actor=None).number == 1
    page = AssignmentPage.objects.get()
    page.pass_score = 80
    page.save_revision().publish()
    assert unreleased_changes(course).changed == 1
    assert publish_version(course=course, actor=None).number == 2
    assert [row.pass_score for row in AssignmentVersion.objects.order_by("version_id")] == [60, 80]


RUBRIC = [
    {"title": "事实", "levels": [{"points": 60, "title": "完整"}, {"points": 0, "title": "没有"}]},
    {
        "title": "判断",
        "levels": [{"points": 40, "title": "充分", "words": "有理由"}, {"points": 20, "title": "一般"}],
    },
]


def test_the_rubric_and_the_late_rule_are_frozen_and_kept_through_edits(tree):
    plan = outline()
    plan["modules"][0]["assignment"] = TASK | {"rubric": RUBRIC, "late_days": 3, "late_percent": 10}
    course = write_course(parent=make_index(), outline=plan, actor=None)
    row = AssignmentVersion.objects.get()
    assert (row.late_days, row.late_percent, row.late_floor) == (3, 10, 0)
    assert [[level["points"] for level in each["levels"]] for each in row.rubric] == [[60, 0], [40, 20]]
    assert row.rubric[1]["levels"][0]["words"] == "有理由"
    assert not unreleased_changes(course)
    keys = [each["key"] for each in row.rubric]
    page = AssignmentPage.objects.get()
    page.title = "另一个名字"
    page.save_revision().publish()
    newer = publish_version(course=course, actor=None).assignments.get()
    assert [each["key"] for each in newer.rubric] == keys
    page.full_clean()


def test_an_assignment_without_them_says_nothing_of_them(course):
    """So that its fingerprint stays what it was, and publishing it again makes no version."""
    assert "rubric" not in content_of(course)["assignments"][0]
    assert "late_days" not in content_of(course)["assignments"][0]
    assert not unreleased_changes(course)


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"max_score": 90}, "rubric"), ({"due_days": None}, "due_days")],
)
def test_a_rubric_makes_the_highest_score_and_a_late_rule_needs_a_day(tree, changes, field):
    plan = outline()
    plan["modules"][0]["assignment"] = TASK | {"rubric": RUBRIC, "late_days": 3}
    write_course(parent=make_index(), outline=plan, actor=None)
    page = AssignmentPage.objects.get()
    for name, value in changes.items():
        setattr(page, name, value)
    with pytest.raises(ValidationError) as refused:
        page.full_clean()
    assert field in refused.value.message_dict


def test_asking_for_assignments_changes_the_rule_of_the_next_version(course):
    CoursePage.objects.filter(pk=course.pk).update(require_assignments=True)
    assert publish_version(course=course, actor=None).rule["assignments"] is True


@pytest.mark.parametrize("change", [{"title": "改"}, {"html": ""}, {"pass_score": 1}])
def test_a_published_assignment_never_changes(course, change):
    with pytest.raises(DatabaseError), transaction.atomic():
        AssignmentVersion.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        AssignmentVersion.objects.all().delete()


def test_nobody_can_be_asked_for_more_than_there_is(course):
    page = AssignmentPage.objects.get()
    page.max_score, page.pass_score = 50, 60
    with pytest.raises(ValidationError):
        page.full_clean()


def test_a_document_of_an_assignment_is_for_the_enrolled(course, tree, cast):
    from django.core.files.base import ContentFile
    from wagtail.documents.models import Document

    document = Document.objects.create(title="表", file=ContentFile(b"x", name="form.txt"))
    assert may_read(document, cast.trainee)
    version = course.versions.get()
    AssignmentMedia.objects.create(assignment=version.assignments.get(), document=document)
    assert not may_read(document, cast.trainee)
    make_enrolment(make_cohort(tree["district"], version), cast.trainee.person)
    assert may_read(document, cast.trainee)
