"""How minutes become hours (学时), and what of a stretch of clock time may still be credited."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

MOST_HOURS_A_STEP = Decimal(200)


def hours_from(minutes: int, minutes_per_hour: int = 45) -> Decimal:
    """The hours that these minutes are worth, to one decimal and never rounded up.

    45 minutes an hour is what many places do (practice); the ledger keeps minutes, so another rule can be applied later.
    """
    hours = (Decimal(abs(minutes)) / Decimal(minutes_per_hour)).quantize(Decimal("0.1"), rounding=ROUND_DOWN)
    return hours if minutes >= 0 else -hours


def plain_hours(hours: Decimal) -> str:
    """12, 13.5, 0.25: without the zeros at the end."""
    return f"{hours.normalize():f}" if hours else "0"


@dataclass(frozen=True)
class Step:
    """From this many minutes on, one entry is worth so many hours."""

    from_minutes: int
    hours: Decimal


@dataclass(frozen=True)
class Counting:
    """How minutes count: so many minutes for one hour, or by steps.

    Even counting loses nothing between entries: minutes are added up first, and only the sum is rounded down to a
    tenth. Steps speak of one entry at a time: each is worth the highest step that it reaches, however long it is, and
    what stays below the first step is worth nothing; so several entries are rounded one by one.
    """

    minutes_per_hour: int = 45
    steps: tuple[Step, ...] = ()

    def hours_of(self, minutes: int, times: int = 1) -> Decimal:
        """The hours of `times` entries of so many minutes each; of a correction (minutes below zero) the same, below zero."""
        if not self.steps:
            return hours_from(minutes * times, self.minutes_per_hour)
        reached = [step.hours for step in self.steps if abs(minutes) >= step.from_minutes]
        worth = max(reached, default=Decimal(0))
        return (worth if minutes >= 0 else -worth) * times


def counting_of(minutes_per_hour: int | None, steps: Sequence[dict[str, Any]] | None) -> Counting:
    """The counting that a rule's row describes; 45 minutes where there is no row."""
    found = tuple(Step(int(each["from_minutes"]), Decimal(str(each["hours"]))) for each in steps or ())
    return Counting(minutes_per_hour or 45, tuple(sorted(found, key=lambda step: step.from_minutes)))


def read_steps(text: str) -> tuple[Step, ...]:
    """Steps as an officer writes them, one to a line: `30 1` or `30=1` means "from 30 minutes 1 hour".

    Raises ValueError for a line that says something else.
    """
    found = []
    for line in text.splitlines():
        parts = line.replace("=", " ").replace("＝", " ").replace("：", " ").replace(":", " ").split()
        if not parts:
            continue
        if len(parts) != 2 or not (parts[0].isascii() and parts[0].isdigit() and len(parts[0]) < 6):
            raise ValueError(line)
        try:
            hours = Decimal(parts[1])
        except InvalidOperation as error:
            raise ValueError(line) from error
        found.append(Step(int(parts[0]), hours))
    return tuple(sorted(found, key=lambda step: step.from_minutes))


def steps_fault(steps: Sequence[Step]) -> str:
    """What is wrong with these steps: "twice", "minutes", "hours" or "falling"; "" when they can be counted by."""
    minutes = [step.from_minutes for step in steps]
    if len(set(minutes)) != len(minutes):
        return "twice"
    if any(not 1 <= each <= 24 * 60 for each in minutes):
        return "minutes"
    if any(not step.hours.is_finite() or not 0 < step.hours <= MOST_HOURS_A_STEP for step in steps):
        return "hours"
    if any(step.hours != step.hours.quantize(Decimal("0.01")) for step in steps):
        return "hours"
    worth = [step.hours for step in steps]
    return "falling" if any(later < sooner for sooner, later in pairwise(worth)) else ""


