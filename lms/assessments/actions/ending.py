"""Handing a sitting in, marking it, and marking it anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.audit.actions import record
from core.states import StaleState, move
from lms.assessments.models import Answer, Attempt
from lms.assessments.policy import Grade, grade, is_over
from lms.assessments.queries import is_due, questions_of, rows_of
from lms.assessments.states import MOVES, AttemptState
from lms.corrections.queries import corrections_of
from lms.courses.versions import paper_of
from lms.enrolments.actions import complete_if_done
from lms.questions.policy import Rules


def _locked(attempt: Attempt) -> Attempt:
    locked = Attempt.objects.select_for_update(of=("self",)).select_related(
        "enrolment__cohort__organisation", "enrolment__person__user"
    )
    row = locked.get(pk=attempt.pk)
    row.paper = paper_of(row.paper_id)
    return row


@transaction.atomic
def submit_attempt(*, attempt: Attempt) -> Attempt:
    """Hand the attempt in and mark it; handed in again it gives the same result. Late, what was saved in time counts.

    Side effects, in order: the marks and the state; an audit entry; when passed, `complete_if_done`. Where somebody has to
    read an answer, there is no result yet (`Attempt.waits`).
    """
    row = _locked(attempt)
    if row.state != AttemptState.OPEN:
        return row
    late = is_over(row.deadline_at, now=timezone.now())
    return _finish(row, AttemptState.EXPIRED if late else AttemptState.SUBMITTED)


@transaction.atomic
def expire(*, attempt: Attempt) -> Attempt:
    """Close an attempt whose time has run out, marking what was saved in time. Others are left as they are."""
    return submit_attempt(attempt=attempt) if is_due(attempt) else attempt


def expire_due() -> int:
    """Close every open attempt whose time has run out; returns how many. For the reconciler."""
    due = Attempt.objects.filter(state=AttemptState.OPEN, deadline_at__lte=timezone.now())
    attempts = list(due)
    for attempt in attempts:
        submit_attempt(attempt=attempt)
    return len(attempts)


@transaction.atomic
def settle(*, attempt: Attempt, corrected: Mapping[str, Any] | None = None) -> Attempt:
    """Mark an attempt that was handed in anew, from its answers: somebody has read one, or a key was corrected.

    `corrected`: questions as they are to be marked now, by key, in the shape of a paper's questions; the attempt keeps
    what it asked. Points that somebody gave by reading stay, and so does a pass: the score alone falls. Says nothing to the audit: whoever calls says why. Side effect
    when it is passed: `complete_if_done`; what was completed once stays so.
    """
    row = _locked(attempt)
    if row.state == AttemptState.OPEN:
        return row
    answers = list(row.answers.all())
    result = _graded(row, answers, corrected or {})
    facts = _facts(row, result)
    facts["passed"] = facts["passed"] if facts["passed"] is None else facts["passed"] or bool(row.passed)
    for name, value in facts.items():
        setattr(row, name, value)
    row.save(update_fields=list(facts))
    _keep(answers, result)
    if result.is_passed:
        complete_if_done(enrolment=row.enrolment)
    return row


def _graded(attempt: Attempt, answers: list[Answer], corrected: Mapping[str, Any]) -> Grade:
    standing = corrections_of(attempt.paper_id)  # also of keys that were corrected before this attempt
    instead = {**standing.rows(rows_of(attempt)), **corrected}
    asked = [each for each in questions_of(attempt, corrected=instead) if each.key not in standing.out]
    return grade(
        asked,
        {row.question: row.chosen for row in answers},
        pass_percent=attempt.paper.pass_percent,
        rules=Rules.from_data(attempt.paper.rules),
        given={
            **{row.question: row.points for row in answers if row.is_read and row.points is not None},
            **{each.key: each.points for each in asked if each.key in standing.full},
        },
    )


def _facts(attempt: Attempt, result: Grade) -> dict[str, Any]:
    has_result = result.percent is not None
    return {
        "right": result.right,
        "total": result.total,
        "points": result.points,
        "most": result.most,
        "percent": result.percent,
        "passed": result.is_passed,
        "marked_at": (attempt.marked_at or timezone.now()) if has_result else None,
    }


def _keep(answers: list[Answer], result: Grade) -> None:
    """Write what each answer is worth, where that is new; one statement. `correct` is None as long as somebody has to read it."""
    changed = []
    for row in answers:
        before = (row.points, row.correct)
        each = result.marks.get(row.question)
        row.points = result.reached.get(row.question) if each is not None else row.points
        row.correct = None if row.points is None else row.question in result.full
        if (row.points, row.correct) != before:
            changed.append(row)
    Answer.objects.bulk_update(changed, ["points", "correct"])


def _finish(attempt: Attempt, state: AttemptState) -> Attempt:
    answers = list(attempt.answers.all())
    result = _graded(attempt, answers, {})
    finished = attempt.deadline_at if state == AttemptState.EXPIRED else timezone.now()
    try:
        move(attempt, state, MOVES, finished_at=finished, **_facts(attempt, result))
    except StaleState:
        attempt.refresh_from_db()
        return attempt
    _keep(answers, result)
    after = {"state": state, "percent": result.percent, "passed": result.is_passed}
    enrolment = attempt.enrolment
    record(
        action="lms.submit_attempt",
        target=attempt,
        actor=None if state == AttemptState.EXPIRED else enrolment.person.user,
        organisation=enrolment.cohort.organisation,
        after=after,
    )
    if result.is_passed:
        complete_if_done(enrolment=enrolment)
    return attempt
