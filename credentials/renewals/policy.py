"""What stands on the way to a renewal, and which courses would fill what is missing."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from credentials.qualifications.policy import first_registration_until, renewal_opens

Course = TypeVar("Course")


def filling(missing: Decimal, offers: Iterable[tuple[Course, Decimal]]) -> list[tuple[Course, Decimal]]:
    """The fewest courses that together bring what is missing, those with the most hours first; all of them where they
    bring less. A course without hours is never among them."""
    found, sum_ = [], Decimal(0)
    for course, hours in sorted(offers, key=lambda each: -each[1]):
        if sum_ >= missing or hours <= 0:
            break
        found.append((course, hours))
        sum_ += hours
    return found


@dataclass(frozen=True)
class Stop:
    """One stop of the way of a registration: `state` is "done", "now", "todo" or "stopped"."""

    code: str
    day: datetime.date | None
    state: str
    until: datetime.date | None = None


def stops_of(
    issued_on: datetime.date | None,
    spans: Iterable[tuple[datetime.date, datetime.date]],
    today: datetime.date,
) -> list[Stop]:
    """The way of a registration: the certificate, the first registration (due within a year of it), each period, and the
    renewal in the last three months of the one that is last. `spans` are the periods in force, in any order."""
    found: list[Stop] = []
    held = sorted(spans)
    if issued_on is not None:
        found.append(Stop("issued", issued_on, "done"))
        if not held:
            until = first_registration_until(issued_on)
            state = "stopped" if until < today else "now"
            return [*found, Stop("first", None, state, until)]
    for number, (first, last) in enumerate(held):
        state = "done" if last < today else "now" if first <= today else "todo"
        found.append(Stop("first" if not number else "next", first, state, last))
    if held:
        last = held[-1][1]
        opens = renewal_opens(last)
        state = "stopped" if last < today else "now" if opens <= today else "todo"
        found.append(Stop("renewal", opens, state, last))
    return found
