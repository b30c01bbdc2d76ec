"""Which questions of a bank a paper gets by its blueprint. Pure, and the same for the same seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from lms.questions.policy.kinds import CHOOSING

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Line:
    """One line of a blueprint: so many questions at this point or below it. What is empty may be anything."""

    count: int
    point: tuple[str, ...] = ()
    difficulty: str = ""
    kind: str = ""  # empty: one of those that are answered by choosing
    marks: int = 1  # for each of them; 0: what the question itself is worth
    section: str = ""  # the heading that it stands under


@dataclass(frozen=True)
class Candidate:
    """What drawing needs of a question: the number of its revision, and what lines ask for."""

    revision: int
    point: tuple[str, ...]
    difficulty: str
    kind: str


@dataclass(frozen=True)
class Lack:
    """A line that cannot be filled. `shared`: it has enough of its own, but other lines need the same questions."""

    number: int  # of the line, from 1
    needs: int
    has: int
    shared: bool = False


class NotEnough(ValueError):
    """No choice of questions fills every line; `lacks` says which."""


def fits(line: Line, candidate: Candidate) -> bool:
    """Whether a question may stand for a line."""
    return (
        candidate.point[: len(line.point)] == line.point
        and line.difficulty in ("", candidate.difficulty)
        and (candidate.kind == line.kind if line.kind else candidate.kind in CHOOSING)
    )


def draw(blueprint: Sequence[Line], pool: Sequence[Candidate], seed: str) -> list[tuple[Candidate, Line]]:
    """The questions in the order of the lines, each with its line; in the order of the pool's shuffling within a line.

    Every line gets exactly its count and no question comes twice, also where lines overlap: if the pool can serve the
    blueprint at all, it is served. The pool's own order does not matter. Raises NotEnough.
    """
    hands = _Hands(blueprint, pool, seed)
    if not all(hands.is_full(place) for place in range(len(blueprint))):
        raise NotEnough
    return [
        (hands.pool[card], line) for place, line in enumerate(blueprint) for card in sorted(hands.held[place])
    ]


def lacks(blueprint: Sequence[Line], pool: Sequence[Candidate]) -> list[Lack]:
    """The lines that the pool cannot fill; none: every drawing succeeds, whatever its seed."""
    hands = _Hands(blueprint, pool, "")
    found = []
    for place, line in enumerate(blueprint):
        own, held = len(hands.fitting[place]), len(hands.held[place])
        if own < line.count:
            found.append(Lack(place + 1, line.count, own))
        elif held < line.count:
            found.append(Lack(place + 1, line.count, held, shared=True))
    return found


def shuffled(things: Sequence[Thing], seed: str) -> list[Thing]:
    """The same things in an order that the seed decides."""
    mixed = list(things)
    Random(seed).shuffle(mixed)  # noqa: S311 - no secret
    return mixed


class _Hands:
    """The shuffled questions, dealt to the lines: a largest matching, made by exchanging along the shortest way."""

    def __init__(self, blueprint: Sequence[Line], pool: Sequence[Candidate], seed: str) -> None:
        once = {candidate.revision: candidate for candidate in pool}
        self.pool = shuffled([once[revision] for revision in sorted(once)], seed)
        self.blueprint = blueprint
        self.fitting = [
            [card for card, each in enumerate(self.pool) if fits(line, each)] for line in blueprint
        ]
        self.held: list[set[int]] = [set() for _line in blueprint]
        self.holder: dict[int, int] = {}
        for place in sorted(range(len(blueprint)), key=self._slack):
            while not self.is_full(place) and self._deal(place):
                pass

    def _slack(self, place: int) -> int:
        """Lines with the least to choose from are dealt to first: few exchanges are needed then."""
        return len(self.fitting[place]) - self.blueprint[place].count

    def is_full(self, place: int) -> bool:
        return len(self.held[place]) >= self.blueprint[place].count

    def _deal(self, place: int) -> bool:
        """One more question for this line; other lines give one away where they can take another instead."""
        came: dict[int, tuple[int, int] | None] = {place: None}  # a line: who wants which question of it
        queue = [place]
        for line in queue:
            for card in self.fitting[line]:
                owner = self.holder.get(card)
                if owner is None:
                    self._pass_on(line, card, came)
                    return True
                if owner not in came:
                    came[owner] = (line, card)
                    queue.append(owner)
        return False

    def _pass_on(self, line: int, card: int, came: dict[int, tuple[int, int] | None]) -> None:
        """`line` takes a free question, and gives the one that was wanted of it to the line that it was reached from."""
        self._take(line, card)
        while (step := came[line]) is not None:
            wanting, wanted = step
            self.held[line].discard(wanted)
            self._take(wanting, wanted)
            line = wanting

    def _take(self, line: int, card: int) -> None:
        self.held[line].add(card)
        self.holder[card] = line
