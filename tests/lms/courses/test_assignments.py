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
