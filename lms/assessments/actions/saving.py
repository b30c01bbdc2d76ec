"""Keeping answers while a sitting runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from lms.assessments.actions.refusals import NotPossible, refuse_elsewhere, refuse_late
from lms.assessments.models import Answer, Attempt
from lms.assessments.queries import questions_of
from lms.courses.versions import paper_of
from lms.questions.policy import Impossible, Question, TooLong, Twice, said


@dataclass(frozen=True)
class Chosen:
    """What was said to one question, as the form says it (lms.questions.policy.said)."""

    question: str
    said: Any
    is_flagged: bool = False


Reader = Callable[[Question], Chosen]


@transaction.atomic
def save_answers(*, attempt: Attempt, answers: Sequence[Chosen], device: str | None = None) -> dict[str, str]:
    """Keep what was answered; saving the same again changes nothing. Two statements, however many answers;
    three where the time of each counts.

    The attempt's row is locked, so that nothing is saved behind a handing in. Returns, by question, why an answer could not
    be kept as it is (too long, say); the others are. Raises TooLate when the attempt is over, Elsewhere when another
    device has it, and NotPossible for questions or answers that the paper does not have.
    """
    row = Attempt.objects.select_for_update(of=("self",)).get(pk=attempt.pk)
    asked = {each.key: each for each in questions_of(row, {answer.question for answer in answers})}
    kept = _answered(row, asked) if paper_of(row.paper_id).watches else {}
    return _save(row, asked, answers, device, kept)


@transaction.atomic
def save_own_answer(
    *, asker: Asker, attempt_id: int, question: str, read: Reader, device: str | None = None
) -> dict[str, str]:
    """Keep one answer of one's own attempt, as `save_answers` does; found and locked in one statement. `read` says what was
    said to the question.

    Raises Attempt.DoesNotExist besides, for what is not the asker's own.
    """
    row = Attempt.objects.mine(asker).select_for_update(of=("self",)).get(pk=attempt_id)
    asked = {each.key: each for each in questions_of(row, {question})}
    return _save(row, asked, [read(each) for each in asked.values()] or [Chosen(question, None)], device, {})


def _answered(row: Attempt, asked: Mapping[str, Question]) -> dict[str, Answer]:
    """What is kept already: what did not change keeps its time."""
    return {each.question: each for each in row.answers.filter(question__in=list(asked))}


def _save(
    row: Attempt,
    asked: Mapping[str, Question],
    answers: Sequence[Chosen],
    device: str | None,
    kept: Mapping[str, Answer],
) -> dict[str, str]:
    refuse_late(row)
    refuse_elsewhere(row, device)
    now, rows, faults = timezone.now(), [], {}
    for each in answers:
        try:
            new = _kept(asked.get(each.question), each.said)
        except NotPossible as refused:
            if not refused.__cause__:
                raise
            faults[each.question] = str(refused)
            continue
        old = kept.get(each.question)
        if old is None or (old.chosen, old.is_flagged) != (new, each.is_flagged):
            rows.append(
                Answer(
                    attempt_id=row.pk,
                    question=each.question,
                    chosen=new,
                    is_flagged=each.is_flagged,
                    saved_at=now,
                )
            )
    Answer.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["attempt", "question"],
        update_fields=["chosen", "is_flagged", "saved_at"],
    )
    return faults


def _kept(question: Question | None, raw: Any) -> Any:
    """What is kept of it. What the person can mend is refused with its cause; what no form of ours sends, without one."""
    if question is not None:
        try:
            return said(question, raw)
        except TooLong as long:
            raise NotPossible(
                _("This answer is too long. Shorten it to %(most)s characters.") % {"most": long.most}
            ) from long
        except Twice as twice:
            raise NotPossible(_("Two of these have the same place. Give each a place of its own.")) from twice
        except Impossible:
            pass
    raise NotPossible(_("This answer does not belong to the question. Reload the page and answer again."))
