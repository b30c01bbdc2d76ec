"""A rubric: criteria, each with levels that give points. Pure: what was picked in, the total and its reasons out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Level:
    """One level of a criterion: what it gives, and what work of this level looks like."""

    key: str
    points: int
    title: str
    words: str = ""


@dataclass(frozen=True)
class Criterion:
    """What is looked at, with its levels, the best first."""

    key: str
    title: str
    words: str
    levels: tuple[Level, ...]

    @property
    def most(self) -> int:
        """The points that its best level gives."""
        return max((level.points for level in self.levels), default=0)

    def level(self, key: str) -> Level | None:
        return next((level for level in self.levels if level.key == key), None)


@dataclass(frozen=True)
class Pick:
    """What somebody chose for one criterion: the key of a level, and a comment."""

    level: str = ""
    comment: str = ""


@dataclass(frozen=True)
class Chosen:
    """One criterion with the level that was picked for it; None where none was."""

    criterion: Criterion
    level: Level | None
    comment: str


@dataclass(frozen=True)
class Reckoning:
    """What the picks come to. There is a total only where every criterion has its level."""

    chosen: tuple[Chosen, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """The titles of the criteria without a level."""
        return tuple(row.criterion.title for row in self.chosen if row.level is None)

    @property
    def total(self) -> int | None:
        if not self.chosen or self.missing:
            return None
        return sum(row.level.points for row in self.chosen if row.level)


def rubric_of(frozen: Iterable[Mapping[str, Any]]) -> tuple[Criterion, ...]:
    """The rubric that a version of an assignment froze."""
    return tuple(
        Criterion(
            key=row["key"],
            title=row["title"],
            words=row.get("words", ""),
            levels=tuple(
                sorted((Level(**level) for level in row["levels"]), key=lambda level: -level.points)
            ),
        )
        for row in frozen
    )


def reckon(rubric: Iterable[Criterion], picks: Mapping[str, Pick]) -> Reckoning:
    """Add the points of the levels that were picked. A level that the criterion does not have counts as none."""
    none = Pick()
    return Reckoning(
        tuple(
            Chosen(row, row.level(picks.get(row.key, none).level), picks.get(row.key, none).comment.strip())
            for row in rubric
        )
    )
