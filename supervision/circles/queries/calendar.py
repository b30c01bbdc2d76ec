"""Gatherings in one's calendar: on its page, and as entries of the feed that phones subscribe to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.calendars.document import Entry
from core.people.models import Person
from supervision.circles.models import CircleMember, Gathering, Participation
from supervision.circles.states import GatheringState

MOST_SHOWN = 50


def _of(person: Person) -> Any:
    """The gatherings that this person leads, takes part in, or is a member for. No query yet."""
    member = CircleMember.objects.joined().filter(person=person).values("circle")
    parts = Participation.objects.live().filter(person=person).values("gathering")
    return Gathering.objects.filter(Q(leader=person) | Q(circle__in=member) | Q(pk__in=parts))


def calendar_gatherings(person: Person | None) -> list[Gathering]:
    """What this person's circles have planned, the next first. One query."""
    if person is None:
        return []
    rows = _of(person).planned().filter(ends_at__gt=timezone.now()).with_circle()
    return list(rows.order_by("starts_at", "pk")[:MOST_SHOWN])


def gathering_entries(person: Person, since: datetime) -> Iterable[Entry]:
    """Time, place, link and who leads: what it is about stands nowhere in a calendar. One query."""
    rows = _of(person).filter(starts_at__gte=since).with_circle().order_by("starts_at", "pk")
    for row in rows[:1000]:
        yield Entry(
            uid=f"gathering-{row.key}@xinhuo",
            sequence=row.revision,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            summary=_("Group supervision: %(name)s") % {"name": row.circle.name},
            description=_("Led by %(name)s") % {"name": row.leader.name},
            location=str(row.place or (row.get_setting_display() if row.link else "")),
            url=str(row.link),
            changed_at=row.changed_at,
            is_cancelled=row.state == GatheringState.CANCELLED,
        )
