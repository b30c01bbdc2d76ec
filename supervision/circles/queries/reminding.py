"""Whom to tell, and what waits for whom."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, QuerySet

from supervision.circles.models import (
    CircleMember,
    Gathering,
    Participation,
)


def members_told(gathering: Gathering) -> QuerySet[CircleMember]:
    """The members of a gathering's circle, to be told about it."""
    return (
        CircleMember.objects.joined()
        .filter(circle=gathering.circle_id)
        .select_related("person__user__person")
    )


def unanswered(before: datetime) -> QuerySet[Participation]:
    """Rows that wait for their participant since before this moment."""
    rows = Participation.objects.to_confirm().filter(asked_at__lt=before)
    return rows.select_related("person__user__person", "gathering__circle")


def unrecorded(before: datetime) -> QuerySet[Gathering]:
    """Planned gatherings that were over before this moment and are not recorded."""
    return (
        Gathering.objects.planned()
        .filter(ends_at__lt=before)
        .select_related("circle", "leader__user__person")
    )


def beginning(now: datetime, until: datetime) -> QuerySet[Gathering]:
    """Planned gatherings that begin within this time."""
    rows = Gathering.objects.planned().filter(starts_at__gt=now, starts_at__lte=until)
    return rows.select_related("circle", "leader__user__person")


def soon_due(now: datetime, until: datetime) -> QuerySet[Gathering]:
    """Planned gatherings that begin within this time and were not planned or moved only within it."""
    return beginning(now, until).filter(changed_at__lt=F("starts_at") - (until - now))
