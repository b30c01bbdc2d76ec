"""When something can be paid at all: a year of the policy once what it is paid for is over, a title once it has been given."""

from __future__ import annotations

import datetime
from typing import Any

from credentials.policies.policy.benefits import AFTER_MONTHS, WITHIN_YEAR, Benefit
from credentials.policies.policy.conditions import FAIL, UNKNOWN, Finding
from credentials.policies.policy.facts import Item

YEAR_DUE = "year_due"  # the name of the finding: no policy has to write it down
GIVEN = "given_already"  # likewise
VERIFIED = "verified"  # likewise
_NEW_YEAR = (1, 1)
# By which fact it is known since when there is such a thing, and by which its year where the day is not known.
_SINCE = {"qualification": ("issued_on", ""), "title": ("given_on", "year")}


def year_finding(
    benefit: Benefit, item: Item, starts_on: datetime.date, ends_on: datetime.date | None, on: datetime.date
) -> Finding | None:
    """Why a year cannot be paid on this day, or why that is not known; None where it can."""
    year = item.get("year")
    if year is None:
        return Finding(YEAR_DUE, UNKNOWN, "not_known", {"fact": "year.year"})
    values: dict[str, Any] = {"year": year, "first": starts_on, "last": ends_on}
    if not is_year_of(year, starts_on, ends_on) or (benefit.monthly and not benefit.months_in(year)):
        return Finding(YEAR_DUE, FAIL, "year_outside" if ends_on else "year_before", values)
    due = due_from(benefit, year, item.get("months"))
    if on >= due:
        return None
    code = "year_ahead" if benefit.pays == WITHIN_YEAR else "year_not_over"
    if benefit.pays == AFTER_MONTHS:
        code = "months_not_over"
    return Finding(YEAR_DUE, FAIL, code, values | {"months": item.get("months"), "due": due}, None, due)


def is_year_of(year: int, starts_on: datetime.date, ends_on: datetime.date | None) -> bool:
    """Whether the policy was in force in some part of this year."""
    return starts_on.year <= year and (ends_on is None or year <= ends_on.year)


def due_from(benefit: Benefit, year: int, months: int | None) -> datetime.date:
    """The first day on which so many months of a year can be paid; months outside the policy's time count for nothing."""
    if year >= datetime.MAXYEAR:  # a fact may say any number
        return datetime.date.max
    if benefit.pays == WITHIN_YEAR:
        return datetime.date(year, *_NEW_YEAR)
    counted = benefit.months_in(year)
    asked = min(1 if months is None else months, len(counted))
    last = 12 if benefit.pays != AFTER_MONTHS else counted.start - 1 + asked
    return datetime.date(year, last + 1, 1) if last < 12 else datetime.date(year + 1, *_NEW_YEAR)


def thing_finding(subject: str, item: Item, on: datetime.date) -> Finding | None:
    """Why something on record cannot be paid for on this day: there is no such thing yet. None where there is."""
    day_name, year_name = _SINCE.get(subject, ("", ""))
    day, year = item.get(day_name), item.get(year_name)
    if day is None and year is not None and year > on.year:
        day_name, day = year_name, datetime.date(min(year, datetime.MAXYEAR), *_NEW_YEAR)
    if day is None or day <= on:
        return None
    return Finding(GIVEN, FAIL, "too_early", {"fact": f"{subject}.{day_name}", "day": day}, None, day)


def verified_finding(subject: str, item: Item) -> Finding | None:
    """That somebody has looked and not found it right. Where nothing is said of that, the record says enough."""
    if item.get("is_verified") is not False:
        return None
    return Finding(VERIFIED, FAIL, "not_so", {"fact": f"{subject}.is_verified"})
