"""How a planned meeting ends: cancelled before it, recorded after it, or it did not take place."""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.notices.actions import settle
from core.people.models import Person
from core.states import IllegalMove, move
from supervision.pairings.actions import NotPossible
from supervision.slots.actions.rows import audit, locked_meeting, other_of, remark, tell, times_of
from supervision.slots.models import Meeting, MeetingQuerySet, Slot
from supervision.slots.queries import series_of
from supervision.slots.states import MOVES, MeetingState, RemarkKind


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, actor: Asker, reason: str, following: bool = False) -> list[Meeting]:
    """Cancel a planned meeting before it begins, or with `following` also those of its series after it.

    Cancelled by the mentee, its slot is free again; by the supervisor, the slot is withdrawn. Raises NotPossible
    without a reason and once it has begun, IllegalMove when it is not planned any more. Side effects: the sealed
    reason; what was proposed instead ends; audit and one notice, without the reason.
    """
    if not reason.strip():
        raise NotPossible(_("Write the reason: the other reads it."))
    row, person = locked_meeting(meeting, actor)
    if row.is_planned and not row.is_coming:
        raise NotPossible(_("It has begun. Record it, or say that it did not take place."))
    rows = [row]
    if following and row.series and row.is_planned:
        rows += [one for one in series_of(row, MeetingState.PLANNED) if one.starts_at > row.starts_at]
    by_supervisor = person.pk == row.pairing.supervisor_id
    for one in rows:
        one.pairing = row.pairing
        _cancel(one, actor, withdraw=by_supervisor)
        remark(one, person, RemarkKind.CANCELLED, reason)
    body = gettext_noop(
        "The reason stands with it. Propose another time there, so that the session is not dropped."
    )
    if len(rows) > 1:
        title = gettext_noop("%(name)s has cancelled %(count)s sessions, the first on %(when)s")
        tell(row, other_of(row, person), "cancelled", title, body, by=person, count=len(rows))
    else:
        title = gettext_noop("%(name)s has cancelled the session on %(when)s")
        tell(row, other_of(row, person), "cancelled", title, body, by=person)
    return rows


@transaction.atomic
def end_meetings(*, pairing_id: int) -> int:
    """Cancel what a pair has planned and let its proposals lapse, because the pairing has ended. Returns how many.

    Both are told once of all of it. Called within the act that ends the pairing, which holds its row. Side effects:
    audit entries, a notice to both.
    """
    title = gettext_noop("Your sessions from %(when)s on are cancelled: the pairing with %(name)s has ended")
    return _call_off(Meeting.objects.filter(pairing=pairing_id), "ended", title)


@transaction.atomic
def rest_meetings(*, pairing_id: int, until: datetime.date | None) -> int:
    """Cancel what a pair has planned for the time in which it rests, as `end_meetings` does; what begins after the last
    day of the pause stays planned. Called within the act that pauses the pairing. Returns how many."""
    rows = Meeting.objects.filter(pairing=pairing_id)
    if until is not None:
        after = datetime.datetime.combine(until + datetime.timedelta(days=1), datetime.time())
        rows = rows.filter(starts_at__lt=timezone.make_aware(after))
    title = gettext_noop("Your sessions from %(when)s on are cancelled: the pairing with %(name)s rests")
    return _call_off(rows, "rests", title)


def _call_off(rows: MeetingQuerySet, what: str, title: str) -> int:
    """What of these is still ahead: planned ones are cancelled, proposals lapse, and both are told once."""
    open_states = [MeetingState.PLANNED, MeetingState.PROPOSED]
    ahead = rows.filter(state__in=open_states, starts_at__gt=timezone.now())
    found = list(ahead.with_people().order_by("starts_at", "pk"))
    planned = [row for row in found if row.is_planned]
    for row in found:
        if row.is_planned:
            _cancel(row, None, withdraw=False)
        elif row.is_proposed:
            lapse_row(row)
    if planned:
        first = planned[0]
        for person in (first.pairing.supervisor.person, first.pairing.mentee):
            tell(first, person, what, title)
    return len(found)


