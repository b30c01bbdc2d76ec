"""What another key makes of a result. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lms.questions.policy import Question, Rules, mark


@dataclass(frozen=True)
class Worth:
    """What one question brings: points reached, and how many it counts for."""

    reached: Decimal
    most: Decimal


def worth_of(question: Question, said: Any, remedy: str, rules: Rules, read: Decimal | None = None) -> Worth:
    """What an answer is worth when the question is marked so; `read`: what those who read it gave."""
    if remedy == "out":
        return Worth(Decimal(0), Decimal(0))
    if remedy == "full":
        return Worth(question.points, question.points)
    reached = mark(question, said, rules).points if read is None else read
    return Worth(reached, question.points)


@dataclass(frozen=True)
class Result:
    """A result as it is told: points, whole per cent rounded down, whether it passes."""

    points: Decimal
    most: Decimal
    percent: int
    passed: bool


def regraded(points: Decimal, most: Decimal, old: Worth, new: Worth, *, pass_percent: int) -> Result:
    """The result in which one question is worth something else."""
    points, most = points - old.reached + new.reached, most - old.most + new.most
    percent = int(points * 100 // most) if most else 0
    return Result(points, most, percent, bool(most) and percent >= pass_percent)
