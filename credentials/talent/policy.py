"""What a search asks for, and how the counted groups become facets. Pure."""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from string import ascii_letters, digits
from typing import Any

FEW = 5  # a smaller number of people who are not listed is not told: it could point at one of them
MOST_WORDS = 6
IN_KIND = (
    "level",
    "sector",
    "route",
    "part",
    "span",
    "awarded",
)  # the facets that a kind says, in this order
FACETS = (*IN_KIND, "years")


@dataclass(frozen=True)
class Wanted:
    """One search. Empty texts and None ask for nothing; `chosen` holds the facets by name ("level": 3)."""

    words: tuple[str, ...] = ()
    place: str = ""
    order: str = "name"
    chosen: Mapping[str, Any] = field(default_factory=dict)


_NARROW = {ord(each) + 0xFEE0: each for each in digits + ascii_letters}


def words_of(text: str) -> tuple[str, ...]:
    """What was typed, as single words in small letters; all of them must fit. Letters and digits may be typed full-width,
    as an input method for Chinese writes them; brackets stay, as they stand in the names of organisations."""
    return tuple(dict.fromkeys(text.replace("\0", "").translate(_NARROW).lower().split()))[:MOST_WORDS]


def words_typed(text: str) -> int:
    """How many different words were typed."""
    return len(set(text.lower().split()))


def kind_of(*, level: int | None, sector: int | None, route: str, part: str, span: int, awarded: str) -> str:
    """The facets of a person that do not change with the day, as one text: counting by it is counting by all of them."""
    values = (level, sector, route, part, span, awarded)
    return ",".join("" if value is None else str(value) for value in values)


@lru_cache(maxsize=8192)
def values_in(kind: str) -> tuple[Any, ...]:
    """What a kind says, in the order of IN_KIND."""
    level, sector, route, part, span, awarded = kind.split(",")
    return int(level) if level else None, int(sector) if sector else None, route, part, int(span), awarded


def span_of(value: int, steps: Sequence[int]) -> int:
    """The number of the span that a value falls into: steps (0, 1, 3) have the spans 0, 1–2 and from 3."""
    return max(bisect_right(steps, value) - 1, 0)


def first_days(today: datetime.date, years: Sequence[int]) -> list[datetime.date]:
    """Whoever has begun by these days has so many full calendar years in practice today."""
    return [_years_before(today, each) for each in years]


def _years_before(day: datetime.date, years: int) -> datetime.date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February: the year before was full on 28 February
        return datetime.date(day.year - years, 2, 28)


Groups = Iterable[tuple[tuple[Any, ...], int]]


def facets_of(names: Sequence[str], groups: Groups, chosen: Mapping[str, Any]) -> dict[str, dict[Any, int]]:
    """How many people each value of each facet has, from counted groups of values in the order of `names`.

    A facet is counted among those who fit all other facets, so that its own choice can be changed; `groups` have none of
    these facets applied yet.
    """
    found: dict[str, dict[Any, int]] = {name: {} for name in names}
    wanted = [(place, chosen[name]) for place, name in enumerate(names) if name in chosen]
    for values, number in groups:
        missed = [place for place, value in wanted if values[place] != value]
        if len(missed) > 1:
            continue
        for place, name in enumerate(names):
            if not missed or missed[0] == place:
                found[name][values[place]] = found[name].get(values[place], 0) + number
    return found


def fitting(names: Sequence[str], groups: Groups, chosen: Mapping[str, Any]) -> int:
    """How many people of these groups fit every chosen facet."""
    wanted = [(place, chosen[name]) for place, name in enumerate(names) if name in chosen]
    return sum(number for values, number in groups if all(values[place] == value for place, value in wanted))


def few_words(number: int) -> int | None:
    """How many who are not listed may be told: None for so few that it could point at somebody."""
    return None if 0 < number < FEW else number
