"""What comes after a mark: a correction, and another attempt."""

import importlib

import pytest
from django.apps import apps
from django.db import transaction
from django.urls import reverse

from core.models import AuditEntry, Notice
from core.states import StaleState
from lms.assignments import actions
from lms.assignments.queries import standing_of
from lms.models import Enrolment, ExtraAttempt, GivenMark, Submission
from tests.factories import make_cohort, make_enrolment, make_learned, make_submission
from tests.lms.assignments.test_actions import enrol, hand_in, mark, task_of


@pytest.fixture
def enrolment(tree, cast):
    return enrol(tree, cast)


@pytest.fixture
def failed(tree, cast):
    """The only attempt, not passed."""
    work = hand_in(enrol(tree, cast, resubmissions=0))
    return mark(work, cast.instructor, passes=False, score=40, comment="缺评估")


def correct(submission, actor, **facts):
    row = Submission.objects.select_related("assignment").get(pk=submission.pk)
    defaults = {"passes": True, "score": 90, "comment": "", "reason": "算错了分", "seen": row.marked_at}
    return actions.correct_mark(submission=row, actor=actor, **defaults | facts)


def grant(submission, actor, reason="住院"):
    row = Submission.objects.select_related("assignment").get(pk=submission.pk)
    return actions.grant_attempt(submission=row, actor=actor, reason=reason)


def test_a_corrected_mark_is_a_new_row_and_the_old_one_stays(enrolment, cast):
    work = mark(hand_in(enrolment), cast.instructor, score=70)
    correct(work, cast.administrator, score=95)
    rows = [(row.score, row.marked_by, row.reason) for row in GivenMark.objects.order_by("pk")]
    assert rows == [(70, cast.instructor, ""), (95, cast.administrator, "算错了分")]
    work.refresh_from_db()
    assert (work.state, work.score, work.marked_by) == ("passed", 95, cast.administrator)
    entry = AuditEntry.objects.get(action="lms.correct_mark")
    assert entry.data["before"] == {"state": "passed", "score": 70}
    assert entry.data["reason"] == "算错了分"
    assert Notice.objects.filter(user=cast.trainee, kind="lms.assignment_marked").count() == 2


def test_the_database_lets_nobody_change_a_mark_that_was_given(enrolment, cast):
    mark(hand_in(enrolment), cast.instructor)
    with pytest.raises(Exception, match="append"), transaction.atomic():
        GivenMark.objects.update(score=100)


def test_corrected_to_passed_it_completes_the_course(failed, cast):
    make_learned(failed.enrolment)
    correct(failed, cast.instructor)
    assert Enrolment.objects.get().state == "completed"


def test_what_completed_the_course_stays_passed_but_its_score_can_change(enrolment, cast):
    make_learned(enrolment)
    work = mark(hand_in(enrolment), cast.instructor)
    with pytest.raises(actions.NotPossible):
        correct(work, cast.instructor, passes=False, score=10, comment="抄的")
    assert correct(work, cast.instructor, score=61).score == 61


def test_passed_by_mistake_it_is_returned_and_can_be_revised(enrolment, cast):
    work = mark(hand_in(enrolment), cast.instructor)
    assert correct(work, cast.instructor, passes=False, score=30, comment="请补充").state == "returned"
    assert hand_in(enrolment, "第二稿").number == 2


def test_what_did_not_pass_and_does_not_pass_stays_as_it_was(failed, cast):
    row = correct(failed, cast.instructor, passes=False, score=50, comment="还差一点")
    assert (row.state, row.score) == ("failed", 50)


@pytest.mark.parametrize("facts", [{"reason": " "}, {"score": 10}, {"score": None}, {"passes": False}])
def test_a_correction_that_cannot_stand_is_refused(failed, cast, facts):
    with pytest.raises(actions.NotPossible):
        correct(failed, cast.instructor, **facts)
    assert GivenMark.objects.count() == 1


