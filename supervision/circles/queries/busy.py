"""When people are busy with gatherings."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from core.people.engagements import Engagement
from supervision.circles.models import (
    Gathering,
    Participation,
)
from supervision.circles.states import (
    PartState,
)


@dataclass(frozen=True)
class Busy:
    """Somebody's time that is taken by a gathering: by which circle, for that person to read."""

    person_id: int
    starts_at: datetime
    ends_at: datetime
    by: str


def in_gathering(person_ids: Collection[int], starts_at: datetime, ends_at: datetime) -> Iterable[Engagement]:
    """The recorded gatherings in which these people took part, undisputed, or which they led, without which. Two queries."""
    people = set(person_ids)
    rows = Gathering.objects.logged().filter(starts_at__lt=ends_at, ends_at__gt=starts_at)
    for row in rows.filter(leader__in=people):
        yield Engagement(row.leader_id, row.starts_at, row.ends_at, _("a group supervision"))
    parts = Participation.objects.taking_time().filter(
        person__in=people, gathering__in=rows.order_by().values("pk")
    )
    for part in parts.select_related("gathering"):
        held, agreed = part.gathering, part.state == PartState.CONFIRMED
        yield Engagement(part.person_id, held.starts_at, held.ends_at, _("a group supervision"), agreed)


def gathering_at(
    people: Collection[int], starts_at: datetime, ends_at: datetime, *, besides: int | None = None
) -> Busy | None:
    """A recorded gathering at that time in which one of these people took part or which one led. Two queries at most."""
    rows = (
        Gathering.objects.logged()
        .filter(starts_at__lt=ends_at, ends_at__gt=starts_at)
        .exclude(pk=besides or 0)
    )
    led = rows.filter(leader__in=list(people)).select_related("circle").order_by("starts_at").first()
    if led is not None:
        return Busy(led.leader_id, led.starts_at, led.ends_at, led.circle.name)
    part = (
        Participation.objects.taking_time()
        .filter(person__in=list(people), gathering__in=rows.order_by().values("pk"))
        .select_related("gathering__circle")
        .order_by("gathering__starts_at")
        .first()
    )
    if part is None:
        return None
    held = part.gathering
    return Busy(part.person_id, held.starts_at, held.ends_at, held.circle.name)


def planned_at(
    leader_id: int, starts_at: datetime, ends_at: datetime, *, besides: int | None = None
) -> Gathering | None:
    """Another gathering that this person leads and that is planned at that time."""
    rows = Gathering.objects.planned().filter(leader=leader_id, starts_at__lt=ends_at, ends_at__gt=starts_at)
    return rows.exclude(pk=besides or 0).select_related("circle").order_by("starts_at").first()
