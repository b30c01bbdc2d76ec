"""Reading own training: one's own, what waits at the desk, and how it stands for a renewal."""

from __future__ import annotations

import datetime

from django.utils import timezone
from django.utils.formats import date_format

from core.access.scope import Asker
from core.access.states import READERS
from core.people.models import Person
from supervision.supervisors.models import Supervisor
from supervision.supervisors.queries import nearest
from supervision.trainings.models import OwnTraining, OwnTrainingQuerySet, TrainingRequirement, within
from supervision.trainings.policy import Standing, standing_of


def own_trainings(person: Person) -> OwnTrainingQuerySet:
    """What one person has declared, the latest first, with the proofs. One query."""
    return OwnTraining.objects.filter(person=person).select_related("evidence")


def desk_trainings(user: Asker) -> OwnTrainingQuerySet:
    """What this user reads at the desk, never one's own by accident of having declared it."""
    rows = OwnTraining.objects.visible_to(user).filter(within(user, *READERS))
    return rows.select_related(
        "person__user", "person__employer", "person__supervisor__organisation", "evidence", "decided_by"
    )


def requirement_for(path: str, on: datetime.date) -> TrainingRequirement | None:
    """What a renewal asks for at this place on this day. One query."""
    return nearest(TrainingRequirement.objects.in_force(on), path)


def standing(person: Person, supervisor: Supervisor | None) -> Standing:
    """The own training that counts for the next appointment: since the latest designation began, or for who never had
    one all of it; only a renewal asks for a number. Up to two queries, when the designations are prefetched."""
    begun = [row.starts_on for row in supervisor.designations.all()] if supervisor else []
    rows = [row.attended for row in own_trainings(person).live()]
    if supervisor is None or not begun:
        return standing_of(rows, None)
    found = requirement_for(supervisor.organisation.path, timezone.localdate())
    if found is None:
        return standing_of(rows, max(begun))
    source = f"{found.source} · {date_format(found.starts_on)}"
    return standing_of(rows, max(begun), found.minutes, source)
