"""The mentee's answer to a record: confirmed, credited once and locked, or disputed."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.states import move
from supervision.pairings.actions import NotPossible
from supervision.sessions.actions.checking import require_here
from supervision.sessions.actions.lateness import newest_of
from supervision.sessions.actions.locking import locked_session
from supervision.sessions.actions.telling import answered, audit, tell
from supervision.sessions.actions.writing import remark
from supervision.sessions.models import Session, SessionAmendment
from supervision.sessions.states import MOVES, RemarkKind, SessionState
from supervision.signals import SessionConfirmed, session_confirmed


@transaction.atomic
def confirm_session(*, session: Session, actor: Asker, revision: int | None = None) -> Session:
    """Agree that a session took place as recorded. From then on it is locked, and its minutes are credited.

    Raises IllegalMove when it does not wait for an answer, StaleState when the record changed since `revision`: what
    the mentee read is what the mentee confirms; NotPossible while it came late and no administrator has approved that,
    and when one of the two was entered elsewhere since. Side effects in order: the state; an audit entry; SessionConfirmed,
    in the same transaction, so that a session is confirmed if and only if it is credited; a notice.
    """
    row = locked_session(session, actor, by_mentee=True, revision=revision)
    if SessionState.CONFIRMED in MOVES[row.state]:  # else move() says so
        _require_approved(row)
        require_here(row.pairing, row.facts)
    old = move(row, SessionState.CONFIRMED, MOVES, confirmed_at=timezone.now(), confirmed_by_id=actor.pk)
    answered(row)
    facts = {"state": row.state, "minutes": row.minutes}
    audit("supervision.confirm_session", row, actor, before={"state": old}, after=facts)
    session_confirmed.send(Session, event=confirmation_of(row))
    tell(
        row,
        row.pairing.supervisor.person,
        "confirmed",
        gettext_noop("%(mentee)s has confirmed the session of %(day)s"),
    )
    return row


def _require_approved(row: Session) -> None:
    """Raises NotPossible for a late record that nobody has approved as it is."""
    asked = newest_of(row)
    if asked is not None and not (asked.is_void or (asked.is_approved and asked.covers(row.facts))):
        raise NotPossible(
            _("It was recorded late. You can confirm it once an administrator has approved that.")
        )


def confirmation_of(session: Session) -> SessionConfirmed:
    """The event that tells the other apps of this confirmed session."""
    return SessionConfirmed(
        session_id=session.pk,
        supervisor_person_id=session.pairing.supervisor_id,
        mentee_person_id=session.pairing.mentee_id,
        organisation_id=session.pairing.organisation_id,
        held_on=session.held_on,
        minutes=session.minutes,
        form=session.form,
        mode=session.mode,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        amended=_amended(session),
    )


def _amended(session: Session) -> int:
    """How often it was corrected after it was confirmed; asked once for all where `amended` was annotated."""
    known: int | None = getattr(session, "amended", None)
    return SessionAmendment.objects.accepted().filter(session=session).count() if known is None else known


@transaction.atomic
def dispute_session(*, session: Session, actor: Asker, reason: str, revision: int | None = None) -> Session:
    """Object to a record, with the reason for the supervisor to read. Raises as confirm_session does.

    Side effects: the reason, sealed; an audit entry without it; a notice without it.
    """
    if not reason.strip():
        raise NotPossible(_("Write what is not right, so that it can be corrected."))
    row = locked_session(session, actor, by_mentee=True, revision=revision)
    old = move(row, SessionState.DISPUTED, MOVES)
    answered(row)
    remark(row, actor, RemarkKind.DISPUTE, reason)
    audit("supervision.dispute_session", row, actor, before={"state": old}, after={"state": row.state})
    title = gettext_noop("%(mentee)s objects to the session of %(day)s")
    tell(
        row,
        row.pairing.supervisor.person,
        "disputed",
        title,
        gettext_noop("Read why, and correct the record or cancel it."),
    )
    return row
