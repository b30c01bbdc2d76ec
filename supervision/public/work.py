"""What waits for an administrator, and what was left undone."""

from __future__ import annotations

from django.db.models import Count, Value

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


def work_for(user: Asker) -> dict[str, int]:
    """How much waits for this administrator's decision, never of one's own: "applications" as supervisor, own
    "trainings", "late" records and "late_gatherings", "reviews" of what was said and "circle_reviews", "appeals" against
    rounds and "wishes" of pairs. Only what there is any of. One query."""
    waiting = {
        "applications": SupervisorApplication.objects.to_decide(user),
        "trainings": OwnTraining.objects.to_decide(user),
        "late": LateRecord.objects.to_decide(user),
        "late_gatherings": LateGathering.objects.to_decide(user),
        "reviews": SessionReview.objects.to_decide(user),
        "circle_reviews": CircleReview.objects.to_decide(user),
        "appeals": Appeal.objects.to_decide(user),
        "wishes": PairWish.objects.to_decide(user),
    }
    counted = [
        rows.order_by().annotate(of=Value(kind)).values_list("of").annotate(number=Count("pk"))
        for kind, rows in waiting.items()
    ]
    return dict(counted[0].union(*counted[1:], all=True))


def reconcile() -> list[str]:
    """Find and mend what was left undone: places counted wrongly, ends of designations that nobody was told of."""
    return [*pairings.reconcile(), *appointments.reconcile(), *circles.reconcile()]
