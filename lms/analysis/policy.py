"""What the answers of many say about a question: how difficult it is, whether it separates, who is drawn by which choice. Pure.

Classical test theory: difficulty is the mean share of the points; discrimination the difference of that mean between the
upper and the lower 27 per cent of people, and the correlation of the question with the rest of the paper; reliability is
Cronbach's alpha, which for questions that are right or wrong is KR-20.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

ENOUGH = 30  # people; of fewer the figures are shown and nothing is said about them
OUTER = 0.27
EASY, HARD, SEPARATES = 0.95, 0.2, 0.2
DRAWN_MORE, RARELY = 0.1, 0.02
TINY = 1e-12


class Flag(StrEnum):
    """What is worth a look."""

    FEW = "few"  # too few people to judge
    EASY = "easy"
    HARD = "hard"
    FLAT = "flat"  # does not separate those who know from those who do not
    KEY = "key"  # the key may be wrong
    IDLE = "idle"  # a choice that hardly anybody takes


@dataclass(frozen=True)
class Reply:
    """What one person did with one question: points of how many, and what was chosen."""

    points: float
    most: float
    chosen: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        return self.points / self.most if self.most else 0.0


Sitting = Mapping[str, Reply]  # by question: everything that one person was asked


@dataclass(frozen=True)
class Asked:
    """A question as far as it matters here; `choices` is empty where nothing is chosen."""

    key: str
    choices: tuple[str, ...] = ()
    correct: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Taken:
    """Who took a choice: how many, and the shares of the upper, middle and lower group."""

    key: str
    is_right: bool
    number: int
    upper: float
    middle: float
    lower: float


@dataclass(frozen=True)
class Item:
    """What is known of one question. None where it cannot be said: nobody differs."""

    key: str
    people: int
    difficulty: float
    discrimination: float
    correlation: float | None
    choices: tuple[Taken, ...]
    flags: tuple[Flag, ...]


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _variance(values: Sequence[float]) -> float:
    middle = mean(values)
    return mean([(value - middle) ** 2 for value in values])


def correlation_of(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Pearson's; None where one side does not vary."""
    spread = sqrt(_variance(one)) * sqrt(_variance(other))
    if spread < TINY:
        return None
    a, b = mean(one), mean(other)
    both = mean([(x - a) * (y - b) for x, y in zip(one, other, strict=True)])
    return max(-1.0, min(1.0, both / spread))


def alpha_of(sittings: Sequence[Sitting]) -> float | None:
    """Cronbach's alpha of people who were all asked the same; None for one question, or where nobody differs."""
    if not sittings or any(sitting.keys() != sittings[0].keys() for sitting in sittings):
        return None
    keys = list(sittings[0])
    total = _variance([sum(sitting[key].points for key in keys) for sitting in sittings])
    if len(keys) < 2 or total < TINY:
        return None
    parts = sum(_variance([sitting[key].points for sitting in sittings]) for key in keys)
    return len(keys) / (len(keys) - 1) * (1 - parts / total)


def share_of(sitting: Sitting, without: str = "") -> float:
    """The share of the points somebody has of everything, or of everything but one question."""
    rows = [reply for key, reply in sitting.items() if key != without]
    most = sum(reply.most for reply in rows)
    return sum(reply.points for reply in rows) / most if most else 0.0


def outer_size(people: int) -> int:
    """How many the upper and the lower group have: 27 per cent, at least one, never more than half."""
    return min(max(1, round(people * OUTER)), people // 2)


def items_of(
    asked: Sequence[Asked], sittings: Sequence[Sitting], tell: Callable[[], None] = lambda: None
) -> list[Item]:
    """What is known of each question that somebody was asked. `tell` is called after each: of many people it takes a while."""
    sums = [
        (sum(r.points for r in sitting.values()), sum(r.most for r in sitting.values()))
        for sitting in sittings
    ]
    order = sorted(
        range(len(sittings)), key=lambda n: sums[n][0] / sums[n][1] if sums[n][1] else 0.0, reverse=True
    )
    items = []
    for question in asked:
        rows = [n for n in order if question.key in sittings[n]]
        if rows:
            rest = [_rest(sittings[n][question.key], *sums[n]) for n in rows]
            items.append(_item(question, [sittings[n][question.key] for n in rows], rest))
        tell()
    return items


def _rest(reply: Reply, points: float, most: float) -> float:
    left = most - reply.most
    return (points - reply.points) / left if left > TINY else 0.0


def _item(question: Asked, replies: Sequence[Reply], rest: Sequence[float]) -> Item:
    """`replies` from the best to the worst."""
    outer = outer_size(len(replies))
    upper, lower = replies[:outer], replies[len(replies) - outer :]
    middle = replies[outer : len(replies) - outer]
    shares = [reply.share for reply in replies]
    difficulty = mean(shares)
    discrimination = mean([reply.share for reply in upper]) - mean([reply.share for reply in lower])
    choices = tuple(_taken(key, question, replies, (upper, middle, lower)) for key in question.choices)
    flags = _flags(len(replies), difficulty, discrimination, choices)
    correlation = correlation_of(shares, rest)
    return Item(question.key, len(replies), difficulty, discrimination, correlation, choices, flags)


def _taken(key: str, question: Asked, replies: Sequence[Reply], groups: Sequence[Sequence[Reply]]) -> Taken:
    upper, middle, lower = (mean([float(key in reply.chosen) for reply in group]) for group in groups)
    number = sum(key in reply.chosen for reply in replies)
    return Taken(key, key in question.correct, number, upper, middle, lower)


def _flags(
    people: int, difficulty: float, discrimination: float, choices: Sequence[Taken]
) -> tuple[Flag, ...]:
    if people < ENOUGH:
        return (Flag.FEW,)
    wrong = [choice for choice in choices if not choice.is_right]
    found = {
        Flag.KEY: discrimination < 0 or any(row.upper - row.lower >= DRAWN_MORE for row in wrong),
        Flag.EASY: difficulty > EASY,
        Flag.HARD: difficulty < HARD,
        Flag.FLAT: 0 <= discrimination < SEPARATES and difficulty <= EASY,
        Flag.IDLE: any(row.number < people * RARELY for row in wrong) and difficulty <= EASY,
    }
    return tuple(flag for flag, is_so in found.items() if is_so)
