"""How well a supervisor suits a mentee: a score of at most 100 with the reasons of every point."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

FIELDS, NEAR, FREE, LANGUAGE = 45, 30, 20, 5  # the most that each reason gives


@dataclass(frozen=True)
class Fit:
    """What is known of a mentee and a supervisor. A path is the way down the tree of organisations, the root first."""

    mentee_fields: frozenset[str] = frozenset()
    supervisor_fields: frozenset[str] = frozenset()
    mentee_path: tuple[str, ...] = ()
    supervisor_path: tuple[str, ...] = ()
    load: int = 0
    capacity: int = 1
    mentee_languages: frozenset[str] = frozenset()
    supervisor_languages: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reason:
    """A part of the score. `code` names the sentence, `values` stand in it."""

    code: Literal["fields", "no_fields", "fields_unknown", "near", "free", "language"]
    points: int
    most: int
    values: dict[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Score:
    reasons: tuple[Reason, ...]

    @property
    def points(self) -> int:
        return sum(reason.points for reason in self.reasons)


def score_of(fit: Fit) -> Score:
    """Service fields in common, nearness in the tree, the share of places that is free, and a common language.

    Unknown fields of the mentee give half, so that they neither help nor harm. A language counts only when the mentee
    named one.
    """
    reasons = [_of_fields(fit), _of_distance(fit), _of_places(fit)]
    common = fit.mentee_languages & fit.supervisor_languages
    if common:
        reasons.append(Reason("language", LANGUAGE, LANGUAGE, {"names": "、".join(sorted(common))}))
    return Score(tuple(reasons))


def _of_fields(fit: Fit) -> Reason:
    if not fit.mentee_fields:
        return Reason("fields_unknown", FIELDS // 2, FIELDS)
    common = fit.mentee_fields & fit.supervisor_fields
    if not common:
        return Reason("no_fields", 0, FIELDS)
    points = FIELDS * len(common) // len(fit.mentee_fields)
    return Reason("fields", points, FIELDS, {"names": "、".join(sorted(common))})


def _of_distance(fit: Fit) -> Reason:
    """Each step down that both share brings them nearer; the same organisation is the nearest."""
    common = 0
    for one, other in zip(fit.mentee_path, fit.supervisor_path, strict=False):
        if one != other:
            break
        common += 1
    depth = max(len(fit.mentee_path), 1)
    shared = fit.mentee_path[common - 1] if common else ""
    return Reason("near", NEAR * common // depth, NEAR, {"shared": shared})


def _of_places(fit: Fit) -> Reason:
    free = max(fit.capacity - fit.load, 0)
    return Reason("free", FREE * free // max(fit.capacity, 1), FREE, {"free": free, "capacity": fit.capacity})