@transaction.atomic
def miss_meeting(*, meeting: Meeting, actor: Asker, reason: str) -> Meeting:
    """Say that a meeting whose time has come did not take place, and why. The supervisor's act.

    Raises NotPossible without a reason, for the mentee, and before it begins. Side effects: the sealed reason; audit and
    notice without it.
    """
    if not reason.strip():
        raise NotPossible(_("Write the reason: the other reads it."))
    row, person = locked_meeting(meeting, actor)
    _require_supervisor(row, person)
    if row.is_coming:
        raise NotPossible(_("It has not begun yet. Cancel it instead, or move it."))
    old = move(row, MeetingState.MISSED, MOVES, changed_at=timezone.now(), sequence=row.sequence + 1)
    audit("supervision.miss_meeting", row, actor, before={"state": old}, after={"state": row.state})
    remark(row, person, RemarkKind.MISSED, reason)
    _settle_to_record(row)
    title = gettext_noop("The session on %(when)s with %(name)s is noted as not held")
    body = gettext_noop(
        "The reason stands with it. Propose another time there, so that the session is not dropped."
    )
    tell(row, other_of(row, person), "missed", title, body, by=person)
    return row


def record_meeting(
    *,
    session_id: int,
    pairing_id: int,
    actor: Asker,
    starts_at: datetime.datetime,
    ends_at: datetime.datetime,
    meeting_id: int | None = None,
) -> Meeting | None:
    """Tie a session that was just recorded to the meeting it came from: the named one, else the one at that time.

    Called within the act that records the session, which holds the pairing. Without such a meeting nothing happens.
    Side effects: the state, an audit entry; the reminder to record is settled.
    """
    rows = Meeting.objects.planned().filter(pairing=pairing_id).with_people().order_by("starts_at", "pk")
    row = rows.filter(pk=meeting_id).first() if meeting_id else None
    row = row or rows.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).first()
    if row is None:
        return None
    old = move(row, MeetingState.RECORDED, MOVES, session_id=session_id)
    audit("supervision.record_meeting", row, actor, before={"state": old}, after={"state": row.state})
    _settle_to_record(row)
    return row


def reopen_meeting(*, session_id: int, actor: Asker) -> Meeting | None:
    """The record of a meeting was taken back: it waits to be recorded again, or noted as not held. Audited."""
    row = Meeting.objects.filter(session=session_id, state=MeetingState.RECORDED).with_people().first()
    if row is None:
        return None
    old = move(row, MeetingState.PLANNED, MOVES, session_id=None)
    audit("supervision.reopen_meeting", row, actor, before={"state": old}, after={"state": row.state})
    return row


def _cancel(row: Meeting, actor: Asker | None, *, withdraw: bool) -> None:
    now = timezone.now()
    old = move(row, MeetingState.CANCELLED, MOVES, changed_at=now, sequence=row.sequence + 1)
    if withdraw and row.slot_id:
        Slot.objects.filter(pk=row.slot_id, withdrawn_at=None).update(withdrawn_at=now)
    for mover in row.movers.proposed().with_people():
        lapse_row(mover)
    after: dict[str, Any] = times_of(row) | {"state": row.state}
    audit("supervision.cancel_meeting", row, actor, before={"state": old}, after=after)
    for person in (row.pairing.supervisor.person, row.pairing.mentee):
        settle(user=person.user, source=f"supervision.meeting:{row.pk}:")


def lapse_row(row: Meeting) -> None:
    """A proposal ends without an answer, within an act of somebody. Side effects: audit; what asked for it is settled."""
    try:
        old = move(row, MeetingState.LAPSED, MOVES, changed_at=timezone.now())
    except IllegalMove:
        return
    audit("supervision.lapse_meeting", row, None, before={"state": old}, after={"state": row.state})
    for person in (row.pairing.supervisor.person, row.pairing.mentee):
        settle(user=person.user, source=f"supervision.meeting:{row.pk}:proposed")


def lapse_meeting(*, meeting: Meeting) -> None:
    """A proposal whose time has come without an answer ends. Side effects: audit, notice to whoever proposed it."""
    with transaction.atomic():
        row = Meeting.objects.select_for_update(of=("self",)).with_people().get(pk=meeting.pk)
        if not row.is_proposed:
            return
        lapse_row(row)
        title = gettext_noop("Your proposal for %(when)s to %(name)s was not answered in time")
        tell(row, row.made_by, "lapsed", title, gettext_noop("Propose another time."))


def _require_supervisor(row: Meeting, person: Person) -> None:
    if person.pk != row.pairing.supervisor_id:
        raise NotPossible(_("This is for the supervisor to say."))


def _settle_to_record(row: Meeting) -> None:
    settle(user=row.pairing.supervisor.person.user, source=f"supervision.meeting:{row.pk}:to_record")
