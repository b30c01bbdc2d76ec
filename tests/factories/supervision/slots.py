"""Slots and planned meetings."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from supervision.models import (
        Meeting,
        Pairing,
        Slot,
        Supervisor,
    )


def make_slot(
    supervisor: Supervisor, days: int = 2, hour: int = 10, minutes: int = 60, **fields: object
) -> Slot:
    """A slot in the supervisor's office in so many days, offered to all mentees unless `chosen` names pairings."""
    from supervision.models import Slot

    chosen = fields.pop("chosen", ())
    starts_at = _coming(days, hour)
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=minutes)}
    slot = Slot.objects.create(supervisor=supervisor, **{"place": "督导室", **times} | fields)
    slot.chosen.set(chosen)
    return slot


def make_meeting(
    pairing: Pairing,
    state: str = "planned",
    days: int = 2,
    hour: int = 10,
    minutes: int = 60,
    **fields: object,
) -> Meeting:
    """A meeting in so many days (before today with a minus), proposed by the supervisor two days ago."""
    from supervision.models import Meeting
    from supervision.slots.states import IN_CALENDAR

    starts_at, before = _coming(days, hour), timezone.now() - timedelta(days=2)
    defaults: dict[str, object] = {
        "made_by": pairing.supervisor.person,
        "state": state,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=minutes),
        "place": "督导室",
        "created_at": before,
        "changed_at": before,
        "planned_at": before if state in IN_CALENDAR else None,
    }
    return Meeting.objects.create(pairing=pairing, **defaults | fields)


def _coming(days: int, hour: int) -> datetime:
    day = timezone.localtime() + timedelta(days=days)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)
