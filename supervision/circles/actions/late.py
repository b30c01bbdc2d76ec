"""Gatherings that are recorded late: approved or declined by an administrator who was not there, and explained again."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.states import IllegalMove, move
from supervision.circles.actions.lateness import newest_of, people_there, settle_asking, tell_late
from supervision.circles.actions.rows import locked_gathering
from supervision.circles.actions.telling import audit, moment, require, tell_of
from supervision.circles.models import LateGathering
from supervision.circles.states import LATE_MOVES, AnswerState, PartState
from supervision.pairings.actions import NotPossible
from supervision.sessions.states import AmendmentState, LateState
from supervision.supervisors.queries import dependence_among

# What stays the same when it is asked again with another reason.
KEPT = ("amendment", "starts_at", "ends_at", "came", "said_at", "days", "allowed", "rule")


@transaction.atomic
def approve_late_gathering(*, late: LateGathering, actor: Asker, answer: str = "") -> LateGathering:
    """Let this very time and these very minutes count once those who took part confirm them, or a correction once they
    accept it. Raises NotPossible for one of them and for whom one of them let in, IllegalMove.

    Side effects: an audit entry, a notice to the leader and to each who is to answer.
    """
    row = _decide(late, actor, LateState.APPROVED, answer)
    held = row.gathering
    after = {"days": row.days}
    audit("supervision.approve_late_gathering", held, held.circle, actor, after=after, reason=row.answer)
    title = gettext_noop("The late record of “%(circle)s” of %(day)s is approved")
    for person in (held.leader, *_waiting(row)):
        tell_of(held, person, f"late-approved:{moment()}", title)
    return row


@transaction.atomic
def decline_late_gathering(*, late: LateGathering, actor: Asker, answer: str) -> LateGathering:
    """Say that a late gathering does not count as it is, with a reason. Raises as approve_late_gathering does.

    Side effects: an audit entry, a notice to the leader.
    """
    if not answer.strip():
        raise NotPossible(_("Write why it is declined: whoever led it will read it."))
    row = _decide(late, actor, LateState.DECLINED, answer)
    held = row.gathering
    after = {"days": row.days}
    audit("supervision.decline_late_gathering", held, held.circle, actor, after=after, reason=row.answer)
    title = gettext_noop("The late record of “%(circle)s” of %(day)s is declined")
    body = gettext_noop("Read why. You can give another reason, or take the record back.")
    tell_of(held, held.leader, f"late-declined:{moment()}", title, body)
    return row


@transaction.atomic
def explain_late_gathering(*, late: LateGathering, actor: Asker, reason: str) -> LateGathering:
    """Ask again for a declined late gathering, with another reason; the answer before stays. Raises NotPossible, and
    IllegalMove when it is not declined or was asked again already.

    Side effects: a row of its own, an audit entry, a notice to the administrators.
    """
    if not reason.strip():
        raise NotPossible(_("Write why the gathering was recorded late."))
    row = _locked(late)
    held = row.gathering
    require(held.leader, actor)
    waits = row.amendment if row.amendment and row.amendment.state != AmendmentState.ACCEPTED else None
    if not held.is_logged or (waits and not waits.is_open):
        raise NotPossible(_("This record can no longer be changed. The page shows how it stands now."))
    if not row.is_declined or newest_of(held, waits) != row:
        raise IllegalMove(row, row.state, LateState.WAITING)
    kept = {name: getattr(row, name) for name in KEPT}
    again = LateGathering.objects.create(
        gathering=held, reason=reason.strip(), asked_at=timezone.now(), **kept
    )
    after = {"days": row.days}
    audit("supervision.explain_late_gathering", held, held.circle, actor, after=after, reason=again.reason)
    tell_late(again, held)
    return again


def _waiting(row: LateGathering) -> list[Any]:
    """Who has to answer what was approved."""
    held = row.gathering
    waiting = held.parts.filter(state=PartState.WAITING).select_related("person__user__person")
    if row.amendment is not None:
        answers = row.amendment.answers.filter(state=AnswerState.WAITING)
        return [each.part.person for each in answers.select_related("part__person__user__person")]
    return [part.person for part in waiting]


def _decide(late: LateGathering, actor: Asker, state: str, answer: str) -> LateGathering:
    row = _locked(late)
    there = people_there(row.gathering)
    if actor.pk in {user.pk for user in there}:
        raise NotPossible(_("Nobody decides on the record of what they took part in."))
    if words := dependence_among(actor, there, row.gathering.circle.organisation):
        raise NotPossible(words)
    values: dict[str, Any] = {
        "decided_by_id": actor.pk,
        "decided_at": timezone.now(),
        "answer": answer.strip(),
    }
    move(row, state, LATE_MOVES, **values)
    settle_asking(row)
    return row


def _locked(late: LateGathering) -> LateGathering:
    held = locked_gathering(late.gathering_id)
    rows = LateGathering.objects.select_for_update(of=("self",)).select_related("amendment")
    row = rows.get(pk=late.pk)
    row.gathering = held
    return row
