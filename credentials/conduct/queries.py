"""Reading conduct records."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.db.models import QuerySet

from core.access.scope import Asker
from core.people.models import Person
from credentials.conduct.models import ConductRecord


def desk_conduct(user: Asker) -> QuerySet[ConductRecord]:
    """The conduct records that this user may read, with what a page of the desk shows."""
    rows = ConductRecord.objects.visible_to(user)
    return rows.select_related("person__user", "person__employer", "recorded_by__person", "lifted_by__person")


def conduct_of(person: Person) -> QuerySet[ConductRecord]:
    """Everything that stands about somebody, or stood: they may read it themselves."""
    return ConductRecord.objects.filter(person=person)


def standing_since(person_ids: Iterable[int], day: datetime.date) -> QuerySet[ConductRecord]:
    """What stands about these people and happened on this day or later."""
    return ConductRecord.objects.since(day).filter(person__in=list(person_ids))
