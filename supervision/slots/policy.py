"""When two can meet: possible times, the days of a series, and when somebody is reminded. Pure; words are the caller's."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Literal

SHORTEST, LONGEST = 15, 480  # minutes
FURTHEST = timedelta(days=366)
MOST_IN_SERIES = 26  # half a year of weeks
DAY_BEFORE, HOUR_BEFORE = timedelta(days=1), timedelta(hours=1)
STEPS = {"weekly": 7, "fortnightly": 14}


@dataclass(frozen=True)
class Plan:
    """A time and a place at which two want to meet."""

    starts_at: datetime
    ends_at: datetime
    setting: str = "on_site"
    place: str = ""
    link: str = ""

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    def on(self, day: date) -> Plan:
        """The same on another day, at the same time of day in the zone that it is written in."""
        apart = timedelta(days=(day - self.starts_at.date()).days)
        return replace(self, starts_at=self.starts_at + apart, ends_at=self.ends_at + apart)


@dataclass(frozen=True)
class Problem:
    """Why something cannot be planned or recorded so, anywhere in supervision: a code, and the field that wants a change."""

    code: str
    field: str


def problems_of(plan: Plan, *, now: datetime, last_day: date | None = None) -> tuple[Problem, ...]:
    """Every reason against this plan, in the order of the form. `last_day` is that of the pairing (None: open)."""
    found = []
    if plan.starts_at <= now:
        found.append(Problem("in_past", "day"))
    elif plan.starts_at > now + FURTHEST:
        found.append(Problem("too_far", "day"))
    if last_day is not None and plan.starts_at.date() > last_day:
        found.append(Problem("after_pairing", "day"))
    if plan.minutes < SHORTEST:
        found.append(Problem("too_short", "minutes"))
    elif plan.minutes > LONGEST:
        found.append(Problem("too_long", "minutes"))
    if plan.setting == "on_site" and not plan.place.strip():
        found.append(Problem("no_place", "place"))
    if plan.setting == "online" and not (plan.link or plan.place.strip()):
        found.append(Problem("no_link", "link"))
    if plan.link and not plan.link.startswith("https://"):
        found.append(Problem("not_https", "link"))
    return tuple(found)


def days_of(first: date, repeat: str, until: date | None) -> tuple[date, ...]:
    """The days of a series up to and including `until`, at most MOST_IN_SERIES; without an end, the first alone.

    Every month means the same weekday of the month, such as the second Tuesday; a fifth one is the last.
    """
    if repeat == "once" or until is None:
        return (first,)
    found, number = [], 0
    while number < MOST_IN_SERIES:
        day = _of_month(first, number) if repeat == "monthly" else first + timedelta(STEPS[repeat] * number)
        if day > until:
            break
        found.append(day)
        number += 1
    return tuple(found) or (first,)


def _of_month(first: date, number: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + number, 12)
    weeks = calendar.monthcalendar(year, month + 1)
    days = [week[first.weekday()] for week in weeks if week[first.weekday()]]
    return date(year, month + 1, days[min((first.day - 1) // 7, len(days) - 1)])


def overlaps(first: tuple[datetime, datetime], second: tuple[datetime, datetime]) -> bool:
    """Whether two spans of time share any moment; one may begin when the other ends."""
    return first[0] < second[1] and second[0] < first[1]


def overlap_among(spans: Iterable[tuple[datetime, datetime]]) -> bool:
    """Whether any two of these spans share a moment."""
    row = sorted(spans)
    return any(overlaps(one, other) for one, other in pairwise(row))


def reminder_due(
    starts_at: datetime, planned_at: datetime, now: datetime, *, day_told: bool, hour_told: bool
) -> Literal["day", "hour", ""]:
    """Which reminder is due now. Whoever planned it later than that knows it still, and is not reminded of it."""
    if not now < starts_at:
        return ""
    if starts_at - HOUR_BEFORE <= now:
        return "hour" if not hour_told and planned_at < starts_at - HOUR_BEFORE else ""
    if starts_at - DAY_BEFORE <= now:
        return "day" if not day_told and planned_at < starts_at - DAY_BEFORE else ""
    return ""
