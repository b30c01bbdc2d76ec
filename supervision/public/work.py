"""What waits for an administrator, and what was left undone."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet, Value

from core.access.scope import Asker
from supervision.appointments import actions as appointments
from supervision.appointments.models import SupervisorApplication
from supervision.circles import actions as circles
from supervision.circles.models import CircleReview, LateGathering
from supervision.matching.models import Appeal
from supervision.pairings import actions as pairings
from supervision.sessions.models import LateRecord, SessionReview
from supervision.trainings.models import OwnTraining
from supervision.wishes.models import PairWish


def work_rows(user: Asker) -> list[QuerySet[Any, Any]]:
    """What waits for this administrator's decision, never of one's own, each kind as rows of (kind, how many), for one union:
    "applications" as supervisor, own "trainings", "late" records and "late_gatherings", "reviews" of what was said and
    "circle_reviews", "appeals" against rounds and "wishes" of pairs. No query."""
    waiting: dict[str, QuerySet[Any]] = {
        "applications": SupervisorApplication.objects.to_decide(user),
        "trainings": OwnTraining.objects.to_decide(user),
        "late": LateRecord.objects.to_decide(user),
        "late_gatherings": LateGathering.objects.to_decide(user),
        "reviews": SessionReview.objects.to_decide(user),
        "circle_reviews": CircleReview.objects.to_decide(user),
        "appeals": Appeal.objects.to_decide(user),
        "wishes": PairWish.objects.to_decide(user),
    }
    return [
        rows.order_by().annotate(of=Value(kind)).values_list("of").annotate(number=Count("pk"))
        for kind, rows in waiting.items()
    ]


def work_for(user: Asker) -> dict[str, int]:
    """How much of each kind waits for this administrator; only what there is any of. One query."""
    first, *others = work_rows(user)
    return dict(first.union(*others, all=True))


def reconcile() -> list[str]:
    """Find and mend what was left undone: places counted wrongly, ends of designations that nobody was told of."""
    return [*pairings.reconcile(), *appointments.reconcile(), *circles.reconcile()]
