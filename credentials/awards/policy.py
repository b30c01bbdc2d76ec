"""Who may be nominated, and who is ahead. Facts in, decisions with their reasons out. No Django."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

MOST_SCORE = 100
MOST_VOTE_SHARE = 50
CENT = Decimal("0.01")


# --- Who may be nominated -------------------------------------------------------------------------------------


class Bar(StrEnum):
    """Why somebody cannot take part."""

    OUTSIDE = "outside"  # employed nowhere below the authority
    UNQUALIFIED = "unqualified"  # no verified qualification, or not long enough
    CONDUCT = "conduct"  # something established stands against them


@dataclass(frozen=True)
class Rule:
    """What a round asks: months since the certificate (None: none is asked), months without conduct records (None: not
    asked)."""

    path: str
    qualified_months: int | None
    clean_months: int | None


@dataclass(frozen=True)
class Facts:
    """What is known of somebody on the day that counts."""

    path: str
    qualified_on: date | None = None
    stands_against: bool = False


def bars(rule: Rule, facts: Facts, day: date) -> list[Bar]:
    """Everything that keeps somebody out, in the order of `Bar`."""
    found = []
    if not facts.path or not facts.path.startswith(rule.path):
        found.append(Bar.OUTSIDE)
    if rule.qualified_months is not None and (
        facts.qualified_on is None or facts.qualified_on > months_before(day, rule.qualified_months)
    ):
        found.append(Bar.UNQUALIFIED)
    if rule.clean_months is not None and facts.stands_against:
        found.append(Bar.CONDUCT)
    return found


def months_before(day: date, months: int) -> date:
    """The same day so many calendar months earlier, or the last one of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(last, day.day))
        except ValueError:
            continue
    raise AssertionError("every month has a 28th")


# --- Who is ahead ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Indicator:
    key: int
    weight: int  # per cent; those of a round make 100


@dataclass(frozen=True)
class Given:
    """One score that a member has given to a nominee under one indicator, 0 to MOST_SCORE."""

    member: int
    nominee: int
    indicator: int
    value: int


@dataclass(frozen=True)
class Nominee:
    key: int
    accepted_at: datetime
    votes: int = 0


@dataclass(frozen=True)
class Place:
    """Where a nominee stands: `rank` from 1, no two alike. `judged_by` is how many members count."""

    nominee: int
    rank: int
    panel: Decimal
    votes: int
    total: Decimal
    judged_by: int
    means: Mapping[int, Decimal] = field(default_factory=dict)


def rank(
    nominees: Iterable[Nominee],
    indicators: Collection[Indicator],
    given: Collection[Given],
    conflicts: Collection[tuple[int, int]],
    vote_share: int = 0,
) -> list[Place]:
    """The nominees in their order.

    A member counts for a nominee when no conflict lies between the two and the member has judged every indicator. The
    panel's score is the mean of these members' weighted sums; with a public vote, `vote_share` per cent of the total are
    the votes, in proportion to whoever has most. Ties: the panel's score, then the indicators by weight, the heaviest
    first, then who accepted earlier. What is shown has two decimals, half up, each figure rounded once: the total is reckoned
    from the panel's score as it is, not as it is shown.
    """
    people = list(nominees)
    most = max((one.votes for one in people), default=0)
    standing = [_standing(one, indicators, given, set(conflicts), most, vote_share) for one in people]
    by_weight = sorted(indicators, key=lambda one: (-one.weight, one.key))
    accepted = {one.key: (one.accepted_at, one.key) for one in people}
    standing.sort(
        key=lambda one: (
            -one.total,
            -one.panel,
            [-one.means.get(each.key, Decimal(0)) for each in by_weight],
            accepted[one.nominee],
        )
    )
    return [
        Place(one.nominee, number, one.panel, one.votes, one.total, one.judged_by, one.means)
        for number, one in enumerate(standing, start=1)
    ]


def _standing(
    nominee: Nominee,
    indicators: Collection[Indicator],
    given: Collection[Given],
    conflicts: set[tuple[int, int]],
    most_votes: int,
    vote_share: int,
) -> Place:
    sheets = complete_sheets(nominee.key, indicators, given, conflicts)
    means = {
        one.key: _cents(_mean([Decimal(sheet[one.key]) for sheet in sheets.values()])) for one in indicators
    }
    panel = _mean(
        [
            sum((Decimal(sheet[one.key] * one.weight) / 100 for one in indicators), Decimal(0))
            for sheet in sheets.values()
        ]
    )
    voted = Decimal(100 * nominee.votes) / most_votes if most_votes else Decimal(0)
    total = (panel * (100 - vote_share) + voted * vote_share) / 100
    return Place(nominee.key, 0, _cents(panel), nominee.votes, _cents(total), len(sheets), means)


def complete_sheets(
    nominee: int,
    indicators: Collection[Indicator],
    given: Collection[Given],
    conflicts: Collection[tuple[int, int]],
) -> dict[int, dict[int, int]]:
    """Per member who counts for this nominee, the score under each indicator."""
    sheets: dict[int, dict[int, int]] = {}
    for one in given:
        if one.nominee == nominee and (one.member, nominee) not in conflicts:
            sheets.setdefault(one.member, {})[one.indicator] = one.value
    wanted = {one.key for one in indicators}
    return {member: sheet for member, sheet in sorted(sheets.items()) if wanted <= sheet.keys()}


def _mean(values: list[Decimal]) -> Decimal:
    return sum(values, Decimal(0)) / len(values) if values else Decimal(0)


def _cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)
