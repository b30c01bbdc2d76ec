"""In which gatherings two people were together."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from supervision.circles.models import Gathering, Participation


def gatherings_of_both(one: str, other: str) -> QuerySet[Gathering]:
    """The gatherings in which both people were that the outer row names in these columns, the last first: each led it,
    or confirmed their part. For a subquery."""
    parts = Participation.objects.confirmed().filter(gathering=OuterRef("pk"))
    rows = Gathering.objects.logged().filter(counted_at__isnull=False)
    for column in (one, other):
        was_there = Exists(parts.filter(person=OuterRef(OuterRef(column))))
        rows = rows.filter(Q(leader=OuterRef(column)) | was_there)
    return rows.order_by("-starts_at")
