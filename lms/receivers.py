"""What lms does when others speak, or when one of its own features does to those above it. One line each."""

from __future__ import annotations

from typing import Any

from core.people.models import User
from lms.cohorts.models import Cohort
from lms.enrolments import actions as enrolments
from lms.signals import CohortCancelled, PlacesAdded, cohort_cancelled, places_added


def on_places_added(sender: object, event: PlacesAdded, **_: Any) -> None:
    enrolments.fill_places(cohort=Cohort.objects.get(pk=event.cohort_id))


def on_cohort_cancelled(sender: object, event: CohortCancelled, **_: Any) -> None:
    actor = User.objects.filter(pk=event.actor_id).first() if event.actor_id else None
    enrolments.end_all(cohort=Cohort.objects.get(pk=event.cohort_id), reason=event.reason, actor=actor)


def connect() -> None:
    """Called once by apps.py."""
    places_added.connect(on_places_added, dispatch_uid="lms.places_added")
    cohort_cancelled.connect(on_cohort_cancelled, dispatch_uid="lms.cohort_cancelled")
