"""Reading commendations."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from core.access.scope import Asker
from credentials.commendations.models import Commendation


def desk_commendations(user: Asker) -> QuerySet[Commendation]:
    """The commendations that this user may read, with what a row and a page of the desk show."""
    rows = Commendation.objects.visible_to(user)
    return rows.select_related("person__user", "person__employer", "registered_by__person")


def registered_for(person_ids: Iterable[int]) -> QuerySet[Commendation]:
    """What is registered for these people, the latest first."""
    return Commendation.objects.registered().filter(person__in=list(person_ids))
