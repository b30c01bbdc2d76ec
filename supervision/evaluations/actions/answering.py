"""One of the pair answers, and may answer again until the last day."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import settle
from core.people.models import Person
from core.states import move
from supervision.evaluations.actions.telling import asked, source, tell
from supervision.evaluations.models import (
    Evaluation,
    EvaluationAnswer,
)
from supervision.evaluations.states import MOVES, Direction, EvaluationState
from supervision.pairings.actions import NotPossible


@dataclass(frozen=True)
class Said:
    """What somebody answers: sentence → 1 to 5, code of a field → 1 to 5, number of a competency → 1 to 5, own words."""

    scores: Mapping[str, int]
    fields: Mapping[str, int] = field(default_factory=dict)
    competencies: Mapping[str, int] = field(default_factory=dict)
    text: str = ""
    may_share: bool = False


@transaction.atomic
def answer_evaluation(*, evaluation: Evaluation, actor: Asker, said: Said) -> EvaluationAnswer:
    """Answer once; until the window closes the same answer can be changed. Raises NotPossible.

    Side effects for the first answer: the state, the sealed row, an audit entry without a word of it; the notice that asked
    is settled; of an assessment the mentee is told.
    """
    row = Evaluation.objects.select_for_update(of=("self",)).with_people().get(pk=evaluation.pk)
    person = asked(row)
    if person.user_id != actor.pk:
        raise NotPossible(_("Somebody else is asked here."))
    now = timezone.now()
    if not row.is_taking(timezone.localdate(now)):
        raise NotPossible(_("The last day is over, so the answers stay as they are."))
    _check(row, said)
    kept = {
        "scores": dict(said.scores),
        "fields": dict(said.fields),
        "competencies": dict(said.competencies),
        "text": said.text.strip(),
        "may_share": said.may_share and row.direction == Direction.OF_SUPERVISOR,
        "changed_at": now,
    }
    answer = EvaluationAnswer.objects.filter(evaluation=row).first()
    if answer is not None:
        for name, value in kept.items():
            setattr(answer, name, value)
        answer.save()
        return answer
    old = move(row, EvaluationState.ANSWERED, MOVES)
    closes_at = timezone.make_aware(
        datetime.datetime.combine(row.closes_on + datetime.timedelta(days=1), datetime.time())
    )
    answer = EvaluationAnswer.objects.create(evaluation=row, answered_at=now, closes_at=closes_at, **kept)
    record(
        action="supervision.answer_evaluation",
        target=row,
        actor=actor,
        organisation=row.pairing.organisation,
        before={"state": old},
        after={"state": row.state},
    )
    _answered(row, person)
    return answer


def _check(row: Evaluation, said: Said) -> None:
    """Every question of the template has an answer from 1 to 5, and nothing else was asked."""
    levels = [*said.scores.values(), *said.fields.values(), *said.competencies.values()]
    if set(said.scores) != set(row.template.questions) or any(level not in range(1, 6) for level in levels):
        raise NotPossible(_("Answer every question."))


def _answered(row: Evaluation, person: Person) -> None:
    left = Evaluation.objects.mine(person.user).filter(
        pairing=row.pairing, occasion=row.occasion, state=EvaluationState.OPEN
    )
    if not left.exists():
        settle(user=person.user, source=source(row, ""))
    if row.direction == Direction.OF_MENTEE:
        tell(
            row.pairing.mentee,
            [row],
            "assessed",
            gettext_noop("%(supervisor)s has assessed how far you are"),
            gettext_noop("Read it, and see in the chart how your skills grow."),
        )
