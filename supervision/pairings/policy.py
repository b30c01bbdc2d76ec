"""How well a supervisor suits a mentee: points, each with its reason. The one scoring of suggestions and of rounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

STEP = 4  # characters of a tree path for each step down
FIELDS, NEAR, FREE, LANGUAGE = 45, 30, 20, 5  # the most that each reason gives in a suggestion


@dataclass(frozen=True)
class Part:
    """A part of the score. `code` names the sentence, `values` stand in it."""

    code: str
    points: int
    most: int
    values: Mapping[str, Any] = field(default_factory=dict)

    def kept(self) -> list[Any]:
        return [self.code, self.points, self.most, dict(self.values)]


@lru_cache(maxsize=1 << 17)
def of_fields(wanted: frozenset[str], offered: frozenset[str], most: int) -> Part:
    """Service fields in common, by the share of what the mentee works in. Unknown ones give half: that neither helps
    nor harms."""
    if not wanted:
        return Part("fields_unknown", most // 2, most)
    common = wanted & offered
    if not common:
        return Part("no_fields", 0, most)
    return Part("fields", most * len(common) // len(wanted), most, {"names": "、".join(sorted(common))})


@lru_cache(maxsize=1 << 17)
def of_nearness(mentee: str, supervisor: str, most: int) -> Part:
    """Each step down the tree that both paths share brings them nearer; the same organisation is the nearest."""
    shared = 0
    for end in range(STEP, len(mentee) + 1, STEP):
        if mentee[:end] != supervisor[:end]:
            break
        shared = end // STEP
    return Part("near", most * shared // max(len(mentee) // STEP, 1), most, {"steps": shared})


@lru_cache(maxsize=1 << 17)
def of_language(wanted: frozenset[str], offered: frozenset[str], most: int) -> Part:
    """A language or dialect in common; asked only of mentees who named one."""
    common = wanted & offered
    if not common:
        return Part("no_language", 0, most)
    return Part("language", most, most, {"names": "、".join(sorted(common))})


@dataclass(frozen=True)
class Room:
    """The room that a supervisor has: places, and the minutes of this month by their own figure (None: no figure)."""

    load: int = 0
    capacity: int = 1
    used: int = 0
    monthly: int | None = None

    @property
    def free(self) -> int:
        return max(self.capacity - self.load, 0)

    @property
    def minutes_left(self) -> int | None:
        return None if self.monthly is None else max(self.monthly - self.used, 0)

    @property
    def is_month_full(self) -> bool:
        return self.minutes_left == 0


def of_room(room: Room, most: int) -> Part:
    """The share of places that is free, or of the month's minutes where that is smaller."""
    points = most * room.free // max(room.capacity, 1)
    values: dict[str, Any] = {"free": room.free, "capacity": room.capacity}
    if room.minutes_left is None or room.monthly is None:
        return Part("free", points, most, values)
    values |= {"left": room.minutes_left, "monthly": room.monthly}
    points = min(points, most * room.minutes_left // max(room.monthly, 1))
    return Part("month_full" if room.is_month_full else "free_month", points, most, values)


@dataclass(frozen=True)
class Fit:
    """What is known of a mentee and a supervisor. A path is the way down the tree of organisations."""

    mentee_fields: frozenset[str] = frozenset()
    supervisor_fields: frozenset[str] = frozenset()
    mentee_path: str = ""
    supervisor_path: str = ""
    room: Room = field(default_factory=Room)
    mentee_languages: frozenset[str] = frozenset()
    supervisor_languages: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Score:
    parts: tuple[Part, ...]

    @property
    def points(self) -> int:
        return sum(part.points for part in self.parts)


def score_of(fit: Fit) -> Score:
    """Service fields in common, nearness in the tree, the room that is left, and a common language where the mentee has
    named one."""
    parts = [
        of_fields(fit.mentee_fields, fit.supervisor_fields, FIELDS),
        of_nearness(fit.mentee_path, fit.supervisor_path, NEAR),
        of_room(fit.room, FREE),
    ]
    if fit.mentee_languages:
        parts.append(of_language(fit.mentee_languages, fit.supervisor_languages, LANGUAGE))
    return Score(tuple(parts))
