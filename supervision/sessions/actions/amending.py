"""Correcting a confirmed session: the supervisor proposes, the mentee answers, both versions stay."""

from __future__ import annotations

import datetime
import json
from dataclasses import asdict

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.notices.actions import notify, settle
from core.people.models import Person
from core.states import IllegalMove, StaleState, move
from supervision.pairings.actions import NotPossible
from supervision.sessions.actions.answering import confirmation_of
from supervision.sessions.actions.checking import possible
from supervision.sessions.actions.lateness import drop_asking, keep_late, newest_of, require_reason
from supervision.sessions.actions.locking import locked_session
from supervision.sessions.actions.telling import audit
from supervision.sessions.actions.writing import columns_of, told_of, write
from supervision.sessions.models import AmendmentText, Session, SessionAmendment, kept_facts
from supervision.sessions.policy import SessionFacts, Written, reaches_beyond, written_to
from supervision.sessions.queries import how_late
from supervision.sessions.states import AMENDMENT_MOVES, AmendmentState, SessionState
from supervision.signals import SessionAmended, session_amended


@transaction.atomic
def propose_amendment(
    *,
    session: Session,
    actor: Asker,
    facts: SessionFacts,
    written: Written,
    reason: str,
    late_reason: str = "",
    revision: int | None = None,
) -> SessionAmendment:
    """Ask the mentee to agree that a confirmed session was other than recorded. Until then nothing changes.

    Raises NotPossible without a reason, without a change or while another proposal waits, IllegalMove when it is not
    confirmed, StaleState when it changed since `revision`, SessionRefused as log_session does: time that was not
    confirmed before is said now, and long after the day only with a reason. Side effects: the proposal with both versions
    of the facts; its sealed text; an audit entry without it; a notice to the mentee; of a late one the administrators
    are asked.
    """
    row = locked_session(session, actor, by_mentee=False)
    if row.state != SessionState.CONFIRMED:
        raise IllegalMove(row, row.state, SessionState.CONFIRMED)
    if revision is not None and revision != row.revision:
        raise StaleState(row, row.state, row.state)
    if not reason.strip():
        raise NotPossible(_("Write why the record is to be corrected: your mentee will read it."))
    facts = facts.whole()
    latest = row.contents.prefetch_related("goals").first()
    if facts == row.facts.whole() and latest is not None and written == latest.written:
        raise NotPossible(_("Nothing is changed. Correct what is not right before you send it."))
    possible(row.pairing, facts, besides=row.pk)
    late = how_late(row.pairing.organisation, facts.starts_at, now := timezone.now())
    claims = reaches_beyond(facts, row.facts)
    if claims:
        require_reason(late, late_reason)
    try:
        with transaction.atomic():
            columns = {name: value for name, value in columns_of(facts).items() if name != "form"}
            amendment = SessionAmendment.objects.create(
                session=row,
                number=row.revision + 1,
                former=kept_facts(row.facts),
                proposed_at=now,
                **columns,
            )
    except IntegrityError:
        raise NotPossible(_("A correction of this session waits already. Take that one back first."))
    said = json.dumps(written_to(written), ensure_ascii=False)
    AmendmentText.objects.create(amendment=amendment, reason=reason.strip(), written=said)
    changes = {"before": told_of(row.facts), "after": told_of(facts)}
    audit("supervision.propose_amendment", row, actor, **changes)
    title = gettext_noop("%(supervisor)s proposes a correction of the session of %(day)s")
    body = gettext_noop("Read both versions. It changes only if you accept it.")
    _tell_amended(amendment, row.pairing.mentee, title, body)
    if claims:
        keep_late(row, facts, now, late_reason, amendment)
    return amendment


