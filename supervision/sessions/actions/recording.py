"""A session's way: recorded by the supervisor, confirmed or disputed by the mentee, credited once, then locked.

No text of the pair goes anywhere but to its own sealed tables: not into the audit, not into a notice, not into a mail.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection, Mapping
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
from core.organisations.queries import administrators_of
from core.people.engagements import Engagement, engagements_of
from core.people.models import Person
from core.states import StaleState, move
from supervision.goals.models import LearningGoal
from supervision.pairings.actions import NotPossible
from supervision.pairings.models import Pairing
from supervision.sessions.models import (
    FollowUp,
    LateRecord,
    Session,
    SessionAmendment,
    SessionContent,
    SessionDraft,
    SessionRemark,
    WorkingNote,
)
from supervision.sessions.policy import (
    TEXTS,
    Agreed,
    Problem,
    SessionFacts,
    Written,
    days_late,
    kept_agreed,
    kept_cases,
    problems_of,
)
from supervision.sessions.queries import clashes_with, days_to_record
from supervision.sessions.states import LATE_MOVES, MOVES, LateState, RemarkKind, SessionState
from supervision.signals import SessionConfirmed, session_confirmed
from supervision.slots.actions import record_meeting, reopen_meeting

PROBLEM_WORDS = {
    "before_pairing": gettext_lazy("On that day the two of you were not paired yet."),
    "after_pairing": gettext_lazy("On that day the two of you were not paired any more."),
    "ends_before_start": gettext_lazy("The end must come after the start."),
    "too_long": gettext_lazy("One session is at most 8 hours. Record a longer day as several sessions."),
    "in_future": gettext_lazy("This time has not passed yet. Record the session after it has taken place."),
    "no_function": gettext_lazy("Tick at least one function of the session."),
    "late": gettext_lazy(
        "This is recorded late. Write why: an administrator reads the reason, and decides whether it counts."
    ),
}
MAX_TYPED = 20_000


class SessionRefused(NotPossible):
    """A session cannot be recorded so. `problems` says which field wants a change."""

    def __init__(self, problems: tuple[Problem, ...], sentence: str = "") -> None:
        self.problems = problems
        super().__init__(sentence or " ".join(str(PROBLEM_WORDS[problem.code]) for problem in problems))


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
    the pairing is not active, and SessionRefused when the time is not possible, somebody of the pair was engaged
    elsewhere, or it is late without a reason. Side effects in order: the session, its content and note; what was
    agreed; the draft goes; the planned meeting that it was (`meeting_id`, or the one at that time) is done; an audit
    entry; the mentee is asked to confirm; of a late one the administrators are told.
    """
    pairing = _locked_pairing(pairing.pk)
    _require(pairing.supervisor.person, actor)
    former = Session.objects.with_people().filter(key=key).first()
    if former is not None:
        if former.pairing_id != pairing.pk:
            raise NotPossible(_("This form was sent before, for another mentee. Open it again."))
        return former
    if not pairing.is_active:
        raise NotPossible(_("This pairing is not active, so no session can be recorded for it."))
    facts = _possible(pairing, facts.whole())
    _require_reason(pairing, facts, timezone.localdate(), late_reason)
    try:
        with transaction.atomic():
            session = Session.objects.create(
                key=key, pairing=pairing, logged_at=timezone.now(), **_columns(facts)
            )
    except IntegrityError:  # the same key at the same moment for another pairing
        raise NotPossible(_("This form was sent before, for another mentee. Open it again."))
    _write(session, written)
    write_note(session=session, actor=actor, text=note)
    earlier = (
        FollowUp.objects.open().filter(session__pairing=pairing, pk__in=list(done)).exclude(session=session)
    )
    earlier.update(is_done=True, closed_at=timezone.now())
    SessionDraft.objects.filter(pairing=pairing).delete()
    when = {"starts_at": facts.starts_at, "ends_at": facts.ends_at}
    record_meeting(session_id=session.pk, pairing_id=pairing.pk, actor=actor, meeting_id=meeting_id, **when)
    _record("supervision.log_session", session, actor, after=_told(facts) | {"state": session.state})
    _ask_mentee(session)
    _keep_late(session, late_reason)
    return session


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
    log_session does. Side effects: content, answer, an audit entry with both versions of the facts, a notice.
    """
    row = _locked(session, actor, RemarkKind.ANSWER, revision)
    before = _told(row.facts) | {"state": row.state}
    facts = facts.whole()
    if SessionState.LOGGED in MOVES[row.state]:  # else move() says so
        facts = _possible(row.pairing, facts, besides=row.pk)
        _require_reason(row.pairing, facts, timezone.localdate(row.logged_at), late_reason, row)
    move(row, SessionState.LOGGED, MOVES, revision=row.revision + 1, **_columns(facts))
    _write(row, written)
    _remark(row, actor, RemarkKind.ANSWER, answer)
    _record("supervision.amend_session", row, actor, before=before, after=_told(facts) | {"state": row.state})
    _ask_mentee(row)
    _keep_late(row, late_reason)
    return row


@transaction.atomic
def confirm_session(*, session: Session, actor: Asker, revision: int | None = None) -> Session:
    """Agree that a session took place as recorded. From then on it is locked, and its minutes are credited.

    Raises IllegalMove when it does not wait for an answer, StaleState when the record changed since `revision`: what
    the mentee read is what the mentee confirms. Side effects in order: the state; an audit entry; SessionConfirmed,
    in the same transaction, so that a session is confirmed if and only if it is credited; a notice.
    """
    row = _locked(session, actor, None, revision)
    if (
        SessionState.CONFIRMED in MOVES[row.state]
        and LateRecord.objects.filter(session=row).exclude(state=LateState.APPROVED).exists()
    ):
        raise NotPossible(
            _("It was recorded late. You can confirm it once an administrator has approved that.")
        )
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
    reopen_meeting(session_id=row.pk, actor=actor)
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
def save_draft(*, pairing: Pairing, actor: Asker, key: UUID, typed: Mapping[str, Any]) -> SessionDraft | None:
    """Keep what the supervisor has typed so far, sealed. None when it was handed in meanwhile, or is far too long."""
    _require(pairing.supervisor.person, actor)
    text = json.dumps(dict(typed), ensure_ascii=False)
    if len(text) > MAX_TYPED or Session.objects.filter(key=key).exists():
        return None
    return SessionDraft.objects.update_or_create(pairing=pairing, defaults={"key": key, "typed": text})[0]


def drop_draft(*, pairing: Pairing, actor: Asker) -> None:
    """Throw away what was typed and not handed in. It is not audited: no session, and private."""
    _require(pairing.supervisor.person, actor)
    SessionDraft.objects.filter(pairing=pairing).delete()


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
    elsewhere = engagements_of(people, facts.starts_at, facts.ends_at, besides="supervision")
    if elsewhere:
        raise SessionRefused((Problem("clash", "start"),), _elsewhere_words(pairing, elsewhere[0]))
    return facts


def _elsewhere_words(pairing: Pairing, engagement: Engagement) -> str:
    """Who of the two was in what else, for the supervisor to read: of the mentee only of which kind."""
    if engagement.person_id == pairing.supervisor_id:
        return _("You were in %(what)s on %(day)s, %(span)s. Two cannot overlap.") % engagement.values
    values = engagement.values | {"mentee": pairing.mentee.name}
    return _("%(mentee)s was in %(what)s on %(day)s, %(span)s. Two cannot overlap.") % values


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
        "shares": dict(facts.shares) if facts.shares else None,
    }


def _told(facts: SessionFacts) -> dict[str, Any]:
    """The facts as the audit keeps them."""
    return _columns(facts) | {"starts_at": facts.starts_at.isoformat(), "ends_at": facts.ends_at.isoformat()}


def _write(session: Session, written: Written) -> None:
    """A version of the content, and the agreed actions as it says them: what it no longer says is closed."""
    content = SessionContent.objects.create(
        session=session,
        number=session.revision,
        cases=kept_cases(written.cases),
        agreed=kept_agreed(written.agreed),
        **{name: getattr(written, name).strip() for name in TEXTS},
    )
    if written.goals:
        content.goals.set(LearningGoal.objects.filter(pairing_id=session.pairing_id, pk__in=written.goals))
    known = {Agreed(row.who, row.what, row.due_on): row for row in session.follow_ups.all()}
    gone = [row.pk for said, row in known.items() if said not in written.agreed and row.closed_at is None]
    FollowUp.objects.filter(pk__in=gone).update(closed_at=timezone.now())
    for said in dict.fromkeys(written.agreed):
        if said not in known:
            FollowUp.objects.create(session=session, who=said.who, what=said.what, due_on=said.due)


def _lateness(pairing: Pairing, facts: SessionFacts, logged_on: datetime.date) -> int:
    held_on = timezone.localtime(facts.starts_at).date()
    return days_late(held_on, logged_on, days_to_record(pairing, logged_on)[0])


def _require_reason(
    pairing: Pairing,
    facts: SessionFacts,
    logged_on: datetime.date,
    reason: str,
    session: Session | None = None,
) -> None:
    """Whoever records late says why; of a record that is late already, it was said."""
    if reason.strip() or not _lateness(pairing, facts, logged_on):
        return
    if session is None or not LateRecord.objects.filter(session=session).exists():
        raise SessionRefused((Problem("late", "late_reason"),))


def _keep_late(session: Session, reason: str) -> None:
    """Ask the administrators about a late record; a correction that makes it other than they saw asks them again, and one
    that makes it be in time after all needs nobody."""
    days = _lateness(session.pairing, session.facts, timezone.localdate(session.logged_at))
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
