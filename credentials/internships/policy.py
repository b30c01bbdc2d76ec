"""How many months of employment after an internship are proved, and what is missing: pure, by calendar months.

A month from 31 January is full with the last day of February; twelve months from 1 March with the last day of February, and
so are twelve months from 29 February 2024: where the last month has no corresponding day, they end with that month.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterable
from dataclasses import dataclass

MONTHS_ASKED = 12  # where no policy that is in force at a place says another number
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Employment that is proved from a day to a day, both included. `region` is a code of GB/T 2260, or "" where unknown."""

    starts_on: datetime.date
    until: datetime.date
    region: str = ""
    in_field: bool = True
    is_ended: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the employment of one internship is proved."""

    stretch: Stretch | None
    months: int  # full ones
    asked: int

    @property
    def missing(self) -> int:
        return max(0, self.asked - self.months)

    @property
    def shown(self) -> int:
        """The months on a bar that ends where enough are proved."""
        return min(self.months, self.asked)

    @property
    def is_full(self) -> bool:
        return self.stretch is not None and not self.missing

    @property
    def full_on(self) -> datetime.date | None:
        """The last day of the months that are asked for, counted from the first day."""
        return last_day(self.stretch.starts_on, self.asked) if self.stretch else None

    @property
    def claim_from(self) -> datetime.date | None:
        """The day after: from then on policies take the months for full."""
        return self.full_on + DAY if self.full_on else None


def months_after(start: datetime.date, months: int) -> datetime.date:
    """The same day so many months later, or the last day of a shorter month."""
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    return datetime.date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def last_day(start: datetime.date, months: int) -> datetime.date:
    """The last day of so many calendar months that begin on `start`: the day before the corresponding one, or the last of the
    month where that has none (民法典 § 202). Policies count the same (`policies.policy.dates.full_from`)."""
    day = months_after(start, months)
    return day if day.day < start.day else day - DAY


def months_full(start: datetime.date, until: datetime.date) -> int:
    """How many full calendar months lie between two days, both included."""
    months = max(0, (until.year - start.year) * 12 + until.month - start.month)
    while months and last_day(start, months) > until:
        months -= 1
    while last_day(start, months + 1) <= until:
        months += 1
    return months


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Stretches without a gap between them become one, as long as all are in the field or none, and in one city."""
    groups: dict[tuple[bool, str], list[Stretch]] = {}
    for each in sorted(stretches, key=lambda one: (one.starts_on, one.until)):
        found = groups.setdefault((each.in_field, each.region[:4]), [])
        if found and each.starts_on <= found[-1].until + DAY:
            found[-1] = _one(found[-1], each)
        else:
            found.append(each)
    return [each for group in groups.values() for each in group]


def _one(first: Stretch, then: Stretch) -> Stretch:
    last = max(first, then, key=lambda one: (one.until, not one.is_ended))
    region = first.region if first.region == then.region else first.region[:4].ljust(6, "0")
    return Stretch(first.starts_on, last.until, region, first.in_field, last.is_ended)


def best_of(stretches: Iterable[Stretch], city: str = "") -> Stretch | None:
    """The stretch that counts: in the field, in the city of whoever placed the intern, the longest, the latest."""

    def rank(each: Stretch) -> tuple[bool, bool, int, datetime.date]:
        here = bool(city) and each.region[:4] == city[:4]
        return each.in_field, here, months_full(each.starts_on, each.until), each.until

    return max(joined(stretches), key=rank, default=None)


def progress_of(stretches: Iterable[Stretch], asked: int = MONTHS_ASKED, city: str = "") -> Progress:
    """How many months of employment in the field are proved of those that are asked for."""
    stretch = best_of(stretches, city)
    if stretch is None or not stretch.in_field:
        return Progress(None, 0, asked)
    return Progress(stretch, months_full(stretch.starts_on, stretch.until), asked)
