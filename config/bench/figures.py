"""From single readings to the figures of the table. Pure: no database, no clock."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol


@dataclass(frozen=True)
class Cost:
    """What something took: CPU time in ms of this process, and statements sent to the database."""

    ms: float
    statements: int

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.ms + other.ms, self.statements + other.statements)


@dataclass(frozen=True)
class Budget:
    """The most that a unit may take; None where nothing is asked. `ms` is for the median, `p95` for that quantile."""

    ms: float | None = None
    statements: int | None = None
    p95: float | None = None


@dataclass(frozen=True)
class Figures:
    """One line of the table: the median and the 95th percentile of the CPU time in ms, and the most statements."""

    median: float
    p95: float
    statements: int
    readings: int


def figures_of(costs: Sequence[Cost]) -> Figures:
    """The figures of at least one reading. Of the statements the most counts: they do not vary by chance."""
    times = sorted(cost.ms for cost in costs)
    return Figures(
        median=statistics.median(times),
        p95=p95_of(times),
        statements=max(cost.statements for cost in costs),
        readings=len(times),
    )


def p95_of(times: Sequence[float]) -> float:
    """The 95th percentile of at least one time."""
    return sorted(times)[math.ceil(0.95 * len(times)) - 1]


def over(figures: Figures, budget: Budget) -> list[str]:
    """What the figures exceed: of "ms", "statements", "p95". Empty when the budget holds."""
    pairs = {
        "ms": (figures.median, budget.ms),
        "statements": (figures.statements, budget.statements),
        "p95": (figures.p95, budget.p95),
    }
    return [name for name, (found, most) in pairs.items() if most is not None and found > most]


class Once(Protocol):
    """Something that is measured once, a dataclass. As text it says what came of it; `faults` is what must not be, in
    sentences."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def faults(self) -> list[str]: ...
