"""A session's way: recorded by the supervisor, confirmed or disputed by the mentee, credited once, then locked.

No text of the pair goes anywhere but to its own sealed tables: not into the audit, not into a notice, not into a mail.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import notify, settle
from core.people.models import Person
from core.states import StaleState, move
from supervision.pairings.actions import NotPossible
from supervision.pairings.models import Pairing
from supervision.sessions.models import Session, SessionContent, SessionDraft, SessionRemark, WorkingNote
from supervision.sessions.policy import Problem, SessionFacts, Written, problems_of
from supervision.sessions.queries import Busy, busy_elsewhere, clashes_with
from supervision.sessions.states import MOVES, RemarkKind, SessionState
from supervision.signals import SessionConfirmed, session_confirmed

PROBLEM_WORDS = {
    "before_pairing": gettext_lazy("On that day the two of you were not paired yet."),
    "after_pairing": gettext_lazy("On that day the two of you were not paired any more."),
    "ends_before_start": gettext_lazy("The end must come after the start."),
    "too_long": gettext_lazy("One session is at most 8 hours. Record a longer day as several sessions."),
    "in_future": gettext_lazy("This time has not passed yet. Record the session after it has taken place."),
    "no_function": gettext_lazy("Tick at least one function of the session."),
}
MAX_TYPED = 20_000


class SessionRefused(NotPossible):
    """A session cannot be recorded so. `problems` says which field wants a change."""

    def __init__(self, problems: tuple[Problem, ...], sentence: str = "") -> None:
        self.problems = problems
        super().__init__(sentence or " ".join(str(PROBLEM_WORDS[problem.code]) for problem in problems))


@transaction.atomic
def log_session(
    *, pairing: Pairing, actor: Asker, facts: SessionFacts, written: Written, key: UUID, note: str = ""
) -> Session:
    """Record a session that took place. The same key again gives the session that there is already.

    Raises NotPossible when the actor is not the supervisor or the pairing is not active, and SessionRefused when the
    time is not possible or somebody of the pair was in another session. Side effects in order: the session, its
    content and note; the draft goes; an audit entry; the mentee is asked to confirm.
    """
    pairing = _locked_pairing(pairing.pk)
    _require(pairing.supervisor.person, actor)
    done = Session.objects.with_people().filter(key=key).first()
    if done is not None:
        if done.pairing_id != pairing.pk:
            raise NotPossible(_("This form was sent before, for another mentee. Open it again."))
        return done
    if not pairing.is_active:
        raise NotPossible(_("This pairing is not active, so no session can be recorded for it."))
    facts = _possible(pairing, facts.whole())
    try:
        with transaction.atomic():
            session = Session.objects.create(key=key, pairing=pairing, **_columns(facts))
    except IntegrityError:  # the same key at the same moment for another pairing
        raise NotPossible(_("This form was sent before, for another mentee. Open it again."))
    _write(session, written)
    write_note(session=session, actor=actor, text=note)
    SessionDraft.objects.filter(pairing=pairing).delete()
    _record("supervision.log_session", session, actor, after=_told(facts) | {"state": session.state})
    _ask_mentee(session)
    return session


@transaction.atomic
def amend_session(
    *,
    session: Session,
    actor: Asker,
    facts: SessionFacts,
    written: Written,
    answer: str = "",
    revision: int | None = None,
) -> Session:
    """Correct a session that is not confirmed, and ask the mentee again. The earlier content stays beside the new one.

    Raises IllegalMove when it is confirmed or cancelled, StaleState when it changed since `revision`, and as
    log_session does. Side effects: content, answer, an audit entry with both versions of the facts, a notice.
    """
    row = _locked(session, actor, RemarkKind.ANSWER, revision)
    before = _told(row.facts) | {"state": row.state}
    facts = facts.whole()
    if SessionState.LOGGED in MOVES[row.state]:  # else move() says so
        facts = _possible(row.pairing, facts, besides=row.pk)
    move(row, SessionState.LOGGED, MOVES, revision=row.revision + 1, **_columns(facts))
    _write(row, written)
    _remark(row, actor, RemarkKind.ANSWER, answer)
    _record("supervision.amend_session", row, actor, before=before, after=_told(facts) | {"state": row.state})
    _ask_mentee(row)
    return row


@transaction.atomic
def confirm_session(*, session: Session, actor: Asker, revision: int | None = None) -> Session:
    """Agree that a session took place as recorded. From then on it is locked, and its minutes are credited.

    Raises IllegalMove when it does not wait for an answer, StaleState when the record changed since `revision`: what
    the mentee read is what the mentee confirms. Side effects in order: the state; an audit entry; SessionConfirmed,
    in the same transaction, so that a session is confirmed if and only if it is credited; a notice.
    """
    row = _locked(session, actor, None, revision)
    old = move(row, SessionState.CONFIRMED, MOVES, confirmed_at=timezone.now(), confirmed_by_id=actor.pk)
    _answered(row)
    facts = {"state": row.state, "minutes": row.minutes}
    _record("supervision.confirm_session", row, actor, before={"state": old}, after=facts)
    session_confirmed.send(Session, event=confirmation_of(row))
    _tell(
        row,
        row.pairing.supervisor.person,
        "confirmed",
        gettext_noop("%(mentee)s has confirmed the session of %(day)s"),
    )
    return row


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
    )


@transaction.atomic
def dispute_session(*, session: Session, actor: Asker, reason: str, revision: int | None = None) -> Session:
    """Object to a record, with the reason for the supervisor to read. Raises as confirm_session does.

    Side effects: the reason, sealed; an audit entry without it; a notice without it.
    """
    if not reason.strip():
        raise NotPossible(_("Write what is not right, so that it can be corrected."))
    row = _locked(session, actor, RemarkKind.DISPUTE, revision)
    old = move(row, SessionState.DISPUTED, MOVES)
    _answered(row)
    _remark(row, actor, RemarkKind.DISPUTE, reason)
    _record("supervision.dispute_session", row, actor, before={"state": old}, after={"state": row.state})
    title = gettext_noop("%(mentee)s objects to the session of %(day)s")
    _tell(
        row,
        row.pairing.supervisor.person,
        "disputed",
        title,
        gettext_noop("Read why, and correct the record or cancel it."),
    )
    return row


@transaction.atomic
def cancel_session(*, session: Session, actor: Asker, reason: str, revision: int | None = None) -> Session:
    """Take a record back that is not confirmed; it stays to be seen and counts nowhere. Raises as amend_session does.

    Side effects: the reason, sealed; an audit entry without it; a notice without it.
    """
    if not reason.strip():
        raise NotPossible(_("Write why the record is taken back: your mentee will read it."))
    row = _locked(session, actor, RemarkKind.CANCELLATION, revision)
    old = move(row, SessionState.CANCELLED, MOVES)
    _answered(row)
    _remark(row, actor, RemarkKind.CANCELLATION, reason)
    _record("supervision.cancel_session", row, actor, before={"state": old}, after={"state": row.state})
    _tell(
        row,
        row.pairing.mentee,
        "cancelled",
        gettext_noop("%(supervisor)s has cancelled the session of %(day)s"),
    )
    return row


@transaction.atomic
def write_note(*, session: Session, actor: Asker, text: str) -> WorkingNote | None:
    """Keep the actor's own working note on a session; an empty text deletes it. It is not audited: it is private."""
    people = (session.pairing.supervisor.person, session.pairing.mentee)
    author = next((person for person in people if person.user_id == actor.pk), None)
    if author is None:
        raise NotPossible(_("Only the two of the session keep notes on it."))
    if not text.strip():
        WorkingNote.objects.filter(session=session, author=author).delete()
        return None
    return WorkingNote.objects.update_or_create(
        session=session, author=author, defaults={"text": text.strip()}
    )[0]