@transaction.atomic
def accept_amendment(*, amendment: SessionAmendment, actor: Asker) -> SessionAmendment:
    """Agree to a correction. The session changes to it, the hours follow, and both versions stay readable.

    Raises IllegalMove when it was answered or withdrawn, SessionRefused when the time is taken by now, NotPossible while
    it came late and no administrator has approved that. Side effects in order: the amendment's state; the session's
    facts; a version of the content; an audit entry; SessionAmended, in the same transaction; a notice to the
    supervisor.
    """
    row, found = _locked_amendment(amendment, actor, by_mentee=True)
    if found.state == AmendmentState.PROPOSED:
        possible(row.pairing, found.facts, besides=row.pk)
        asked = newest_of(row, found)
        if asked is not None and not asked.is_approved:
            words = _("It came late. You can accept it once an administrator has approved that.")
            raise NotPossible(words)
    before = told_of(row.facts)
    move(
        found,
        AmendmentState.ACCEPTED,
        AMENDMENT_MOVES,
        answered_at=timezone.now(),
        number=row.revision + 1,
    )
    columns = columns_of(found.facts)
    Session.objects.filter(pk=row.pk).update(revision=found.number, **columns)
    row.refresh_from_db(fields=["revision", *columns])
    write(row, found.text.said)
    audit("supervision.accept_amendment", row, actor, before=before, after=told_of(row.facts))
    session_amended.send(Session, event=SessionAmended(**asdict(confirmation_of(row))))
    _answered(found)
    title = gettext_noop("%(mentee)s has accepted the correction of the session of %(day)s")
    _tell_amended(found, row.pairing.supervisor.person, title)
    return found


@transaction.atomic
def refuse_amendment(*, amendment: SessionAmendment, actor: Asker, answer: str) -> SessionAmendment:
    """Say no to a correction, with a reason for the supervisor. The session stays as it is. Raises IllegalMove.

    Side effects: the sealed reason; an audit entry without it; a notice without it.
    """
    if not answer.strip():
        raise NotPossible(_("Write why you do not agree: your supervisor will read it."))
    row, found = _locked_amendment(amendment, actor, by_mentee=True)
    if found.is_open:  # before it is answered: from then on the database lets nobody write there
        AmendmentText.objects.filter(amendment=found).update(answer=answer.strip())
    move(found, AmendmentState.REFUSED, AMENDMENT_MOVES, answered_at=timezone.now())
    audit("supervision.refuse_amendment", row, actor, after={"state": row.state})
    _answered(found)
    title = gettext_noop("%(mentee)s does not accept the correction of the session of %(day)s")
    _tell_amended(found, row.pairing.supervisor.person, title)
    return found


@transaction.atomic
def withdraw_amendment(*, amendment: SessionAmendment, actor: Asker) -> SessionAmendment:
    """Take a proposed correction back. Raises IllegalMove. Side effects: an audit entry; the notice is settled."""
    row, found = _locked_amendment(amendment, actor, by_mentee=False)
    move(found, AmendmentState.WITHDRAWN, AMENDMENT_MOVES, answered_at=timezone.now())
    audit("supervision.withdraw_amendment", row, actor, after={"state": row.state})
    _answered(found)
    return found


def _locked_amendment(
    amendment: SessionAmendment, actor: Asker, *, by_mentee: bool
) -> tuple[Session, SessionAmendment]:
    """The session and its amendment as they are now, both locked until the transaction ends."""
    row = locked_session(amendment.session, actor, by_mentee=by_mentee)
    found = SessionAmendment.objects.select_for_update(of=("self",)).get(pk=amendment.pk)
    found.session = row
    return row, found


def _answered(amendment: SessionAmendment) -> None:
    """Nobody waits for the mentee any more, nor for an administrator."""
    drop_asking(newest_of(amendment.session, amendment))
    source = f"supervision.amendment:{amendment.pk}:proposed"
    settle(user=amendment.session.pairing.mentee.user, source=source)


def _tell_amended(amendment: SessionAmendment, person: Person, title: str, body: str = "") -> None:
    session = amendment.session
    former = datetime.datetime.fromisoformat(amendment.former["starts_at"])
    notify(
        user=person.user,
        kind="supervision.session",
        title=title,
        body=body,
        url=reverse("supervision:session-detail", args=[session.pk]) + "#amendments",
        source=f"supervision.amendment:{amendment.pk}:{amendment.state}",
        supervisor=session.pairing.supervisor.person.name,
        mentee=session.pairing.mentee.name,
        day=timezone.localtime(former).date(),
    )
