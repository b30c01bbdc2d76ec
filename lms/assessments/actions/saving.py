"""Keeping answers while a sitting runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from lms.assessments.actions.refusals import NotPossible, refuse_late
from lms.assessments.models import Answer, Attempt
from lms.assessments.queries import questions_of
from lms.questions.policy import Impossible, Question, TooLong, said


@dataclass(frozen=True)
class Chosen:
    """What was said to one question, as the form says it (lms.questions.policy.said)."""

    question: str
    said: Any
    is_flagged: bool = False


@transaction.atomic
def save_answers(*, attempt: Attempt, answers: Sequence[Chosen]) -> None:
    """Keep what was answered; saving the same again changes nothing. Two statements, however many answers.

    The attempt's row is locked, so that nothing is saved behind a handing in. Raises TooLate when the attempt is
    over, and NotPossible for questions or answers that the paper does not have.
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
    asked = {each.key: each for each in questions_of(row, {answer.question for answer in answers})}
    now = timezone.now()
    rows = [
        Answer(
            attempt_id=row.pk,
            question=each.question,
            chosen=_kept(asked.get(each.question), each.said),
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


def _kept(question: Question | None, raw: Any) -> Any:
    if question is not None:
        try:
            return said(question, raw)
        except TooLong as long:
            raise NotPossible(
                _("This answer is too long. Shorten it to %(most)s characters.") % {"most": long.most}
            ) from long
        except Impossible:
            pass
    raise NotPossible(_("This answer does not belong to the question. Reload the page and answer again."))
