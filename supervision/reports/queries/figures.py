"""Counting supervision in one tree for a month or a year: the same few statements, however many organisations there are.

Only that something took place, how long and of which kind is counted. No text of a pair is ever read here.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from core.organisations.models import Organisation
from core.people.models import Person
from supervision.evaluations.models import EvaluationResult
from supervision.pairings.models import Pairing
from supervision.pairings.queries import quiet_pairings
from supervision.pairings.states import OPEN, PairingState
from supervision.reports.policy import Fact, Rated, Row, fold, hours
from supervision.sessions.models import Session, SessionRemark
from supervision.sessions.states import LIVE, RemarkKind, SessionState
from supervision.supervisors.models import Supervisor

CONFIRM_WITHIN = 7  # days; an officer may choose others
PER_PATH = "organisation__path"


@dataclass(frozen=True)
class Period:
    """Which days are counted, and after how many days a session counts as not confirmed in time."""

    span: str
    first_on: datetime.date
    last_on: datetime.date
    confirm_within: int = CONFIRM_WITHIN


@dataclass(frozen=True)
class Figures:
    """One tree in one period: a row for each child, the total, minutes by kind, and hours month by month."""

    organisation: Organisation
    period: Period
    rows: list[Row]
    total: Row
    trend: list[tuple[datetime.date, int]]
    as_of: datetime.datetime


def moments(first: datetime.date, last: datetime.date) -> tuple[datetime.datetime, datetime.datetime]:
    """The first moment of the first day, and the first after the last day."""

    def begin(day: datetime.date) -> datetime.datetime:
        return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))

    return begin(first), begin(last + datetime.timedelta(days=1))


def figures_of(organisation: Organisation, period: Period) -> Figures:
    """Everything that a report says. Thirteen statements for one organisation and for a thousand."""
    path, now = organisation.path, timezone.now()
    children = list(organisation.get_children().values_list("path", "name"))
    facts = [
        *_sessions(path, period),
        *_objections(path, period),
        *_pairings(path, period),
        *_people(path, period),
        *_overdue(path, period, now),
    ]
    rows, total = fold((path, organisation.name), children, facts, _rated(path, period))
    return Figures(organisation, period, rows, total, _trend(path, period), now)


def _sessions(path: str, period: Period) -> Iterable[Fact]:
    begin, end = moments(period.first_on, period.last_on)
    rows = Session.objects.filter(
        pairing__organisation__path__startswith=path,
        starts_at__gte=begin,
        starts_at__lt=end,
        state__in=sorted(LIVE),
    ).order_by()
    grouped = rows.values_list("pairing__organisation__path", "state", "form", "mode", "functions").annotate(
        held=Count("pk"), length=Sum("minutes")
    )
    for at, state, form, mode, functions, held, length in grouped:
        yield Fact(at, "sessions", held)
        if state != SessionState.CONFIRMED:
            continue
        yield Fact(at, "confirmed", held)
        yield Fact(at, "minutes", length)
        yield Fact(at, f"form:{form}", length)
        yield Fact(at, f"mode:{mode}", length)
        for each in functions:
            yield Fact(at, f"function:{each}", held)


def _objections(path: str, period: Period) -> Iterable[Fact]:
    """How many sessions were objected to: that there is an objection, not what it says."""
    begin, end = moments(period.first_on, period.last_on)
    rows = SessionRemark.objects.filter(
        kind=RemarkKind.DISPUTE,
        session__pairing__organisation__path__startswith=path,
        session__starts_at__gte=begin,
        session__starts_at__lt=end,
        session__state__in=sorted(LIVE),
    ).order_by()
    for at, number in rows.values_list("session__pairing__organisation__path").annotate(
        n=Count("session", distinct=True)
    ):
        yield Fact(at, "objected", number)


def standing(day: datetime.date) -> Q:
    """The pairings that stood on a day: begun, and not ended before or on it."""
    return Q(starts_on__lte=day) & (Q(state__in=sorted(OPEN)) | Q(state=PairingState.ENDED, ends_on__gt=day))


def _pairings(path: str, period: Period) -> Iterable[Fact]:
    day = min(period.last_on, timezone.localdate())
    rows = Pairing.objects.filter(standing(day), organisation__path__startswith=path).order_by()
    for at, number in rows.values_list(PER_PATH).annotate(n=Count("pk")):
        yield Fact(at, "pairings", number)
    supervisors = Supervisor.objects.active().filter(organisation__path__startswith=path).order_by()
    for at, number in supervisors.values_list(PER_PATH).annotate(n=Count("pk")):
        yield Fact(at, "supervisors", number)


def _people(path: str, period: Period) -> Iterable[Fact]:
    """The people employed there today, and those of them who have a supervisor."""
    day = min(period.last_on, timezone.localdate())
    rows = Person.objects.filter(employer__path__startswith=path, user__is_active=True).order_by()
    for at, number in rows.values_list("employer__path").annotate(n=Count("pk")):
        yield Fact(at, "trainees", number)
    paired = Pairing.objects.filter(standing(day), mentee=OuterRef("pk"))
    for at, number in rows.filter(Exists(paired)).values_list("employer__path").annotate(n=Count("pk")):
        yield Fact(at, "covered", number)


def _overdue(path: str, period: Period, now: datetime.datetime) -> Iterable[Fact]:
    """What is late as it stands now: pairs gone quiet, sessions not confirmed in time, pairs without an agreement."""
    quiet = quiet_pairings(now).filter(organisation__path__startswith=path)
    for at, number in Counter(quiet.order_by().values_list(PER_PATH, flat=True)).items():
        yield Fact(at, "quiet", number)
    late = Session.objects.to_confirm().filter(
        pairing__organisation__path__startswith=path,
        logged_at__lt=now - datetime.timedelta(days=period.confirm_within),
    )
    for at, number in late.order_by().values_list("pairing__organisation__path").annotate(n=Count("pk")):
        yield Fact(at, "late", number)
    agreed = Pairing.objects.filter(pk=OuterRef("pk"), agreements__state="accepted")
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
        yield Rated(row.at, row.people, row.mean)


def _trend(path: str, period: Period) -> list[tuple[datetime.date, int]]:
    """Confirmed minutes of the twelve months up to the end of the period."""
    last = period.last_on.replace(day=1)
    months = [_month_before(last, back) for back in range(11, -1, -1)]
    begin, end = moments(months[0], period.last_on)
    rows = Session.objects.confirmed().filter(
        pairing__organisation__path__startswith=path, starts_at__gte=begin, starts_at__lt=end
    )
    grouped: Any = rows.order_by().annotate(month=TruncMonth("starts_at")).values_list("month")
    found = {
        timezone.localtime(month).date(): minutes for month, minutes in grouped.annotate(m=Sum("minutes"))
    }
    return [(month, found.get(month, 0)) for month in months]


def _month_before(first: datetime.date, back: int) -> datetime.date:
    number = first.year * 12 + first.month - 1 - back
    return datetime.date(number // 12, number % 12 + 1, 1)


def trend_hours(figures: Figures) -> list[tuple[str, float]]:
    """The months with their hours, for the chart."""
    return [(f"{month:%Y-%m}", float(hours(minutes))) for month, minutes in figures.trend]


def is_large(organisation: Organisation, period: Period, limit: int) -> bool:
    """Whether there are more sessions than are counted while somebody waits. One query."""
    begin, end = moments(period.first_on, period.last_on)
    rows = Session.objects.filter(
        pairing__organisation__path__startswith=organisation.path, starts_at__gte=begin, starts_at__lt=end
    )
    return rows.order_by()[: limit + 1].count() > limit
