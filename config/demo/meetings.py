"""The demo supervisor's calendar: offered slots, a booked one, a proposal to answer, a session still to be recorded."""

from __future__ import annotations

import datetime

from django.utils import timezone

from config.demo.teaching import as_of
from supervision.models import Supervisor
from supervision.slots.actions import accept_meeting, book_slot, offer_slots, propose_meeting
from supervision.slots.models import Meeting, Slot
from supervision.slots.policy import Plan

ROOM = "社工站会谈室（示例）"


def plan_meetings(supervisor: Supervisor) -> None:
    """What is planned between a supervisor and the first two mentees. Idempotent."""
    if Slot.objects.filter(supervisor=supervisor).exists() or Meeting.objects.filter(
        pairing__supervisor=supervisor
    ):
        return
    actor = supervisor.person.user
    first, second = supervisor.pairings.open().with_people().order_by("pk")[:2]
    today = timezone.localdate()
    tuesday = today + datetime.timedelta(days=(1 - today.weekday()) % 7 or 7)
    weekly = [_plan(tuesday + datetime.timedelta(weeks=week), 19) for week in range(6)]
    slots = offer_slots(supervisor=supervisor, actor=actor, plans=weekly)
    online = Plan(
        **{**vars(_plan(tuesday + datetime.timedelta(days=2), 20)), "setting": "online", "place": "线上会议"},
    )
    offer_slots(supervisor=supervisor, actor=actor, plans=[online])
    book_slot(slot=slots[0], actor=first.mentee.user, text="想谈谈接案时的预估。")
    propose_meeting(
        pairing=second,
        actor=second.mentee.user,
        plans=[_plan(tuesday + datetime.timedelta(days=4), 15)],
        text="周六下午小组活动之后有空。",
    )
    yesterday = today - datetime.timedelta(days=1)
    with as_of(timezone.now() - datetime.timedelta(days=6)):
        asked = propose_meeting(pairing=first, actor=actor, plans=[_plan(yesterday, 16)])
        accept_meeting(meeting=asked, actor=first.mentee.user)


def _plan(day: datetime.date, hour: int) -> Plan:
    starts_at = timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))
    return Plan(starts_at, starts_at + datetime.timedelta(minutes=60), place=ROOM)
