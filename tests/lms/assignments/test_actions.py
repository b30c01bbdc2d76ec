from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.attachments.actions import keep_file
from core.models import AuditEntry, Notice
from core.states import StaleState
from lms.assignments import actions
from lms.assignments.queries import columns_of, passed_of, share_of, standing_of, waiting_items
from lms.enrolments.policy import Share
from lms.enrolments.queries import checklist_of
from lms.models import Enrolment, Submission, SubmissionFile
from tests.factories import make_cohort, make_enrolment, make_learned, make_submission, make_version

RULE = {"lessons": True, "quizzes": True, "assignments": True}


def enrol(tree, cast, *, rule=RULE, **task):
    version = make_version(assignments=1, rule=rule, task=task)
    return make_enrolment(make_cohort(tree["district"], version), cast.trainee.person)


@pytest.fixture
def enrolment(tree, cast):
    return enrol(tree, cast)


def task_of(enrolment):
    return enrolment.version.assignments.get()


def hand_in(enrolment, text="我的记录"):
    actor = enrolment.person.user
    draft = actions.save_draft(enrolment=enrolment, assignment=task_of(enrolment), actor=actor, text=text)
    return actions.submit_assignment(submission=draft, actor=actor)


def unmet(enrolment):
    return [each.ask for each in checklist_of(enrolment).conditions if not each.is_met]


def mark(submission, actor, **facts):
    defaults = {"passes": True, "score": 80, "comment": "写得清楚"}
    row = Submission.objects.select_related("assignment").get(pk=submission.pk)
    return actions.mark_submission(submission=row, actor=actor, **defaults | facts)


def test_saving_twice_keeps_one_draft_with_the_last_text(enrolment):
    for text in ("一", "二"):
        actions.save_draft(
            enrolment=enrolment, assignment=task_of(enrolment), actor=enrolment.person.user, text=text
        )
    assert [row.text for row in Submission.objects.all()] == ["二"]


def names_of(row):
    return [file.attachment.name for file in row.files.all()]


def pdf(name, body=b"1"):
    return SimpleUploadedFile(name, b"%PDF-" + body)


def test_files_are_kept_beside_one_another_and_taken_away_one_by_one(tree, cast):
    enrolment = enrol(tree, cast, hand_in="both")
    common = {"enrolment": enrolment, "assignment": task_of(enrolment), "actor": cast.trainee}
    row = actions.save_draft(**common, uploads=[pdf("a.pdf", b"1"), pdf("b.pdf", b"2")])
    assert names_of(row) == ["a.pdf", "b.pdf"]
    assert names_of(actions.save_draft(**common, text="字")) == ["a.pdf", "b.pdf"]
    first = row.files.first()
    row = actions.save_draft(**common, uploads=[pdf("c.pdf", b"3")], drops=[first.pk])
    assert sorted(names_of(row)) == ["b.pdf", "c.pdf"]
    assert len({file.attachment.sha256 for file in row.files.all()}) == 2


def test_the_same_bytes_are_kept_once_and_a_sixth_file_is_refused(tree, cast):
    enrolment = enrol(tree, cast, hand_in="file")
    common = {"enrolment": enrolment, "assignment": task_of(enrolment), "actor": cast.trainee}
    five = [pdf(f"{number}.pdf", str(number).encode()) for number in range(5)]
    row = actions.save_draft(**common, uploads=[*five, pdf("again.pdf", b"0")])
    assert len(names_of(row)) == 5
    with pytest.raises(actions.NotPossible):
        actions.save_draft(**common, uploads=[pdf("six.pdf", b"six")])
    assert row.files.count() == 5


def test_what_was_handed_in_gets_no_further_file(tree, cast):
    row = hand_in(enrol(tree, cast), "字")
    kept = keep_file(upload=pdf("late.pdf"), actor=cast.trainee)
    with pytest.raises(IntegrityError), transaction.atomic():
        SubmissionFile.objects.create(submission=row, attachment=kept, position=1)


def test_a_file_of_somebody_else_is_not_taken_away(tree, cast):
    enrolment = enrol(tree, cast, hand_in="both")
    other = make_submission(
        make_enrolment(enrolment.cohort, cast.other_trainee.person),
        "draft",
        files=[keep_file(upload=pdf("x.pdf"), actor=cast.other_trainee)],
    )
    common = {"enrolment": enrolment, "assignment": task_of(enrolment), "actor": cast.trainee}
    actions.save_draft(**common, drops=[other.files.get().pk])
    assert other.files.count() == 1


@pytest.mark.parametrize("kind", ["text", "file", "both"])
def test_an_unfinished_work_is_not_taken(tree, cast, kind):
    enrolment = enrol(tree, cast, hand_in=kind)
    text = "" if kind == "text" else "字"
    with pytest.raises(actions.NotPossible):
        hand_in(enrolment, text)
    assert Submission.objects.get().state == "draft"


def test_handed_in_twice_it_is_handed_in_once(enrolment):
    row = hand_in(enrolment)
    again = actions.submit_assignment(submission=row, actor=enrolment.person.user)
    assert (again.pk, again.state) == (row.pk, "submitted")
    assert AuditEntry.objects.filter(action="lms.submit_assignment").count() == 1


def test_what_lies_with_the_teacher_cannot_be_changed(enrolment):
    hand_in(enrolment)
    with pytest.raises(actions.NotPossible):
        hand_in(enrolment, "另一份")
    assert Submission.objects.get().text == "我的记录"


