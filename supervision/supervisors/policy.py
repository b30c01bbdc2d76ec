"""How free words about a supervisor are kept, and how places and fields are covered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

MOST_WORDS = 12
LONGEST = 20  # characters of one word
BETWEEN = "、"
_SPLIT = re.compile(r"[、,，;；/\n]+")


def words_of(text: str) -> list[str]:
    """The single words of a list that somebody typed with any of the usual signs between them, each once, in order."""
    words = (" ".join(each.split()) for each in _SPLIT.split(text))
    return list(dict.fromkeys(word for word in words if word))


def is_too_much(words: list[str]) -> bool:
    """Whether there are more or longer words than a list can show."""
    return len(words) > MOST_WORDS or any(len(word) > LONGEST for word in words)


@dataclass(frozen=True)
class Seat:
    """One supervisor as the overview sees them: places, and where and in which fields they work (tree paths, names)."""

    load: int
    capacity: int
    serves: tuple[str, ...]
    fields: tuple[str, ...]

    @property
    def free(self) -> int:
        return max(self.capacity - self.load, 0)

    def is_for(self, path: str) -> bool:
        """Whether they serve the place at this path: it lies in what they serve, or what they serve lies in it."""
        return any(path.startswith(each) or each.startswith(path) for each in self.serves)


@dataclass(frozen=True)
class Coverage:
    """How a district or a field is provided for; `workers` are the people employed there (0 where that is not asked)."""

    label: str
    supervisors: int
    free: int
    workers: int = 0

    def is_short(self, norm: int) -> bool:
        """Whether there are more people employed than the norm allows for so many supervisors."""
        return self.workers > self.supervisors * norm


def by_district(
    seats: Iterable[Seat], districts: Mapping[str, str], workers: Mapping[str, int]
) -> list[Coverage]:
    """The coverage of each district (its name by its tree path); `workers` counts the people employed, by tree path."""
    seats = list(seats)
    found = []
    for path, name in districts.items():
        here = [seat for seat in seats if seat.is_for(path)]
        people = sum(number for at, number in workers.items() if at.startswith(path))
        found.append(Coverage(name, len(here), sum(seat.free for seat in here), people))
    return found


def by_field(seats: Iterable[Seat], fields: Iterable[str]) -> list[Coverage]:
    """How many supervisors and free places there are in each field, none left out."""
    seats = list(seats)
    found = []
    for name in fields:
        here = [seat for seat in seats if name in seat.fields]
        found.append(Coverage(name, len(here), sum(seat.free for seat in here)))
    return found


def outermost(paths: Iterable[str]) -> list[str]:
    """Of these tree paths those that lie in no other one of them, in order."""
    kept: list[str] = []
    for path in sorted(paths):
        if not (kept and path.startswith(kept[-1])):
            kept.append(path)
    return kept
