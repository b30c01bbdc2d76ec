"""Whom the record of a gathering can tick, what went before it, its list to sign, and when the next one most likely is."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from core.access.scope import Asker
from core.people.models import Person
from supervision.circles.document import Line, ListFacts
from supervision.circles.models import (
    Circle,
    CircleMember,
    Gathering,
    GatheringAction,
    GatheringDraft,
)
from supervision.circles.states import (
    LIVE,
    GatheringState,
    PartState,
)

USUAL = timedelta(minutes=90)
UNPLANNED = timedelta(days=60)


def parts_counted(rows: QuerySet[Gathering]) -> QuerySet[Gathering]:
    """Gatherings with how many `came`, how many `confirmed` and `disputed`, and the `credited` minutes. One query."""
    return rows.annotate(
        came=Count("parts", filter=Q(parts__state__in=sorted(LIVE))),
        confirmed=Count("parts", filter=Q(parts__state=PartState.CONFIRMED)),
        disputed=Count("parts", filter=Q(parts__state=PartState.DISPUTED)),
        waiting=Count("parts", filter=Q(parts__state=PartState.WAITING)),
        credited=Sum("parts__minutes", filter=Q(parts__state=PartState.CONFIRMED), default=0),
    ).order_by("-starts_at", "-pk")


def people_of(
    gathering: Gathering | None, circle: Circle, leader_id: int, span: tuple[datetime, datetime] | None = None
) -> list[Person]:
    """Whom the record can tick: who was a member at that time, and whoever stands in it already; not the leader. One
    query."""
    if span is None:
        now = timezone.now()
        span = (now, now) if gathering is None else (gathering.starts_at, gathering.ends_at)
    members = CircleMember.objects.belonging(*span).filter(circle=circle)
    known = Q(circles__in=members)
    if gathering is not None:
        known |= Q(participations__gathering=gathering)
    rows = Person.objects.filter(known).exclude(pk=leader_id).select_related("employer")
    return list(rows.distinct().order_by("pinyin", "pk"))


def lately(now: datetime) -> tuple[datetime, datetime]:
    """The time in which a gathering that was not planned most likely was."""
    return now - UNPLANNED, now


def series_after(gathering: Gathering) -> list[Gathering]:
    """The later planned gatherings that were planned together with this one. One query."""
    if gathering.series is None:
        return []
    rows = Gathering.objects.planned().filter(series=gathering.series, starts_at__gt=gathering.starts_at)
    return list(rows.with_circle().order_by("starts_at", "pk"))


def open_actions(circle: Circle, user: Asker) -> list[GatheringAction]:
    """What this reader may still tick off of earlier gatherings, the oldest first. One query."""
    rows: Any = GatheringAction.objects.visible_to(user).filter(closed_at=None, gathering__circle=circle)
    rows = rows.filter(gathering__state=GatheringState.LOGGED).select_related("person", "gathering")
    return list(rows.order_by("pk")[:30])


def gathering_draft_of(circle: Circle, user: Asker, gathering: Gathering | None) -> GatheringDraft | None:
    """What this leader has typed of it and not handed in; None when it was handed in meanwhile."""
    draft = GatheringDraft.objects.visible_to(user).filter(circle=circle, gathering=gathering).first()
    return None if draft is None or was_sent(draft.key) else draft


def was_sent(key: uuid.UUID) -> bool:
    """Whether the form with this key was handed in."""
    return Gathering.objects.filter(key=key).exclude(state=GatheringState.PLANNED).exists()


def usual_plan(circle: Circle, now: datetime) -> tuple[datetime, datetime]:
    """When the next gathering most likely is: as the last one, so many days later; else tomorrow afternoon."""
    last = circle.gatherings.exclude(state=GatheringState.CANCELLED).order_by("-starts_at").first()
    if last is None:
        start = timezone.localtime(now).replace(hour=14, minute=0, second=0, microsecond=0) + timedelta(
            days=1
        )
        return start, start + USUAL
    step = timedelta(days=circle.every_days)
    start = last.starts_at + step
    while start <= now:
        start += step
    return timezone.localtime(start), timezone.localtime(start + (last.ends_at - last.starts_at))


def desk_gatherings(user: Asker, condition: Q) -> QuerySet[Gathering]:
    """The gatherings that this user reads from the desk, with counts and minutes. One query."""
    rows = Gathering.objects.visible_to(user).filter(condition).with_circle()
    return parts_counted(rows)


def list_facts(gathering: Gathering) -> ListFacts:
    """What the printed list of a gathering says: who took part, or of a plan who the members are. Two queries."""
    circle = gathering.circle
    details = ""
    if gathering.is_logged:
        kinds = (gathering.get_form_display(), gathering.get_mode_display(), gathering.get_setting_display())
        details = " · ".join((*kinds, *(f"{label} {part}%" for label, part in gathering.share_labels)))
        rows = gathering.parts.live().select_related("person__employer")
        lines = [
            Line(row.person.name, _employer(row.person), str(row.minutes), str(row.get_state_display()))
            for row in rows
        ]
    else:
        people = people_of(None, circle, gathering.leader_id)
        lines = [Line(person.name, _employer(person)) for person in people]
    return ListFacts(
        circle=circle.name,
        kind=str(circle.get_kind_display()),
        organisation=circle.organisation.name,
        leader=gathering.leader.name,
        starts_at=timezone.localtime(gathering.starts_at),
        ends_at=timezone.localtime(gathering.ends_at),
        details=details,
        lines=tuple(lines),
        watermark="样例" if gathering.leader.is_sample else None,
    )


def _employer(person: Person) -> str:
    return person.employer.name if person.employer else ""
