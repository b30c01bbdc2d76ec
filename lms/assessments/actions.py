"""Sitting a quiz: start, save each answer, hand in. The clock is the server's."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.states import Refused, StaleState, move
from lms.assessments.models import Answer, Attempt
from lms.assessments.policy import Question, Start, can_answer, grade, is_over
from lms.assessments.queries import drawn_for, is_due, next_number, questions_of, standing_of
from lms.assessments.states import MOVES, AttemptState
from lms.cohorts.queries import titled
from lms.courses.versions import PaperVersion, paper_of, version_of
from lms.enrolments.actions import complete_if_done
from lms.enrolments.models import Enrolment
from lms.enrolments.states import LEARNING
from lms.questions.policy import NotEnough


class NotPossible(Refused):
    """The act cannot be done; the message says why in words for the person who tried."""


class TooLate(NotPossible):
    """The attempt is over: handed in, or its time has run out."""


@dataclass(frozen=True)
class Chosen:
    """What was chosen for one question, as the form says it."""

    question: str
    keys: tuple[str, ...]
    is_flagged: bool = False


@transaction.atomic
def start_attempt(*, enrolment: Enrolment, paper: PaperVersion) -> Attempt:
    """Begin an attempt, or go on with the open one (on whichever device). The deadline is fixed here.

    Raises NotPossible when the quiz is not open yet, was passed, or the attempts are used up.
    """
    enrolment = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    enrolment.version = version_of(enrolment.version_id)
    if enrolment.state not in LEARNING or paper.version_id != enrolment.version_id:
        raise NotPossible(_("This quiz does not belong to a course that you are learning."))
    standing = standing_of(enrolment, paper)
    if standing.open_attempt is not None and not is_due(standing.open_attempt):
        return standing.open_attempt
    if standing.open_attempt is not None:
        expire(attempt=standing.open_attempt)
        standing = standing_of(enrolment, paper)
    first = standing.first
    refuse_start(standing.start, titled(first.title, first.title_en) if first else None)
    seed = secrets.token_hex(16) if paper.bank_id else ""
    questions = _draw(paper, seed) if paper.bank_id else None
    now = timezone.now()
    return Attempt.objects.create(
        enrolment=enrolment,
        paper=paper,
        number=next_number(standing),
        started_at=now,
        deadline_at=now + timedelta(minutes=paper.minutes) if paper.minutes else None,
        total=paper.size,
        questions=questions,
        seed=seed,
    )


def _draw(paper: PaperVersion, seed: str) -> list[dict[str, Any]]:
    try:
        return drawn_for(paper, seed)
    except NotEnough as lack:
        raise NotPossible(
            _(
                "The question bank lacks questions for this quiz at the moment. Tell the organiser of your cohort."
            )
        ) from lack


def refuse_start(start: Start, first_title: str | None) -> None:
    """Raise NotPossible when a new attempt may not begin, saying why."""
    if start == Start.PASSED:
        raise NotPossible(_("You have passed this quiz. There is nothing more to do here."))
    if start == Start.USED_UP:
        raise NotPossible(_("You have used all attempts. Ask the organiser of your cohort what comes next."))
    if first_title:
        raise NotPossible(_("This quiz opens after “%(title)s”. Finish that first.") % {"title": first_title})


@transaction.atomic
def save_answers(*, attempt: Attempt, answers: Sequence[Chosen]) -> None:
    """Keep what was chosen; saving the same again changes nothing. Two statements, however many answers.

    The attempt's row is locked, so that nothing is saved behind a handing in. Raises TooLate when the attempt is
    over, and NotPossible for questions or choices that the paper does not have.
    """
    _save(Attempt.objects.select_for_update(of=("self",)).get(pk=attempt.pk), answers)


@transaction.atomic
def save_own_answer(*, asker: Asker, attempt_id: int, answer: Chosen) -> None:
    """Keep one answer of one's own attempt, as `save_answers` does; found and locked in one statement.

    Raises Attempt.DoesNotExist besides, for what is not the asker's own.
    """
    own = Attempt.objects.mine(asker).select_for_update(of=("self",))
    _save(own.get(pk=attempt_id), [answer])


def _save(row: Attempt, answers: Sequence[Chosen]) -> None:
    refuse_late(row)
    questions = {question.key: question for question in questions_of(row)}
    for answer in answers:
        _refuse_forged(questions.get(answer.question), answer)
    now = timezone.now()
    rows = [
        Answer(
            attempt_id=row.pk,
            question=each.question,
            chosen=list(each.keys),
            is_flagged=each.is_flagged,
            saved_at=now,
        )
        for each in answers
    ]
    Answer.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["attempt", "question"],
        update_fields=["chosen", "is_flagged", "saved_at"],
    )


def refuse_late(attempt: Attempt) -> None:
    """Raise TooLate when the attempt takes no more answers."""
    if attempt.state == AttemptState.SUBMITTED:
        raise TooLate(_("You have handed this attempt in. Answers can no longer be changed."))
    if attempt.state == AttemptState.EXPIRED or is_over(attempt.deadline_at, now=timezone.now()):
        raise TooLate(_("The time has run out. What you had answered until then counts."))


def _refuse_forged(question: Question | None, answer: Chosen) -> None:
    if question is None or not can_answer(question, answer.keys):
        raise NotPossible(_("This answer does not belong to the question. Reload the page and answer again."))


@transaction.atomic
def submit_attempt(*, attempt: Attempt) -> Attempt:
    """Hand the attempt in and mark it; handed in again it gives the same result. Late, what was saved in time counts.

    Side effects, in order: the marks and the state; an audit entry; when passed, `complete_if_done`.
    """
    locked = Attempt.objects.select_for_update(of=("self",)).select_related(
        "enrolment__cohort__organisation", "enrolment__person__user"
    )
    row = locked.get(pk=attempt.pk)
    if row.state != AttemptState.OPEN:
        return row
    row.paper = paper_of(row.paper_id)
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


def _finish(attempt: Attempt, state: AttemptState) -> Attempt:
    paper = attempt.paper
    answers: Mapping[str, list[str]] = dict(attempt.answers.values_list("question", "chosen"))
    result = grade(questions_of(attempt), answers, pass_percent=paper.pass_percent)
    right = [key for key, is_right in result.marks.items() if is_right]
    finished = attempt.deadline_at if state == AttemptState.EXPIRED else timezone.now()
    try:
        move(
            attempt,
            state,
            MOVES,
            finished_at=finished,
            right=result.right,
            total=result.total,
            percent=result.percent,
            passed=result.is_passed,
        )
    except StaleState:
        attempt.refresh_from_db()
        return attempt
    is_right = models.ExpressionWrapper(models.Q(question__in=right), output_field=models.BooleanField())
    attempt.answers.update(correct=is_right)
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