def test_a_mark_is_corrected_once_of_two_teachers_who_saw_the_same(failed, cast):
    seen = failed.marked_at
    correct(failed, cast.instructor, seen=seen)
    with pytest.raises(StaleState):
        correct(failed, cast.administrator, seen=seen)


def test_only_the_newest_attempt_is_corrected_and_never_ones_own(tree, enrolment, cast):
    first = mark(hand_in(enrolment), cast.instructor, passes=False, score=1, comment="请重写")
    hand_in(enrolment, "第二稿")
    with pytest.raises(actions.NotPossible):
        correct(first, cast.instructor)
    own = make_enrolment(make_cohort(tree["district"], enrolment.version), cast.instructor.person)
    with pytest.raises(actions.NotPossible):
        correct(make_submission(own, "failed"), cast.instructor)


def test_a_granted_attempt_is_one_more_and_is_used_once(failed, cast):
    enrolment = failed.enrolment
    assert grant(failed, cast.instructor)
    assert not grant(failed, cast.instructor)
    standing = standing_of(Enrolment.objects.get(), task_of(enrolment))
    assert (standing.turn, standing.left, standing.attempts) == ("write", 1, 2)
    again = mark(hand_in(enrolment, "补交"), cast.instructor, passes=False, score=1, comment="不行")
    assert again.state == "failed"
    with pytest.raises(actions.NotPossible):
        hand_in(enrolment, "又来")
    assert grant(again, cast.instructor)
    assert list(ExtraAttempt.objects.values_list("number", flat=True)) == [2, 3]
    assert AuditEntry.objects.filter(action="lms.grant_attempt").count() == 2
    assert Notice.objects.filter(user=cast.trainee, kind="lms.attempt_granted").count() == 2


def test_no_attempt_is_granted_while_one_is_left_or_the_work_has_passed(enrolment, cast):
    first = mark(hand_in(enrolment), cast.instructor, passes=False, score=1, comment="请重写")
    with pytest.raises(actions.NotPossible):
        grant(first, cast.instructor)
    passed = mark(hand_in(enrolment), cast.instructor)
    with pytest.raises(actions.NotPossible):
        grant(passed, cast.instructor)


def test_marks_from_before_there_were_rows_of_them_get_theirs(enrolment, cast):
    make_submission(enrolment, "returned", score=30)
    make_submission(enrolment, "passed", score=90)
    make_submission(make_enrolment(enrolment.cohort, cast.other_trainee.person))
    importlib.import_module("lms.migrations.0021_marks").keep_given(apps, None)
    assert sorted(GivenMark.objects.values_list("state", "score")) == [("passed", 90), ("returned", 30)]


def test_the_teacher_corrects_and_grants_from_the_page_of_the_work(client, failed, cast):
    client.force_login(cast.instructor)
    page = client.get(reverse("assignments:mark", args=[failed.pk]))
    correcting, granting = (reverse(f"assignments:{name}", args=[failed.pk]) for name in ("correct", "grant"))
    assert correcting in page.text and granting in page.text
    assert client.post(granting, {"reason": "住院"}).status_code == 302
    assert ExtraAttempt.objects.exists()
    form = client.get(correcting).context["form"]
    sent = {"score": "80", "comment": "", "verdict": "pass", "seen": form["seen"].value()}
    assert client.post(correcting, sent).context["form"].errors  # without a reason
    assert client.post(correcting, sent | {"reason": "看漏了附件"}).status_code == 302
    assert "看漏了附件" in client.get(reverse("assignments:mark", args=[failed.pk])).text
    client.force_login(cast.trainee)
    own = client.get(reverse("lms:assignment-detail", args=[failed.enrolment_id, failed.key]))
    assert "看漏了附件" in own.text


@pytest.mark.parametrize("part", ["auditor", "outsider"])
def test_nobody_else_corrects_or_grants(client, failed, cast, part):
    client.force_login(getattr(cast, part))
    for name in ("correct", "grant"):
        address = reverse(f"assignments:{name}", args=[failed.pk])
        assert client.get(address).status_code == client.post(address, {"reason": "x"}).status_code == 404
