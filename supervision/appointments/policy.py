"""Who may apply to be appointed as supervisor, and when a designation that ends is to be told of."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

RENEW_WITHIN = 90  # days before a designation ends in which its renewal can be asked for
TOLD = (30, 60)  # so many days before it ends the supervisor is told
STALE = 30  # after so many days nobody is told any more that it has run out


@dataclass(frozen=True)
class Term:
    """The first and the last day of a designation; without a last day it is open-ended."""

    first: datetime.date
    last: datetime.date | None


def lasts_until(terms: Iterable[Term], today: datetime.date) -> datetime.date | None:
    """The last day on which any designation that is in force or begins later is so; `date.max` when it is open-ended,
    None when there is none."""
    ends = [term.last or datetime.date.max for term in terms if term.last is None or term.last >= today]
    return max(ends, default=None)


def may_renew(terms: Iterable[Term], today: datetime.date) -> bool:
    """Whether a renewal can be asked for: nothing is in force, or what is ends within 90 days."""
    last = lasts_until(terms, today)
    return last is None or last - datetime.timedelta(days=RENEW_WITHIN) <= today


def step_of(last: datetime.date, today: datetime.date) -> int | None:
    """Which telling is due: 60 or 30 days before the end, 0 when it has just run out, None when there is none."""
    left = (last - today).days
    if left < 0:
        return 0 if left >= -STALE else None
    return next((days for days in TOLD if left <= days), None)
