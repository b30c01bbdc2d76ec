"""Figures of a tree of organisations folded up to the rows of a report, and what an allowance comes to."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
TENTH = Decimal("0.1")


def month_of(day: datetime.date) -> tuple[datetime.date, datetime.date]:
    """The first and the last day of the month of this day."""
    first = day.replace(day=1)
    return first, (first + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)


def year_of(day: datetime.date) -> tuple[datetime.date, datetime.date]:
    """The first and the last day of the calendar year of this day."""
    return datetime.date(day.year, 1, 1), datetime.date(day.year, 12, 31)


def hours(minutes: int) -> Decimal:
    """Minutes as hours to one decimal place."""
    return (Decimal(minutes) / 60).quantize(TENTH, ROUND_HALF_UP)


def share(part: int, whole: int) -> Decimal | None:
    """A share in per cent to one decimal place; None of nothing."""
    return (Decimal(100 * part) / whole).quantize(TENTH, ROUND_HALF_UP) if whole else None


@dataclass(frozen=True)
class Fact:
    """A number that was counted at one organisation, by its tree path; `by` is the supervisor whose it is, if anybody's."""

    path: str
    what: str
    number: int
    by: int | None = None


@dataclass(frozen=True)
class Rated:
    """A published result of a supervisor at this path: how many people stand behind it, and the average of it."""

    path: str
    people: int
    mean: Decimal
    by: int | None = None


@dataclass(frozen=True)
class Row:
    """One row of a report: an organisation with everything below it, or the chosen one by itself."""

    path: str
    name: str
    counts: Mapping[str, int] = field(default_factory=dict)
    rated: tuple[tuple[int, Decimal], ...] = ()

    def __getitem__(self, what: str) -> int:
        return self.counts.get(what, 0)

    @property
    def hours(self) -> Decimal:
        """The hours that people received: each one's own."""
        return hours(self["minutes"])

    @property
    def hours_given(self) -> Decimal | None:
        """The hours that supervisors gave: a gathering's once. None where an older report did not count them."""
        return hours(self["given"]) if "given" in self.counts else None

    @property
    def coverage(self) -> Decimal | None:
        """The share of those to be supervised who have a supervisor or took part in a gathering."""
        return share(min(self["covered"], self["trainees"]), self["trainees"])

    @property
    def objections(self) -> Decimal | None:
        """The share of the sessions held to which the mentee objected."""
        return share(self["objected"], self["sessions"])

    @property
    def quality(self) -> Decimal | None:
        """The average of what is published, by the people behind it. Of published numbers only: it tells nothing new."""
        people = sum(number for number, _mean in self.rated)
        if not people:
            return None
        total = sum((number * mean for number, mean in self.rated), Decimal(0))
        return (total / people).quantize(TENTH, ROUND_HALF_UP)


def fold(
    own: tuple[str, str], children: Iterable[tuple[str, str]], facts: Iterable[Fact], rated: Iterable[Rated]
) -> tuple[list[Row], Row]:
    """A row for the chosen organisation by itself (`own`: path and name) and one for each child with all below it, and
    the total of all of them. What lies outside is left out."""
    path, name = own
    units = [(path, name), *children]
    below = {each for each, _name in units[1:]}
    step = len(next(iter(below))) if below else 0
    counts: dict[str, Counter[str]] = {each: Counter() for each, _name in units}
    means: dict[str, list[tuple[int, Decimal]]] = {each: [] for each, _name in units}

    def unit_of(at: str) -> str:
        return at[:step] if step and at[:step] in below else path

    for fact in facts:
        if fact.path.startswith(path):
            counts[unit_of(fact.path)][fact.what] += fact.number
    for each in rated:
        if each.path.startswith(path):
            means[unit_of(each.path)].append((each.people, each.mean))
    rows = [Row(at, named, dict(counts[at]), tuple(means[at])) for at, named in units]
    total: Counter[str] = Counter()
    for row in rows:
        total.update(row.counts)
    everything = Row(path, name, dict(total), tuple(each for row in rows for each in row.rated))
    if not rows[0].counts and not rows[0].rated and len(rows) > 1:
        rows = rows[1:]
    return rows, everything


NOBODY = "nobody"  # a peer circle has no supervisor
OF_SUPERVISORS = frozenset(
    {"supervisors", "pairings", "sessions", "confirmed", "minutes", "given", "objected"}
)


def fold_by_tier(
    tiers: Sequence[str],
    tier_of: Mapping[int, str],
    facts: Iterable[Fact],
    rated: Iterable[Rated],
) -> list[Row]:
    """A row for each tier that has anything, in this order: of what was counted for a supervisor; "" is for those without
    a tier, and NOBODY for what has no supervisor."""
    counts: dict[str, Counter[str]] = {}
    means: dict[str, list[tuple[int, Decimal]]] = {}
    for fact in facts:
        if fact.what in OF_SUPERVISORS or ":" in fact.what:
            at = NOBODY if fact.by is None else tier_of.get(fact.by, "")
            counts.setdefault(at, Counter())[fact.what] += fact.number
    for each in rated:
        at = NOBODY if each.by is None else tier_of.get(each.by, "")
        means.setdefault(at, []).append((each.people, each.mean))
    found = [at for at in (*tiers, "", NOBODY) if at in counts or at in means]
    return [Row(at, at, dict(counts.get(at, {})), tuple(means.get(at, ()))) for at in found]


@dataclass(frozen=True)
class Rate:
    """What a tier is given: for "month", "session" or "hour"."""

    per: str
    amount: Decimal


def allowance(rate: Rate | None, sessions: int, minutes: int) -> Decimal:
    """What the confirmed sessions of a month come to, to the cent. Without a rate, or without a session, nothing."""
    if rate is None or not sessions:
        return Decimal("0.00")
    if rate.per == "month":
        return rate.amount.quantize(CENT, ROUND_HALF_UP)
    if rate.per == "session":
        return (rate.amount * sessions).quantize(CENT, ROUND_HALF_UP)
    return (rate.amount * minutes / 60).quantize(CENT, ROUND_HALF_UP)