@transaction.atomic
def save_draft(*, pairing: Pairing, actor: Asker, key: UUID, typed: Mapping[str, Any]) -> bool:
    """Keep what the supervisor has typed so far, sealed. False when it was handed in meanwhile, or is far too long."""
    _require(pairing.supervisor.person, actor)
    text = json.dumps(dict(typed), ensure_ascii=False)
    if len(text) > MAX_TYPED or Session.objects.filter(key=key).exists():
        return False
    SessionDraft.objects.update_or_create(pairing=pairing, defaults={"key": key, "typed": text})
    return True


def _require(person: Person, actor: Asker) -> None:
    if person.user_id != actor.pk:
        raise NotPossible(_("This is for the other side of the pair to do."))


def _locked_pairing(pk: int) -> Pairing:
    rows = Pairing.objects.select_for_update(of=("self",)).select_related(
        "supervisor__person__user", "mentee__user", "organisation"
    )
    return rows.get(pk=pk)


def _locked(session: Session, actor: Asker, says: str | None, revision: int | None) -> Session:
    """The session as it is now, locked until the transaction ends, its pairing before it; and the actor is who may.

    The mentee confirms and objects; the supervisor answers and cancels.
    """
    pairing = _locked_pairing(session.pairing_id)
    by_mentee = says in (None, RemarkKind.DISPUTE)
    _require(pairing.mentee if by_mentee else pairing.supervisor.person, actor)
    row = Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
    row.pairing = pairing
    if revision is not None and revision != row.revision:
        raise StaleState(row, row.state, row.state)
    return row


