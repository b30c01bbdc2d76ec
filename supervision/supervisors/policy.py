"""How places and fields are covered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Seat:
    """One supervisor as the overview sees them: places, where they work, and which places and fields they serve (tree
    paths, names)."""

    load: int
    capacity: int
    serves: tuple[str, ...]
    fields: tuple[str, ...]
    at: str = ""

    @property
    def free(self) -> int:
        return max(self.capacity - self.load, 0)

    def is_for(self, path: str) -> bool:
        """Whether they serve the place at this path: it lies in what they serve."""
        return any(path.startswith(each) for each in self.serves)


@dataclass(frozen=True)
class Coverage:
    """How a district or a field is provided for; `workers` are those to be supervised there, `own` the supervisors who
    work there themselves (0 where that is not asked)."""

    label: str
    supervisors: int
    free: int
    workers: int = 0
    own: int = 0

    def is_short(self, norm: int) -> bool:
        """Whether there are more people to be supervised than the norm allows for so many supervisors."""
        return self.workers > self.supervisors * norm

    @property
    def need(self) -> tuple[float, int]:
        """What districts are ordered by, the greatest first: people for each supervisor who serves them, then people."""
        return self.workers / self.supervisors if self.supervisors else float(
            self.workers > 0
        ) * 1e9, self.workers


def by_district(
    seats: Iterable[Seat], districts: Mapping[str, str], workers: Mapping[str, int]
) -> list[Coverage]:
    """The coverage of each district (its name by its tree path) by those who serve it; `workers` counts the people to be
    supervised, by tree path."""
    seats = list(seats)
    found = []
    for path, name in districts.items():
        here = [seat for seat in seats if seat.is_for(path)]
        people = sum(number for at, number in workers.items() if at.startswith(path))
        own = sum(seat.at.startswith(path) for seat in here)
        found.append(Coverage(name, len(here), sum(seat.free for seat in here), people, own))
    return found


def by_field(seats: Iterable[Seat], fields: Iterable[str]) -> list[Coverage]:
    """How many supervisors and free places there are in each field, none left out."""
    seats = list(seats)
    found = []
    for name in fields:
        here = [seat for seat in seats if name in seat.fields]
        found.append(Coverage(name, len(here), sum(seat.free for seat in here)))
    return found


def by_both(
    seats: Iterable[Seat], districts: Mapping[str, str], fields: Sequence[str]
) -> list[tuple[str, list[Coverage]]]:
    """For each district and in it each field: how many serve it there, and with how many free places."""
    seats = list(seats)
    return [
        (name, by_field([seat for seat in seats if seat.is_for(path)], fields))
        for path, name in districts.items()
    ]


def outermost(paths: Iterable[str]) -> list[str]:
    """Of these tree paths those that lie in no other one of them, in order."""
    kept: list[str] = []
    for path in sorted(paths):
        if not (kept and path.startswith(kept[-1])):
            kept.append(path)
    return kept
