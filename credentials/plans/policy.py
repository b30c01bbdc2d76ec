"""How far a target has come, and whether its shares add up. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """What is to be reached and what is done, both in people."""

    number: int
    done: int

    @property
    def missing(self) -> int:
        return max(self.number - self.done, 0)

    @property
    def reached(self) -> bool:
        return self.done >= self.number

    @property
    def percent(self) -> int:
        """In whole per cent, rounded down: 100 only when it is reached. A target of nothing is reached."""
        return min(100 * self.done // self.number, 100) if self.number else 100


@dataclass(frozen=True)
class Division:
    """What was passed on of a target, against the target itself."""

    number: int
    shared: int
    children: int

    @property
    def over(self) -> int:
        return max(self.shared - self.number, 0)

    @property
    def under(self) -> int:
        """What nobody below was given; nothing before anybody was given a share."""
        return max(self.number - self.shared, 0) if self.children else 0


def below(facts: Iterable[tuple[str, int]], step: int) -> Counter[str]:
    """How many people there are at or below each tree path. `facts`: the path and the person; a person counts once.

    `step` is the length of one storey of a path.
    """
    counted: Counter[str] = Counter()
    for path in {person: path for path, person in facts}.values():
        for end in range(step, len(path) + 1, step):
            counted[path[:end]] += 1
    return counted


def key_of(kind: str, course: int | None, level: int | None, route: str, sector: int | None) -> str:
    """One text for what a target counts: two targets of a plan never count the same."""
    return f"{kind}:{course or ''}:{level or ''}:{route}:{sector or ''}"


def misfits(kind: str, *, course: bool, level: bool, route: bool, sector: bool) -> set[str]:
    """What a target of this kind cannot be narrowed by, of what was given."""
    given = {
        name
        for name, is_given in (("course", course), ("level", level), ("route", route), ("sector", sector))
        if is_given
    }
    allowed = {"trained": {"course", "level", "route"}, "qualified": {"level"}, "posted": {"sector"}}
    return given - allowed.get(kind, set())