def _possible(pairing: Pairing, facts: SessionFacts, besides: int | None = None) -> SessionFacts:
    """The facts, if a session of this pair can have been so. Both people stay locked until the transaction ends, so
    that two records made at the same moment cannot overlap."""
    held_on = timezone.localtime(facts.starts_at).date()
    first, last = pairing.starts_on, pairing.ends_on
    problems = problems_of(facts, now=timezone.now(), first_day=first, last_day=last, held_on=held_on)
    if problems:
        raise SessionRefused(problems)
    people = sorted({pairing.supervisor_id, pairing.mentee_id})
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk").values_list("pk"))
    clash = clashes_with(pairing, facts.starts_at, facts.ends_at, besides=besides)
    if clash is not None:
        raise SessionRefused((Problem("clash", "start"),), clash_words(pairing, clash))
    if busy := busy_elsewhere(people, facts.starts_at, facts.ends_at):
        raise SessionRefused((Problem("clash", "start"),), busy_words(pairing, busy))
    return facts


def busy_words(pairing: Pairing, busy: Busy) -> str:
    """What else is in the way, for the supervisor to read. Where a mentee was is not told."""
    starts_at, ends_at = timezone.localtime(busy.starts_at), timezone.localtime(busy.ends_at)
    values = {"day": date_format(starts_at.date()), "span": f"{starts_at:%H:%M}–{ends_at:%H:%M}"}
    if busy.person_id == pairing.supervisor_id:
        values["by"] = busy.by
        return _("You were in “%(by)s” on %(day)s, %(span)s. Two cannot overlap.") % values
    values["mentee"] = pairing.mentee.name
    return _("%(mentee)s was in another supervision on %(day)s, %(span)s. Two cannot overlap.") % values


def clash_words(pairing: Pairing, clash: Session) -> str:
    """Which session is in the way, for the supervisor to read. With whom a mentee was elsewhere is not told."""
    starts_at, ends_at = timezone.localtime(clash.starts_at), timezone.localtime(clash.ends_at)
    values = {"day": date_format(starts_at.date()), "span": f"{starts_at:%H:%M}–{ends_at:%H:%M}"}
    values["mentee"] = clash.pairing.mentee.name
    if clash.pairing.supervisor_id == pairing.supervisor_id:
        return _("You have a session with %(mentee)s on %(day)s, %(span)s. Two cannot overlap.") % values
    if pairing.supervisor_id == clash.pairing.mentee_id:
        return _("You were in a session yourself on %(day)s, %(span)s. Two cannot overlap.") % values
    values["mentee"] = pairing.mentee.name
    return _("%(mentee)s was in another session on %(day)s, %(span)s. Two cannot overlap.") % values


def _columns(facts: SessionFacts) -> dict[str, Any]:
    return {
        "starts_at": facts.starts_at,
        "ends_at": facts.ends_at,
        "minutes": facts.minutes,
        "form": facts.form,
        "mode": facts.mode,
        "setting": facts.setting,
        "functions": list(facts.functions),
    }


def _told(facts: SessionFacts) -> dict[str, Any]:
    """The facts as the audit keeps them."""
    return _columns(facts) | {"starts_at": facts.starts_at.isoformat(), "ends_at": facts.ends_at.isoformat()}


def _write(session: Session, written: Written) -> None:
    SessionContent.objects.create(
        session=session,
        number=session.revision,
        place=written.place.strip(),
        topics=written.topics.strip(),
        advice=written.advice.strip(),
        follow_up=written.follow_up.strip(),
    )


def _remark(session: Session, actor: Asker, kind: str, text: str) -> None:
    if text.strip():
        author = Person.objects.get(user_id=actor.pk)  # type: ignore[misc]
        SessionRemark.objects.create(session=session, author=author, kind=kind, text=text.strip())


def _record(action: str, session: Session, actor: Asker, **facts: Any) -> None:
    record(action=action, target=session, actor=actor, organisation=session.pairing.organisation, **facts)


def _answered(session: Session) -> None:
    """Nobody waits for the mentee any more: the notices that asked are settled."""
    settle(user=session.pairing.mentee.user, source=f"supervision.session:{session.pk}:logged:")


def _ask_mentee(session: Session) -> None:
    title = gettext_noop("Please confirm the session of %(day)s with %(supervisor)s")
    body = gettext_noop("%(minutes)s minutes, %(span)s. They count for both of you once you confirm.")
    _tell(session, session.pairing.mentee, f"logged:{session.revision}", title, body)


def _tell(session: Session, person: Person, what: str, title: str, body: str = "") -> None:
    starts_at, ends_at = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    notify(
        user=person.user,
        kind="supervision.session",
        title=title,
        body=body,
        url=reverse("supervision:session-detail", args=[session.pk]),
        source=f"supervision.session:{session.pk}:{what}:{session.revision}",
        supervisor=session.pairing.supervisor.person.name,
        mentee=session.pairing.mentee.name,
        day=starts_at.date(),
        span=f"{starts_at:%H:%M}–{ends_at:%H:%M}",
        minutes=session.minutes,
    )
