"""How much own training counts for a renewal, and whether it is enough."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST = 6000  # minutes of one training: a hundred hours
OLDEST = 10  # years back in which a training can be declared


@dataclass(frozen=True)
class Attended:
    """One training that somebody attended, as it stands."""

    held_on: datetime.date
    minutes: int
    is_checked: bool


@dataclass(frozen=True)
class Standing:
    """The minutes since a day: checked ones, which count, those that wait for a check, and what is required (None:
    nothing is)."""

    since: datetime.date | None
    checked: int
    waiting: int
    required: int | None = None
    source: str = ""

    @property
    def missing(self) -> int:
        """The checked minutes that are missing to what is required."""
        return max((self.required or 0) - self.checked, 0)

    @property
    def is_met(self) -> bool:
        return not self.missing


def standing_of(
    rows: Iterable[Attended], since: datetime.date | None, required: int | None = None, source: str = ""
) -> Standing:
    """What was attended from this day on (None: ever)."""
    counted = [row for row in rows if since is None or row.held_on >= since]
    checked = sum(row.minutes for row in counted if row.is_checked)
    return Standing(since, checked, sum(row.minutes for row in counted) - checked, required, source)
