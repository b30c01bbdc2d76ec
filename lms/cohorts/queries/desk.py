"""Cohorts at the desk: those at work, what they lack, and where else there is a place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, When
from django.urls import reverse
from django.utils import timezone

from core.access.scope import Asker
from lms.cohorts.models import IN_LINE, MEMBERS, Cohort
from lms.cohorts.policy import (
    JOINABLE,
    Alarm,
    Standing,
    alarm_of,
    shortfall,
)
from lms.cohorts.queries.runs import facts_of, state_of, state_words, tone_of
from lms.cohorts.queries.wording import titled

ENDED_LATELY = timedelta(days=30)  # the last marks and certificates of a cohort take about a month


def desk_cohorts(user: Asker) -> QuerySet[Cohort]:
    """The cohorts this officer sees, with how many applications wait for a decision, how many people for a place, and how
    many are in for certain."""
    asked = {"applications": Count("enrolments", filter=Q(enrolments__state=Standing.APPLIED))}
    asked["waiting_count"] = Count("enrolments", filter=IN_LINE)
    asked["members_count"] = Count("enrolments", filter=MEMBERS)
    rows = Cohort.objects.visible_to(user).select_related("course", "version", "organisation")
    return rows.annotate(**asked)


def missing_in(cohort: Cohort, now: datetime | None = None) -> int:
    """How many people are missing to the cohort's minimum now (see `shortfall`)."""
    if cohort.min_members is None:
        return 0
    return shortfall(facts_of(cohort), members=cohort.members, now=timezone.localtime(now))


def alarm_in(cohort: Cohort, now: datetime | None = None) -> Alarm | None:
    """Why it is time to say that the cohort misses its minimum (see `alarm_of`); None when it is not."""
    return alarm_of(facts_of(cohort), members=cohort.members, now=timezone.localtime(now))


def elsewhere(cohort: Cohort, *, now: datetime | None = None) -> list[Cohort]:
    """The other cohorts of the same course that are open to all now and have a free place, soonest first.

    One query. They are `with_waiting`: where anybody waits, no place is free.
    """
    rows = Cohort.objects.public().filter(course_id=cohort.course_id).exclude(pk=cohort.pk)
    rows = rows.in_state(*JOINABLE, now=now).filter(by_invitation=False).with_waiting()
    return list(rows.select_related("organisation", "version", "plan").order_by("starts_on", "pk"))


@dataclass(frozen=True)
class CohortSummary:
    """One cohort on an officer's dashboard; `url` leads to its applications in the admin."""

    id: int
    title: str
    course_title: str
    organisation: str
    state: str
    state_label: str
    tone: str
    applications: int
    seats_taken: int
    capacity: int
    starts_on: date | None
    ends_on: date | None
    url: str


def cohorts_for(user: Asker, *, limit: int | None = None) -> list[CohortSummary]:
    """The cohorts this officer works with: those that run first, then those that take applications, those to come, and
    those that have ended lately; among these what waits for a decision first, then the newest. None that is cancelled
    or ended long ago. One query."""
    now = timezone.localtime()
    today = now.date()
    takes_applications = Q(opens_at__lte=now) & (Q(closes_at=None) | Q(closes_at__gt=now))
    order = Case(
        When(ends_on__lt=today, then=3),
        When(starts_on__lte=today, then=0),
        When(takes_applications, then=1),
        default=2,
    )
    rows = desk_cohorts(user).filter(cancelled_at=None).exclude(ends_on__lt=today - ENDED_LATELY)
    rows = rows.order_by(order, "-applications", "-starts_on", "-pk")  # type: ignore[misc]
    return [_summary(cohort) for cohort in rows[:limit]]


def _summary(cohort: Any) -> CohortSummary:
    state = state_of(cohort)
    return CohortSummary(
        id=cohort.pk,
        title=titled(cohort.title, cohort.title_en),
        course_title=titled(cohort.version.title, cohort.version.title_en),
        organisation=cohort.organisation.name,
        state=state,
        state_label=state_words(state),
        tone=tone_of(state),
        applications=cohort.applications,
        seats_taken=cohort.seats_taken,
        capacity=cohort.capacity,
        starts_on=cohort.starts_on,
        ends_on=cohort.ends_on,
        url=reverse("applications:cohort", args=[cohort.pk]),
    )
