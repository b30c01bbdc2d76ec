"""A session is recorded by the supervisor, corrected while it is not confirmed, or taken back.

No text of the pair goes anywhere but to its own sealed tables: not into the audit, not into a notice, not into a mail.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.states import move
from supervision.pairings.actions import NotPossible, locked_pairing, require_of_pair
from supervision.pairings.models import Pairing
from supervision.sessions.actions.checking import possible
from supervision.sessions.actions.lateness import (
    drop_asking,
    keep_late,
    newest_of,
    require_reason,
    said_at_of,
)
from supervision.sessions.actions.locking import locked_session
from supervision.sessions.actions.telling import answered, ask_mentee, audit, tell
from supervision.sessions.actions.writing import (
    columns_of,
    remark,
    told_of,
    was_recorded_so,
    write,
    write_note,
)
from supervision.sessions.models import FollowUp, Session, SessionDraft
from supervision.sessions.policy import SessionFacts, Written
from supervision.sessions.queries import how_late
from supervision.sessions.states import MOVES, RemarkKind, SessionState
from supervision.slots.actions import record_meeting, reopen_meeting


@transaction.atomic
def log_session(
    *,
    pairing: Pairing,
    actor: Asker,
    facts: SessionFacts,
    written: Written,
    key: UUID,
    note: str = "",
    meeting_id: int | None = None,
    late_reason: str = "",
    done: Collection[int] = (),
) -> Session:
    """Record a session that took place. The same key again gives the session that there is already.

    `done` are actions agreed on earlier that are done by now. Raises NotPossible when the actor is not the supervisor or
    the pairing is not active (of one that rests, what was over before is recorded still), or when the key came before
    with other content, and SessionRefused when the time is not possible, a function is not in force at the
    supervisor's place on that day, somebody of the pair was engaged elsewhere, or it is late without a reason. Side
    effects in order: the session, its content and note; what was agreed; the draft goes; the planned meeting that it
    was (`meeting_id`, or the one at that time) is done; an audit entry; the mentee is asked to confirm; of a late one
    the administrators are told.
    """
    pairing = locked_pairing(pairing.pk)
    require_of_pair(pairing.supervisor.person, actor)
    facts = facts.whole()
    former = Session.objects.with_people().filter(key=key).first()
    if former is not None:
        if former.pairing_id != pairing.pk:
            raise NotPossible(_("This form was sent before, for another mentee. Open it again."))
        if not was_recorded_so(former, facts, written):
            raise NotPossible(
                _(
                    "This form was sent before, with other content. If this is another session, send it once more; "
                    "else correct the record that there is."
                )
            )
        return former
    if not pairing.is_active and not _came_before(pairing, facts):
        raise NotPossible(_("This pairing is not active, so no session can be recorded for it."))
    facts, now = possible(pairing, facts), timezone.now()
    require_reason(how_late(pairing.organisation, facts.starts_at, now), late_reason)
    try:
        with transaction.atomic():
            session = Session.objects.create(key=key, pairing=pairing, logged_at=now, **columns_of(facts))
    except IntegrityError:  # the same key at the same moment for another pairing
        raise NotPossible(_("This form was sent before, for another mentee. Open it again."))
    write(session, written)
    write_note(session=session, actor=actor, text=note)
    earlier = (
        FollowUp.objects.open().filter(session__pairing=pairing, pk__in=list(done)).exclude(session=session)
    )
    earlier.update(is_done=True, closed_at=timezone.now())
    SessionDraft.objects.filter(pairing=pairing).delete()
    when = {"starts_at": facts.starts_at, "ends_at": facts.ends_at}
    record_meeting(session_id=session.pk, pairing_id=pairing.pk, actor=actor, meeting_id=meeting_id, **when)
    audit("supervision.log_session", session, actor, after=told_of(facts) | {"state": session.state})
    ask_mentee(session)
    keep_late(session, facts, now, late_reason)
    return session


def _came_before(pairing: Pairing, facts: SessionFacts) -> bool:
    """Whether the pairing rests, and this was over when the pause was begun."""
    pause = pairing.pauses.running().first() if pairing.is_open else None
    return pause is not None and facts.ends_at <= pause.begun_at


@transaction.atomic
def amend_session(
    *,
    session: Session,
    actor: Asker,
    facts: SessionFacts,
    written: Written,
    answer: str = "",
    late_reason: str = "",
    revision: int | None = None,
) -> Session:
    """Correct a session that is not confirmed, and ask the mentee again. The earlier content stays beside the new one.

    Raises IllegalMove when it is confirmed or cancelled, StaleState when it changed since `revision`, and as
    log_session does; time that was not claimed before is said now, however early the record was. Side effects: content,
    answer, an audit entry with both versions of the facts, a notice; of a late one the administrators are told.
    """
    row = locked_session(session, actor, by_mentee=False, revision=revision)
    before = told_of(row.facts) | {"state": row.state}
    facts = facts.whole()
    said_at = said_at_of(row, facts)
    if SessionState.LOGGED in MOVES[row.state]:  # else move() says so
        possible(row.pairing, facts, besides=row.pk)
        require_reason(how_late(row.pairing.organisation, facts.starts_at, said_at), late_reason, row)
    move(row, SessionState.LOGGED, MOVES, revision=row.revision + 1, **columns_of(facts))
    write(row, written)
    remark(row, actor, RemarkKind.ANSWER, answer)
    audit("supervision.amend_session", row, actor, before=before, after=told_of(facts) | {"state": row.state})
    ask_mentee(row)
    keep_late(row, facts, said_at, late_reason)
    return row


@transaction.atomic
def cancel_session(*, session: Session, actor: Asker, reason: str, revision: int | None = None) -> Session:
    """Take a record back that is not confirmed; it stays to be seen and counts nowhere. Raises as amend_session does.

    Side effects: the reason, sealed; an audit entry without it; a notice without it; no administrator decides any more.
    """
    if not reason.strip():
        raise NotPossible(_("Write why the record is taken back: your mentee will read it."))
    row = locked_session(session, actor, by_mentee=False, revision=revision)
    old = move(row, SessionState.CANCELLED, MOVES)
    reopen_meeting(session_id=row.pk, actor=actor)
    answered(row)
    drop_asking(newest_of(row))
    remark(row, actor, RemarkKind.CANCELLATION, reason)
    audit("supervision.cancel_session", row, actor, before={"state": old}, after={"state": row.state})
    tell(
        row,
        row.pairing.mentee,
        "cancelled",
        gettext_noop("%(supervisor)s has cancelled the session of %(day)s"),
    )
    return row
