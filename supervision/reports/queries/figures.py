"""Counting supervision in one tree for a month or a year: the same few statements, however many organisations there are.

Only that something took place, how long and of which kind is counted. No text of a pair is ever read here.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from core.access.states import READERS, Role
from core.organisations.models import Organisation, RoleAssignment
from core.people.models import Person
from supervision.agreements.models import Agreement
from supervision.circles.models import Participation
from supervision.evaluations.models import EvaluationResult
from supervision.pairings.models import Pairing
from supervision.pairings.queries import quiet_pairings
from supervision.pairings.states import OPEN, PairingState
from supervision.reports.policy import Fact, Rated, Row, fold, fold_by_tier
from supervision.reports.queries.held import (
    beyond_facts,
    held_facts,
    minutes_by_month,
    objections,
    parts_in,
    sessions_in,
)
from supervision.sessions.models import Session
from supervision.supervisors.models import Designation, Supervisor
from supervision.supervisors.states import Tier

CONFIRM_WITHIN = 7  # days; an officer may choose others
PER_PATH = "organisation__path"
RANK = {tier.value: rank for rank, tier in enumerate(Tier)}
HIGHEST_FIRST = tuple(reversed(RANK))


@dataclass(frozen=True)
class Period:
    """Which days are counted, and after how many days a session counts as not confirmed in time."""

    span: str
    first_on: datetime.date
    last_on: datetime.date
    confirm_within: int = CONFIRM_WITHIN

    @property
    def day(self) -> datetime.date:
        """On which day people, pairs and tiers are counted: the last one, or today while it lasts."""
        return min(self.last_on, timezone.localdate())


@dataclass(frozen=True)
class Figures:
    """One tree in one period: a row for each child and for each tier, the total, and minutes month by month."""

    organisation: Organisation
    period: Period
    rows: list[Row]
    total: Row
    tiers: list[Row]
    trend: list[tuple[datetime.date, int]]
    as_of: datetime.datetime


def figures_of(organisation: Organisation, period: Period) -> Figures:
    """Everything that a report says. As many statements for one organisation as for a thousand."""
    path, now = organisation.path, timezone.now()
    children = list(organisation.get_children().values_list("path", "name"))
    facts = [
        *held_facts(path, period.first_on, period.last_on),
        *beyond_facts(path, period.first_on, period.last_on, standing(period.day)),
        *objections(path, period.first_on, period.last_on),
        *_pairings(path, period),
        *_people(path, period),
        *_overdue(path, period, now),
    ]
    rated = list(_rated(path, period))
    rows, total = fold((path, organisation.name), children, facts, rated)
    tiers = fold_by_tier(HIGHEST_FIRST, tiers_on(period.day), facts, rated)
    return Figures(organisation, period, rows, total, tiers, _trend(path, period), now)


def top_tier(tiers: Iterable[str]) -> str:
    """The highest of the tiers that somebody holds at the same time; "" of none."""
    return max(tiers, key=lambda tier: RANK[tier], default="")


def tiers_on(day: datetime.date) -> dict[int, str]:
    """The highest tier that each supervisor held on a day. One statement."""
    found: dict[int, str] = {}
    for supervisor, tier in Designation.objects.in_force(day).order_by().values_list("supervisor", "tier"):
        found[supervisor] = top_tier({tier, found.get(supervisor, tier)})
    return found


def standing(day: datetime.date) -> Q:
    """The pairings that stood on a day: begun, and not ended before or on it."""
    return Q(starts_on__lte=day) & (Q(state__in=sorted(OPEN)) | Q(state=PairingState.ENDED, ends_on__gt=day))


def _pairings(path: str, period: Period) -> Iterable[Fact]:
    rows = Pairing.objects.filter(standing(period.day), organisation__path__startswith=path).order_by()
    for at, by, number in rows.values_list(PER_PATH, "supervisor").annotate(n=Count("pk")):
        yield Fact(at, "pairings", number, by)
    supervisors = Supervisor.objects.active().filter(organisation__path__startswith=path).order_by()
    for at, by in supervisors.values_list(PER_PATH, "pk"):
        yield Fact(at, "supervisors", 1, by)


def _people(path: str, period: Period) -> Iterable[Fact]:
    """The people to be supervised who are employed there today, and those of them who are: in a pair, or by a gathering
    in the period. Who runs the desk there or supervises is not among them."""
    officers = RoleAssignment.objects.in_force(period.day).filter(role__in=[*READERS, Role.FINANCE])
    rows = Person.objects.filter(employer__path__startswith=path, user__is_active=True, supervisor=None)
    rows = rows.exclude(user__in=officers.values("user")).order_by()
    paired = Pairing.objects.filter(standing(period.day), mentee=OuterRef("pk"))
    together: Any = parts_in("", period.first_on, period.last_on).filter(person=OuterRef("pk"))
    grouped = rows.annotate(covered=Exists(paired) | Exists(together)).values_list(
        "employer__path", "covered"
    )
    for at, covered, number in grouped.annotate(n=Count("pk")):
        yield Fact(at, "trainees", number)
        if covered:
            yield Fact(at, "covered", number)


def _overdue(path: str, period: Period, now: datetime.datetime) -> Iterable[Fact]:
    """What is late as it stands now: pairs gone quiet, what is not confirmed in time, pairs without an agreement."""
    quiet = quiet_pairings(now).filter(organisation__path__startswith=path)
    for at, number in Counter(quiet.order_by().values_list(PER_PATH, flat=True)).items():
        yield Fact(at, "quiet", number)
    before = now - datetime.timedelta(days=period.confirm_within)
    late: Any = Session.objects.to_confirm().filter(
        pairing__organisation__path__startswith=path, logged_at__lt=before
    )
    parts: Any = Participation.objects.to_confirm().filter(
        organisation__path__startswith=path, asked_at__lt=before
    )
    of_pairs = late.order_by().values_list("pairing__organisation__path").annotate(n=Count("pk"))
    of_parts = parts.order_by().values_list(PER_PATH).annotate(n=Count("pk"))
    for at, number in of_pairs.union(of_parts, all=True):
        yield Fact(at, "late", number)
    agreed = Agreement.objects.in_force().filter(pairing=OuterRef("pk"))
    bare = Pairing.objects.open().filter(~Exists(agreed), organisation__path__startswith=path)
    for at, number in bare.order_by().values_list(PER_PATH).annotate(n=Count("pk")):
        yield Fact(at, "no_agreement", number)


def _rated(path: str, period: Period) -> Iterable[Rated]:
    """What is published of the supervisors there, of half-years that were over in the period."""
    rows = EvaluationResult.objects.filter(
        supervisor__organisation__path__startswith=path,
        last_on__gte=period.first_on,
        last_on__lte=period.last_on,
    ).annotate(at=F("supervisor__organisation__path"))
    for row in rows:
        yield Rated(row.at, row.people, row.mean, row.supervisor_id)


def _trend(path: str, period: Period) -> list[tuple[datetime.date, int]]:
    """Confirmed minutes of the twelve months up to the end of the period."""
    last = period.last_on.replace(day=1)
    months = [_month_before(last, back) for back in range(11, -1, -1)]
    found = minutes_by_month(path, months[0], period.last_on)
    return [(month, found.get(month, 0)) for month in months]


def _month_before(first: datetime.date, back: int) -> datetime.date:
    number = first.year * 12 + first.month - 1 - back
    return datetime.date(number // 12, number % 12 + 1, 1)


def is_large(organisation: Organisation, period: Period, limit: int) -> bool:
    """Whether there is more than is counted while somebody waits. Two queries."""
    days = (organisation.path, period.first_on, period.last_on)
    found = sum(rows[: limit + 1].count() for rows in (sessions_in(*days), parts_in(*days)))
    return found > limit
