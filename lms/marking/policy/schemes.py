"""How the answers of a paper are read, as the paper keeps it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from typing import Any

from lms.questions.policy import Kind, Question

CENT = Decimal("0.01")


class Unit(StrEnum):
    """In what the difference of two readers is measured; per cent are those of the question's points."""

    POINTS = "points"
    PERCENT = "percent"


class Third(StrEnum):
    """What a third reading does: it decides alone, or the mean of the two readings that are nearest to each other does."""

    DECIDES = "decides"
    NEARER = "nearer"


@dataclass(frozen=True)
class Scheme:
    """How many read an answer; by how much two may differ before a third reads; how their points become one number."""

    readers: int = 1
    difference: Decimal = Decimal(1)
    unit: Unit = Unit.POINTS
    third: Third = Third.DECIDES
    step: Decimal = Decimal("0.5")
    is_anonymous: bool = True
    rubric: tuple[tuple[str, int], ...] = ()  # what essays are read for: the title, per cent of the points

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Scheme:
        """The scheme as a paper keeps it; what it does not name is as above."""
        plain = cls()
        return cls(
            readers=2 if data.get("readers") == 2 else 1,
            difference=Decimal(str(data.get("difference", plain.difference))),
            unit=Unit(data.get("unit", plain.unit)),
            third=Third(data.get("third", plain.third)),
            step=Decimal(str(data.get("step", plain.step))),
            is_anonymous=bool(data.get("anonymous", True)),
            rubric=tuple((row["title"], int(row["percent"])) for row in data.get("rubric", ())),
        )

    def allowed(self, most: Decimal) -> Decimal:
        """The difference in points that two readers of a question of so many points may have."""
        return self.difference if self.unit == Unit.POINTS else most * self.difference / 100


@dataclass(frozen=True)
class Criterion:
    """What points are given for. `answer`: what the author of the question expects there."""

    key: str
    title: str
    most: Decimal
    answer: str = ""


def criteria_of(question: Question, scheme: Scheme) -> tuple[Criterion, ...]:
    """A case is read part by part, an essay by the rubric of its paper; without one there is the whole answer alone. The
    points of the criteria make those of the question, whatever parts and per cent come to."""
    if question.kind == Kind.CASE and question.parts:
        rows = [(part.key, part.prompt, part.points, part.answer) for part in question.parts]
    elif scheme.rubric:
        shares = enumerate(scheme.rubric, start=1)
        rows = [(str(number), title, Decimal(percent), "") for number, (title, percent) in shares]
    else:
        rows = []
    most = _shared(question.points, [points for _key, _title, points, _answer in rows])
    if not most:
        return (Criterion("whole", "", question.points, question.model),)
    return tuple(Criterion(row[0], row[1], points, row[3]) for row, points in zip(rows, most, strict=True))


def _shared(points: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """The points shared out by weight in hundredths; what rounding leaves goes to the last."""
    total = sum(weights, Decimal(0))
    if total <= 0:
        return []
    shares = [(points * weight / total).quantize(CENT, ROUND_DOWN) for weight in weights]
    shares[-1] += points - sum(shares, Decimal(0))
    return shares
