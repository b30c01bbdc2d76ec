"""Hours, and what they rest on: entries by hand and registration periods."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from core.people.models import Person
from credentials.hours.models import HoursEntry
from credentials.hours.queries import HoursTotals, grouped, recent_of, totals_from, totals_of
from credentials.manual_entries.models import ManualEntry
from credentials.qualifications.models import RegistrationPeriod
from credentials.qualifications.queries import (
    current_period,
)


def hours_of(person: Person) -> HoursTotals:
    """The hours a person holds, by kind, and the latest entries. Two statements."""
    return replace(totals_of(person), recent=recent_of(person))


@dataclass(frozen=True)
class HoursAtDesk:
    """What a person holds at a glance: by kind and in all. Where a registration period runs, only what counts towards
    it, with its target and its last day."""

    rows: tuple[tuple[str, Decimal], ...] = ()
    total: Decimal = Decimal(0)
    target: int | None = None
    ends_on: date | None = None


def hours_at_desk(person: Person) -> HoursAtDesk:
    """The hours of a person for their dashboard. Two queries."""
    entries = HoursEntry.objects.filter(person=person)
    period = current_period(person)
    if period is None:
        totals = totals_from(grouped(entries))
        return HoursAtDesk(tuple(totals.rows), sum((each.hours for each in totals.kinds), Decimal(0)))
    totals = totals_from(grouped(entries.in_period(period.starts_on, period.ends_on)))
    return HoursAtDesk(
        rows=tuple((each.label, each.counted) for each in totals.kinds if each.counted),
        total=sum((each.counted for each in totals.kinds), Decimal(0)),
        target=period.level.target_hours,
        ends_on=period.ends_on,
    )


@dataclass(frozen=True)
class PeriodFact:
    """One registration period, as other apps may show it to its holder."""

    level: str
    starts_on: date
    ends_on: date
    number: str
    state: str


@dataclass(frozen=True)
class ManualFact:
    """One manual entry, as other apps may show it to the person it is about."""

    title: str
    organiser: str
    occurred_on: date
    minutes: int
    state: str
    why_another: str


def periods_of(person: Person) -> list[PeriodFact]:
    """The registration periods that a person has declared, the latest first. One query."""
    return [
        PeriodFact(row.level.name, row.starts_on, row.ends_on, row.number, row.state)
        for row in RegistrationPeriod.objects.filter(person=person).select_related("level")
    ]


def manual_entries_of(person: Person) -> list[ManualFact]:
    """What was asked for or entered by hand for a person, the latest first. One query."""
    return [
        ManualFact(row.title, row.organiser, row.occurred_on, row.minutes, row.state, row.why_another)
        for row in ManualEntry.objects.filter(person=person)
    ]
