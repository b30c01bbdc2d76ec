"""What the clock does: results run out, and whoever is near an end is reminded."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from core.states import StaleState, move
from lms.pathways.actions.telling import note, tell
from lms.pathways.models import PathwayEnrolment
from lms.pathways.policy import reminder_due
from lms.pathways.states import MOVES, PathwayState


def expire_pathways() -> tuple[int, int]:
    """Once a day: what has run out is said to have; who is near the end is reminded. Returns both numbers.

    Safe to call at any time, and days that were missed are made up for. Side effects: states, audit entries, notices.
    """
    today = timezone.localdate()
    over = PathwayEnrolment.objects.filter(state=PathwayState.COMPLETED, expires_on__lt=today)
    expired = sum(expire_pathway(enrolment=row) for row in over.select_related("pathway__organisation"))
    valid = PathwayEnrolment.objects.filter(
        state=PathwayState.COMPLETED, expires_on__gte=today, person__user__is_active=True
    )
    reminded = 0
    for row in valid.select_related("pathway", "person__user"):
        days = reminder_due(row.expires_on, today=today) if row.expires_on else None
        if days is not None and not _is_renewed(row):
            reminded += _remind(row, days)
    return expired, reminded


@transaction.atomic
def expire_pathway(*, enrolment: PathwayEnrolment) -> bool:
    """Say that a completed round has run out; False when that was said before. Side effects: audit entry, notice."""
    try:
        move(enrolment, PathwayState.EXPIRED, MOVES)
    except StaleState:
        return False
    note("lms.expire_pathway", enrolment, None, after={"round": enrolment.round})
    if not _is_renewed(enrolment):
        tell(
            enrolment,
            "expired",
            gettext_noop("Your result has run out: %(pathway)s"),
            gettext_noop("You can begin the next round at any time. Your former rounds stay on record."),
        )
    return True


def _is_renewed(row: PathwayEnrolment) -> bool:
    """Whether a later round has been completed already."""
    later = PathwayEnrolment.objects.filter(pathway=row.pathway_id, person=row.person_id)
    return later.filter(round__gt=row.round, completed_on__isnull=False).exists()


def _remind(row: PathwayEnrolment, days: int) -> bool:
    return tell(
        row,
        f"ends-{days}",
        gettext_noop("Valid until %(day)s: %(pathway)s"),
        gettext_noop("Renew it in time: begin the next round, and see which courses it asks for."),
        day=row.expires_on,
    )
