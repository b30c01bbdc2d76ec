from contextlib import suppress
from datetime import timedelta

import pytest
from django.utils import timezone

from core.models import AuditEntry, Notice
from core.states import IllegalMove
from lms.assignments import actions
from lms.models import Enrolment, ExtraAttempt, GivenMark, PeerReview, PeerRound, Submission
from tests.factories import (
    give_role,
    make_cohort,
    make_enrolment,
    make_organisation,
    make_peer_review,
    make_submission,
    make_user,
    make_version,
)
from tests.lms.enrolments.test_concurrency import at_once

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def enrolment():
    cohort = make_cohort(make_organisation("示例机构"), make_version(assignments=1))
    return make_enrolment(cohort, make_user().person)


def test_many_savings_at_once_keep_one_draft(enrolment):
    task = enrolment.version.assignments.get()

    def save(number):
        row = Enrolment.objects.get(pk=enrolment.pk)
        actions.save_draft(enrolment=row, assignment=task, actor=enrolment.person.user, text=str(number))

    at_once(save, range(12))
    assert Submission.objects.count() == 1


def test_two_clicks_hand_in_once(enrolment):
    draft = make_submission(enrolment, "draft")

    def send(_):
        row = Submission.objects.select_related("enrolment", "assignment").get(pk=draft.pk)
        return actions.submit_assignment(submission=row, actor=enrolment.person.user).state

    assert set(at_once(send, range(12))) == {"submitted"}
    assert AuditEntry.objects.filter(action="lms.submit_assignment").count() == 1


def test_of_many_teachers_at_once_one_marks(enrolment):
    work = make_submission(enrolment)
    teachers = [make_user(f"老师{number}") for number in range(6)]
    for teacher in teachers:
        give_role(teacher, "instructor", enrolment.cohort.organisation)
    rows = [Submission.objects.select_related("assignment").get(pk=work.pk) for _ in teachers]

    def mark(pair):
        row, teacher = pair
        try:
            actions.mark_submission(
                submission=row, actor=teacher, passes=True, score=60 + teacher.pk % 40, comment=""
            )
            return teacher.pk
        except IllegalMove:
            return None

    done = [pk for pk in at_once(mark, list(zip(rows, teachers, strict=True))) if pk]
    assert len(done) == 1
    assert Submission.objects.get().marked_by_id == done[0]
    assert Notice.objects.filter(kind="lms.assignment_marked").count() == 1


def test_of_many_teachers_who_saw_the_same_mark_one_corrects_it(enrolment):
    work = make_submission(enrolment, "returned")
    teachers = [make_user(f"老师{number}") for number in range(6)]
    rows = [Submission.objects.select_related("assignment").get(pk=work.pk) for _ in teachers]

    def correct(pair):
        row, teacher = pair
        facts = {"passes": True, "score": 90, "comment": "", "reason": "算错了", "seen": work.marked_at}
        try:
            actions.correct_mark(submission=row, actor=teacher, **facts)
            return teacher.pk
        except IllegalMove:
            return None

    done = [pk for pk in at_once(correct, list(zip(rows, teachers, strict=True))) if pk]
    assert len(done) == GivenMark.objects.count() == 1
    assert Submission.objects.get().marked_by_id == done[0]


def test_many_clicks_grant_one_attempt(enrolment):
    work = make_submission(enrolment, "failed")
    teacher = make_user("老师")

    def grant(_):
        row = Submission.objects.select_related("assignment").get(pk=work.pk)
        return actions.grant_attempt(submission=row, actor=teacher, reason="住院")

    assert sum(at_once(grant, range(8))) == ExtraAttempt.objects.count() == 1
    assert Notice.objects.filter(kind="lms.attempt_granted").count() == 1


def test_opened_by_many_at_once_the_work_is_shared_out_once():
    begins = timezone.localdate() - timedelta(days=20)
    version = make_version(assignments=1, task={"due_days": 7, "peer_reviews": 2})
    cohort = make_cohort(make_organisation("示例机构"), version, starts_on=begins)
    for number in range(4):
        make_submission(make_enrolment(cohort, make_user(f"学员{number}").person))
    task = version.assignments.get()
    at_once(lambda _number: actions.open_peer_round(cohort=cohort, assignment=task, actor=None), range(6))
    assert PeerRound.objects.count() == 1
    assert PeerReview.objects.count() == 8


def test_sent_by_two_clicks_a_review_stands_once():
    cohort = make_cohort(make_organisation("示例机构"), make_version(assignments=1))
    first, second = (make_enrolment(cohort, make_user(name).person) for name in ("甲甲", "乙乙"))
    review = make_peer_review(first, make_submission(second))
    words = {"picks": {}, "score": 80, "comment": "事实写得清楚，判断可以再补充一点依据。"}

    def send(_number):
        with suppress(actions.NotPossible):
            actions.submit_peer_review(review=review, actor=first.person.user, **words)

    at_once(send, range(6))
    assert AuditEntry.objects.filter(action="lms.submit_peer_review").count() == 1
    assert Notice.objects.filter(kind="lms.peer_reviews_here").count() == 1
