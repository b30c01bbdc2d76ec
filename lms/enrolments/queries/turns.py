"""The order of a waiting list as those on it may see it, and the rule about leaving."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page
from django.db.models import Q, QuerySet
from django.utils import timezone

from lms.cohorts.models import Cohort
from lms.enrolments.models import Enrolment
from lms.enrolments.policy import Leaving, leaving
from lms.enrolments.states import EnrolmentState


def leaving_of(enrolment: Enrolment) -> Leaving:
    """The rule about leaving for this enrolment today (see `leaving`)."""
    return leaving(
        is_enrolled=enrolment.state == EnrolmentState.ENROLLED,
        until=enrolment.cohort.withdraw_until,
        today=timezone.localdate(),
    )


@dataclass(frozen=True)
class Turn:
    """One line of a waiting list as those on it may see it: no name. Whoever has an offer waits no more: no number."""

    number: int | None
    applied_at: datetime
    held_until: datetime | None
    is_own: bool


def turns_of(cohort: Cohort) -> QuerySet[Enrolment]:
    """The order of a cohort's waiting list: those with an open offer, then those who wait. Without the people."""
    waits = Q(state=EnrolmentState.WAITING, person__user__is_active=True)
    rows = cohort.enrolments.filter(Q(state=EnrolmentState.OFFERED) | waits)
    # The cohort is among the fields, since rows that are reached through it are tied to it one by one.
    shown = ("pk", "cohort", "state", "applied_at", "offer_expires_at")
    return rows.order_by("state", "applied_at", "pk").only(*shown)


def turns_on(page: Page[Enrolment], own: Enrolment) -> list[Turn]:
    """The lines of one page of `turns_of` as whoever has the enrolment `own` sees them. One query."""
    offered = own.cohort.enrolments.offered().count()
    return [
        Turn(
            number=place - offered if row.state == EnrolmentState.WAITING else None,
            applied_at=row.applied_at,
            held_until=row.offer_expires_at if row.state == EnrolmentState.OFFERED else None,
            is_own=row.pk == own.pk,
        )
        for place, row in enumerate(page, start=page.start_index())
    ]
