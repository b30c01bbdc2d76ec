"""Gatherings that are recorded late: with a reason, approved or declined by an administrator who was not there, and asked
again when its time or somebody's minutes change."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.notices.actions import notify, settle
from core.organisations.queries import administrators_of
from core.states import move
from supervision.circles.actions.rows import GatheringRefused, locked_gathering
from supervision.circles.actions.telling import keep, moment, require, tell_of
from supervision.circles.models import Circle, Gathering, LateGathering
from supervision.circles.policy import Fault, GatheringFacts
from supervision.circles.states import LATE_MOVES, PartState
from supervision.pairings.actions import NotPossible
from supervision.sessions.policy import days_late
from supervision.sessions.queries import DAYS_TO_RECORD, logging_rule_at
from supervision.sessions.states import LateState
from supervision.supervisors.queries import dependence_among


def lateness(circle: Circle, facts: GatheringFacts, said_at: datetime.datetime) -> int:
    """How many days too late this is recorded, by the rule that was in force and entered by then; 0: in time. One query."""
    held_on, said_on = timezone.localtime(facts.starts_at).date(), timezone.localtime(said_at).date()
    rule = logging_rule_at(circle.organisation, said_on, known_at=said_at)
    return days_late(held_on, said_on, rule.days if rule else DAYS_TO_RECORD)


def require_reason(
    circle: Circle,
    facts: GatheringFacts,
    said_at: datetime.datetime,
    reason: str,
    gathering: Gathering | None = None,
) -> None:
    """Whoever records late says why; of a record that is late already, it was said. Raises GatheringRefused."""
    if reason.strip() or not lateness(circle, facts, said_at):
        return
    if gathering is None or not LateGathering.objects.filter(gathering=gathering).exists():
        raise GatheringRefused((Fault("late", "late_reason"),))


def seen_by_officer(gathering: Gathering) -> tuple[Any, ...]:
    """What an administrator approves of a late gathering: its time, and the minutes of everybody in it. One query."""
    parts = gathering.parts.live().order_by("person").values_list("person", "minutes")
    return (gathering.starts_at, gathering.ends_at, tuple(parts))


def keep_late(gathering: Gathering, reason: str = "", *, changed: bool = False) -> None:
    """Ask the administrators about a late record, and again when what they decided about is `changed`; a correction that
    makes it be in time after all needs nobody. Side effects: the row; notices."""
    assert gathering.logged_at is not None
    days = lateness(gathering.circle, gathering.facts, gathering.logged_at)
    row = LateGathering.objects.filter(gathering=gathering).first()
    now = timezone.now()
    if not days:
        LateGathering.objects.filter(gathering=gathering).delete()
        return
    if row is None:
        row = LateGathering.objects.create(
            gathering=gathering, days=days, reason=reason.strip(), asked_at=now
        )
    elif row.days != days or changed or (row.state == LateState.DECLINED and reason.strip()):
        _ask_again(row, days=days, reason=reason.strip() or row.reason)
    else:
        return
    _tell_late(row, gathering)


def require_approved(gathering: Gathering) -> None:
    """Raises NotPossible for a late record that nobody has approved as it is."""
    if LateGathering.objects.filter(gathering=gathering).exclude(state=LateState.APPROVED).exists():
        raise NotPossible(
            _("It was recorded late. You can confirm it once an administrator has approved that.")
        )


@transaction.atomic
def approve_late_gathering(*, late: LateGathering, actor: Asker, answer: str = "") -> LateGathering:
    """Let a late gathering count once those who took part confirm it. Raises NotPossible for one of them
    and for whom one of them let in, IllegalMove.

    Side effects: an audit entry, a notice to the leader and to each who is to confirm.
    """
    row = _decide(late, actor, LateState.APPROVED, answer)
    held = row.gathering
    after = {"days": row.days}
    keep("supervision.approve_late_gathering", held, held.circle, actor, after=after, reason=row.answer)
    title = gettext_noop("The late record of “%(circle)s” of %(day)s is approved")
    waiting = held.parts.filter(state=PartState.WAITING).select_related("person__user__person")
    for person in (held.leader, *(part.person for part in waiting)):
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
    keep("supervision.decline_late_gathering", held, held.circle, actor, after=after, reason=row.answer)
    title = gettext_noop("The late record of “%(circle)s” of %(day)s is declined")
    body = gettext_noop("Read why. You can give another reason, or take the record back.")
    tell_of(held, held.leader, f"late-declined:{moment()}", title, body)
    return row


@transaction.atomic
def explain_late_gathering(*, late: LateGathering, actor: Asker, reason: str) -> LateGathering:
    """Ask again for a declined late gathering, with another reason. Raises NotPossible and IllegalMove.

    Side effects: an audit entry, a notice to the administrators.
    """
    if not reason.strip():
        raise NotPossible(_("Write why the gathering was recorded late."))
    row = _locked(late)
    held = row.gathering
    require(held.leader, actor)
    if not held.is_logged:
        raise NotPossible(_("This record can no longer be changed. The page shows how it stands now."))
    _ask_again(row, reason=reason.strip())
    after = {"days": row.days}
    keep("supervision.explain_late_gathering", held, held.circle, actor, after=after, reason=row.reason)
    _tell_late(row, held)
    return row


def settle_late(gathering: Gathering) -> None:
    """No administrator is waited for any more: it was decided, or taken back before that."""
    waiting = LateGathering.objects.filter(gathering=gathering, state=LateState.WAITING).first()
    if waiting is not None:
        move(waiting, LateState.VOID, LATE_MOVES)
    for officer in administrators_of(gathering.circle.organisation):
        settle(user=officer, source=f"supervision.late_gathering:{gathering.pk}:")


def _ask_again(row: LateGathering, **values: Any) -> None:
    undone: dict[str, Any] = {"decided_by_id": None, "decided_at": None, "answer": ""}
    move(row, LateState.WAITING, LATE_MOVES, asked_at=timezone.now(), **undone, **values)


def _there(gathering: Gathering) -> set[int]:
    """The accounts of the leader and of everybody in the record."""
    return {gathering.leader.user_id, *gathering.parts.live().values_list("person__user", flat=True)}


def _decide(late: LateGathering, actor: Asker, state: str, answer: str) -> LateGathering:
    row = _locked(late)
    if actor.pk in _there(row.gathering):
        raise NotPossible(_("Nobody decides on the record of what they took part in."))
    held = row.gathering
    people = [held.leader, *(part.person for part in held.parts.live().select_related("person__user"))]
    if words := dependence_among(actor, [each.user for each in people], held.circle.organisation):
        raise NotPossible(words)
    values: dict[str, Any] = {
        "decided_by_id": actor.pk,
        "decided_at": timezone.now(),
        "answer": answer.strip(),
    }
    move(row, state, LATE_MOVES, **values)
    settle_late(row.gathering)
    return row


def _locked(late: LateGathering) -> LateGathering:
    held = locked_gathering(late.gathering_id)
    row = LateGathering.objects.select_for_update(of=("self",)).get(pk=late.pk)
    row.gathering = held
    return row


def _tell_late(row: LateGathering, gathering: Gathering) -> None:
    """Ask every administrator of the place who was not there; nothing of what was said is in it."""
    there = _there(gathering)
    for officer in administrators_of(gathering.circle.organisation):
        if officer.pk not in there:
            notify(
                user=officer,
                kind="supervision.late",
                title=gettext_noop("A gathering of %(day)s was recorded %(days)s days late"),
                body=gettext_noop("Read the reason, and approve or decline it."),
                url=reverse("late_gatherings:inspect", args=[gathering.pk]),
                source=f"supervision.late_gathering:{gathering.pk}:{row.asked_at:%Y%m%d%H%M%S%f}",
                day=gathering.held_on,
                days=row.days,
            )
