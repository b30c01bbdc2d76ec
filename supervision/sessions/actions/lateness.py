"""Whether a session was recorded late: then with a reason, and an administrator is asked."""

from __future__ import annotations

import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from core.notices.actions import notify
from core.organisations.queries import administrators_of
from core.states import move
from supervision.pairings.models import Pairing
from supervision.sessions.actions.checking import SessionRefused
from supervision.sessions.models import LateRecord, Session
from supervision.sessions.policy import Problem, SessionFacts, days_late
from supervision.sessions.queries import days_to_record
from supervision.sessions.states import LATE_MOVES, LateState


def lateness(pairing: Pairing, facts: SessionFacts, logged_on: datetime.date) -> int:
    held_on = timezone.localtime(facts.starts_at).date()
    return days_late(held_on, logged_on, days_to_record(pairing, logged_on)[0])


def require_reason(
    pairing: Pairing,
    facts: SessionFacts,
    logged_on: datetime.date,
    reason: str,
    session: Session | None = None,
) -> None:
    """Whoever records late says why; of a record that is late already, it was said."""
    if reason.strip() or not lateness(pairing, facts, logged_on):
        return
    if session is None or not LateRecord.objects.filter(session=session).exists():
        raise SessionRefused((Problem("late", "late_reason"),))


def keep_late(session: Session, reason: str) -> None:
    """Ask the administrators about a late record; a correction that makes it other than they saw asks them again, and one
    that makes it be in time after all needs nobody."""
    days = lateness(session.pairing, session.facts, timezone.localdate(session.logged_at))
    row = LateRecord.objects.filter(session=session).first()
    now = timezone.now()
    if not days:
        LateRecord.objects.filter(session=session).delete()
        return
    if row is None:
        row = LateRecord.objects.create(session=session, days=days, reason=reason.strip(), asked_at=now)
    elif row.days != days or (row.state == LateState.DECLINED and reason.strip()):
        values: dict[str, Any] = {"days": days, "reason": reason.strip() or row.reason, "asked_at": now}
        values |= {"decided_by_id": None, "decided_at": None, "answer": ""}
        move(row, LateState.WAITING, LATE_MOVES, **values)
    else:
        return
    tell_late(row, session)


def tell_late(row: LateRecord, session: Session) -> None:
    """Ask every administrator of the place but the two themselves; nothing of what was said is in it."""
    two = {session.pairing.supervisor.person.user_id, session.pairing.mentee.user_id}
    for officer in administrators_of(session.pairing.organisation):
        if officer.pk not in two:
            notify(
                user=officer,
                kind="supervision.late",
                title=gettext_noop("A session of %(day)s was recorded %(days)s days late"),
                body=gettext_noop("Read the reason, and approve or decline it."),
                url=reverse("late_records:inspect", args=[session.pk]),
                source=f"supervision.late:{session.pk}:{row.asked_at:%Y%m%d%H%M%S}",
                day=session.held_on,
                days=row.days,
            )