@pytest.mark.parametrize(("days", "late"), [(2, False), (4, True)])
def test_what_comes_after_the_last_day_is_taken_and_marked_as_late(tree, cast, days, late):
    enrolment = enrol(tree, cast, due_days=3)
    enrolment.cohort.starts_on = timezone.localdate()
    enrolment.cohort.save()
    with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
        assert hand_in(enrolment).is_late is late


def test_a_returned_work_is_revised_and_the_old_attempt_stays(enrolment, cast):
    mark(hand_in(enrolment, "第一稿"), cast.instructor, passes=False, score=None, comment="再具体些")
    hand_in(enrolment, "第二稿")
    rows = Submission.objects.order_by("number")
    assert [(row.number, row.state, row.text) for row in rows] == [
        (1, "returned", "第一稿"),
        (2, "submitted", "第二稿"),
    ]
    standing = standing_of(Enrolment.objects.get(pk=enrolment.pk), task_of(enrolment))
    assert (standing.turn, standing.left) == ("wait", 0)


def test_after_the_last_attempt_returned_means_not_passed_and_nothing_more_is_taken(tree, cast):
    enrolment = enrol(tree, cast, resubmissions=0)
    row = mark(hand_in(enrolment), cast.instructor, passes=False, score=20, comment="未完成")
    assert row.state == "failed"
    with pytest.raises(actions.NotPossible):
        hand_in(enrolment, "再来")


def test_passing_tells_the_trainee_and_completes_a_course_that_asked_for_it(enrolment, cast):
    make_learned(enrolment)
    assert unmet(enrolment) == ["assignments"]
    mark(hand_in(enrolment), cast.instructor)
    assert Enrolment.objects.get().state == "completed"
    kinds = set(Notice.objects.filter(user=cast.trainee).values_list("kind", flat=True))
    assert kinds >= {"lms.assignment_marked", "lms.enrolment_completed"}
    assert passed_of([enrolment.pk]) == {enrolment.pk: frozenset({str(task_of(enrolment).key)})}


def test_a_course_that_does_not_ask_for_it_is_complete_without(tree, cast):
    enrolment = make_learned(enrol(tree, cast, rule={"lessons": True, "quizzes": True}))
    assert checklist_of(enrolment).is_complete


def test_what_is_passed_stays_passed_in_a_newer_version(enrolment, cast):
    from lms.enrolments.actions import move_to_version

    mark(hand_in(enrolment), cast.instructor)
    newer = make_version(course=enrolment.version.course, assignments=1, rule=RULE)
    move_to_version(cohort=enrolment.cohort, version=newer, actor=cast.administrator)
    moved = Enrolment.objects.get()
    assert standing_of(moved, newer.assignments.get()).turn == "done"
    assert "assignments" not in unmet(moved)


def test_the_rule_counts_the_assignments_of_the_version(enrolment, cast, tree):
    without = make_enrolment(make_cohort(tree["district"], make_version()), cast.trainee.person)
    assert share_of([enrolment.pk, without.pk]) == {enrolment.pk: Share(0, 1), without.pk: Share(0, 0)}
    make_submission(enrolment, "passed")
    assert share_of([enrolment.pk])[enrolment.pk] == Share(1, 1)


def test_the_gradebook_shows_what_was_passed_before_all_else(enrolment, cast):
    make_submission(enrolment, "passed", score=90)
    make_submission(enrolment, "returned", score=30)
    (column,) = columns_of(enrolment.cohort, [enrolment.pk])
    assert (column.title, column.marks[enrolment.pk].score) == ("作业3", 90)


def test_the_second_teacher_changes_nothing(enrolment, cast):
    row = hand_in(enrolment)
    stale = Submission.objects.select_related("assignment").get(pk=row.pk)
    mark(row, cast.instructor)
    with pytest.raises(StaleState):
        actions.mark_submission(
            submission=stale, actor=cast.administrator, passes=False, score=1, comment="不行"
        )
    assert Submission.objects.get().score == 80
    assert AuditEntry.objects.filter(action="lms.mark_submission").count() == 1


def test_nobody_marks_their_own(tree, cast):
    version = make_version(assignments=1)
    own = make_enrolment(make_cohort(tree["district"], version), cast.instructor.person)
    with pytest.raises(actions.NotPossible):
        mark(make_submission(own), cast.instructor)


def test_who_left_the_cohort_is_not_marked_and_waits_for_nobody(enrolment, cast):
    row = hand_in(enrolment)
    Enrolment.objects.filter(pk=enrolment.pk).update(state="withdrawn")
    with pytest.raises(actions.NotPossible):
        mark(row, cast.instructor)
    assert waiting_items([enrolment.cohort_id]) == []


def test_what_waits_is_listed_longest_first(tree, cast, enrolment, django_assert_num_queries):
    second = make_enrolment(enrolment.cohort, cast.other_trainee.person)
    make_submission(enrolment, submitted_at=timezone.now() - timedelta(days=1))
    make_submission(second, submitted_at=timezone.now() - timedelta(days=2))
    empty = make_cohort(tree["district"], enrolment.version)
    with django_assert_num_queries(1):
        items = waiting_items([enrolment.cohort_id, empty.pk])
    assert [item.person for item in items] == [second.person.name, enrolment.person.name]
