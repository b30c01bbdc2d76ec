"""How long a registration lasts, and how far its hours have come."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal

PERIOD_YEARS = 3  # 民发〔2009〕123号: registered for three years, 72 or 90 hours in them
PRESSING_DAYS = 90  # renewal begins in the last three months


def last_day_of(starts_on: datetime.date, years: int = PERIOD_YEARS) -> datetime.date:
    """The last day of so many calendar years: begun on 25 November 2026, three years end on 24 November 2029."""
    try:
        anniversary = starts_on.replace(year=starts_on.year + years)
    except ValueError:  # 29 February: the year ends with the last day of that month
        anniversary = datetime.date(starts_on.year + years, 3, 1)
    return anniversary - datetime.timedelta(days=1)


def overlap(
    starts_on: datetime.date, ends_on: datetime.date, other: tuple[datetime.date, datetime.date]
) -> bool:
    """Whether two spans of days, both ends included, share a day."""
    return starts_on <= other[1] and other[0] <= ends_on


@dataclass(frozen=True)
class Progress:
    """How far somebody has come towards a target of hours by a last day."""

    done: Decimal
    target: int
    ends_on: datetime.date

    @property
    def missing(self) -> Decimal:
        return max(Decimal(self.target) - self.done, Decimal(0))

    @property
    def reached(self) -> bool:
        return self.done >= self.target