# --- How far supervision counts ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sharing:
    """How far supervision counts: together with others by shares in percent; and at most so many minutes a year, of what
    is together with others and of what is one to one each by itself."""

    group: int = 100
    peer: int = 100
    universal: int = 100  # open classes
    most: int | None = None  # together with others
    most_single: int | None = None  # one to one

    def share_of(self, form: str, mode: str) -> int | None:
        """The percent that counts; None for what is not together with others, to which nothing of this applies."""
        if form not in ("group", "peer"):
            return None
        return self.universal if mode == "universal" else self.peer if form == "peer" else self.group

    def worth(self, minutes: int, form: str, mode: str) -> int:
        """The whole minutes that count by the share of their form; never rounded up."""
        share = self.share_of(form, mode)
        return minutes if share is None else minutes * share // 100

    def most_of(self, form: str) -> int | None:
        """The most minutes of a year for what has this form; None: no limit, as for what is no supervision."""
        if form in ("group", "peer"):
            return self.most
        return self.most_single if form else None

    def room(self, form: str, used: int) -> int | None:
        """The minutes that still count in a year in which so many are `used` already; None: no limit."""
        most = self.most_of(form)
        return None if most is None else max(most - used, 0)

    def counted(self, minutes: int, form: str, mode: str, used: int) -> int:
        """The whole minutes that count, by the share and by what the year has room for."""
        worth, room = self.worth(minutes, form, mode), self.room(form, used)
        return worth if room is None else min(worth, room)


# --- Nothing counts twice ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Covered:
    """A stretch of clock time that an earlier entry was credited for, and what that was."""

    starts_at: datetime.datetime
    ends_at: datetime.datetime
    title: str = ""
    entry_id: int = 0


@dataclass(frozen=True)
class Taught:
    """The lessons that an earlier entry was credited for, by key, and what that was."""

    lessons: frozenset[str]
    title: str = ""
    entry_id: int = 0


@dataclass(frozen=True)
class Credit:
    """What may be credited of the minutes that were asked for, and what had taken the others."""

    minutes: int
    asked: int
    by: tuple[Covered | Taught, ...] = ()

    @property
    def taken(self) -> int:
        return self.asked - self.minutes


def free_minutes(starts_at: datetime.datetime, ends_at: datetime.datetime, earlier: Iterable[Covered]) -> int:
    """The whole minutes between two moments that none of the earlier stretches covers."""
    free = datetime.timedelta()
    at = starts_at
    for one in sorted(earlier, key=lambda each: each.starts_at):
        if one.ends_at <= at:
            continue
        if one.starts_at >= ends_at:
            break
        free += max(one.starts_at - at, datetime.timedelta())
        at = one.ends_at
    free += max(ends_at - at, datetime.timedelta())
    return int(free.total_seconds()) // 60


def lessons_left(lessons: Mapping[str, int], earlier: Iterable[Taught]) -> tuple[Credit, dict[str, int]]:
    """What may be credited of these lessons (minutes by key), and which they are: none that was credited before.

    A lesson is the same in every cohort and version of its course, however many minutes a later version gives it.
    """
    by = tuple(one for one in earlier if one.lessons & lessons.keys())
    taken = frozenset[str]().union(*(one.lessons for one in by))
    left = {key: minutes for key, minutes in lessons.items() if key not in taken}
    return Credit(sum(left.values()), sum(lessons.values()), by), left


def credit_of(
    minutes: int,
    starts_at: datetime.datetime | None,
    ends_at: datetime.datetime | None,
    earlier: Iterable[Covered] = (),
) -> Credit:
    """How many of these minutes may be credited: nobody is in two places at one time.

    Clock time that an earlier entry covers counts no more; of the rest at most the minutes that were asked for. What
    has no clock time (a course learned alone) is credited whole.
    """
    if starts_at is None or ends_at is None:
        return Credit(minutes, minutes)
    by = tuple(one for one in earlier if one.starts_at < ends_at and starts_at < one.ends_at)
    return Credit(min(minutes, free_minutes(starts_at, ends_at, by)), minutes, by)
