"""Whether the times of a session were said late: then with a reason, and an administrator is asked about these very times."""

from __future__ import annotations

import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from core.notices.actions import notify, settle
from core.organisations.queries import administrators_over
from core.people.queries import deciders_at
from core.states import move
from supervision.sessions.actions.checking import SessionRefused
from supervision.sessions.models import LateRecord, Session, SessionAmendment
from supervision.sessions.policy import Problem, SessionFacts, reaches_beyond
from supervision.sessions.queries import HowLate, how_late
from supervision.sessions.states import LATE_MOVES, LateState


def newest_of(session: Session, amendment: SessionAmendment | None = None) -> LateRecord | None:
    """The newest asking about a record, or about a correction of it."""
    rows = LateRecord.objects.filter(session=session, amendment=amendment)
    return rows.order_by("-pk").first()


def said_at_of(session: Session, facts: SessionFacts) -> datetime.datetime:
    """When the times of a corrected record count as said: now, where they claim time that was not claimed before; else
    when the times that they stay within were said."""
    if reaches_beyond(facts, session.facts):
        return timezone.now()
    asked = newest_of(session)
    return asked.said_at if asked and not asked.is_void else session.logged_at


def require_reason(late: HowLate, reason: str, session: Session | None = None) -> None:
    """Whoever records late says why; of a record that is late already, it was said."""
    if reason.strip() or not late.days:
        return
    if session is None or not reason_said(session):
        raise SessionRefused((Problem("late", "late_reason"),))


def reason_said(session: Session) -> str:
    """The reason that was given last for this record; "" for none."""
    rows = LateRecord.objects.of_record().filter(session=session).exclude(reason="")
    return rows.order_by("-pk").values_list("reason", flat=True).first() or ""


def keep_late(
    session: Session,
    facts: SessionFacts,
    said_at: datetime.datetime,
    reason: str,
    amendment: SessionAmendment | None = None,
) -> None:
    """Ask the administrators about times that were said late. Times other than those that they saw ask them again,
    whatever they had said; times that are not late after all need nobody. What was decided stays as it is."""
    late, asked = (
        how_late(session.pairing.organisation, facts.starts_at, said_at),
        newest_of(session, amendment),
    )
    reason = reason.strip()
    stands = asked is not None and asked.covers(facts) and not asked.is_void
    if late.days and asked and stands and (asked.is_approved or reason in ("", asked.reason)):
        return
    drop_asking(asked)
    values = {
        "session": session,
        "amendment": amendment,
        "starts_at": facts.starts_at,
        "ends_at": facts.ends_at,
        "said_at": said_at,
        "days": late.days,
        "allowed": late.allowed,
        "rule": late.rule,
        "asked_at": timezone.now(),
    }
    if late.days:
        reason = reason or reason_said(session)
        tell_late(LateRecord.objects.create(reason=reason, **values), session)
    elif asked and not asked.is_void:
        LateRecord.objects.create(state=LateState.VOID, **values)


def drop_asking(asked: LateRecord | None) -> None:
    """Nobody has to decide any more; the officers' notices are settled."""
    if asked is None or not asked.is_waiting:
        return
    move(asked, LateState.VOID, LATE_MOVES)
    settle_asking(asked)


def settle_asking(asked: LateRecord) -> None:
    settle(
        users=administrators_over(asked.session.pairing.organisation),
        source=f"supervision.late:{asked.session_id}:{asked.pk}:",
    )


def tell_late(row: LateRecord, session: Session) -> None:
    """Ask the administrators who can decide it; nothing of what was said is in it."""
    two = [session.pairing.supervisor.person.user, session.pairing.mentee.user]
    title = gettext_noop("A session of %(day)s was recorded %(days)s days late")
    if row.amendment_id:
        title = gettext_noop("A correction of the session of %(day)s came %(days)s days late")
    for officer in deciders_at(session.pairing.organisation, two):
        notify(
            user=officer,
            kind="supervision.late",
            title=title,
            body=gettext_noop("Read the reason, and approve or decline it."),
            url=reverse("late_records:inspect", args=[row.pk]),
            source=f"supervision.late:{session.pk}:{row.pk}:asked",
            day=row.held_on,
            days=row.days,
        )
