"""What a course asks for, and what one person has done of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from core.ui.charts import whole_percent
from lms.enrolments.policy.outline import Item, learned_in


@dataclass(frozen=True)
class Rule:
    """The completion rule of a course version: what must be done. Nought and False ask for nothing.

    `minutes` counts the planned minutes of the lessons done and the time in classes; `attended_minutes` the time in
    classes alone. Percentages are whole: of the classes that count, and the mean of the best scores of all quizzes.
    """

    require_lessons: bool = True
    require_quizzes: bool = True
    minutes: int = 0
    attended_minutes: int = 0
    attendance_percent: int = 0
    quiz_average: int = 0
    require_assignments: bool = False
    require_surveys: bool = False

    def asks_for(self, item: Item) -> bool:
        if item.kind == "assignment":
            return False  # counted together, as a condition of its own
        return self.require_quizzes if item.kind == "quiz" else self.require_lessons

    @property
    def asks_attendance(self) -> bool:
        return bool(self.minutes or self.attended_minutes or self.attendance_percent)


def rule_of(row: Mapping[str, Any]) -> Rule:
    """The rule as a version keeps it. Lessons and quizzes are asked for unless it says otherwise, the rest only if it does."""
    return Rule(
        require_lessons=bool(row.get("lessons", True)),
        require_quizzes=bool(row.get("quizzes", True)),
        minutes=int(row.get("minutes", 0)),
        attended_minutes=int(row.get("attended_minutes", 0)),
        attendance_percent=int(row.get("attendance_percent", 0)),
        quiz_average=int(row.get("quiz_average", 0)),
        require_assignments=bool(row.get("assignments", False)),
        require_surveys=bool(row.get("surveys", False)),
    )


@dataclass(frozen=True)
class Attended:
    """Classes that count: how many were attended of those that are settled, and the minutes in all classes."""

    minutes: int = 0
    attended: int = 0
    held: int = 0

    @property
    def percent(self) -> int:
        """The share of the classes held that was attended, as it is shown: rounded, and 100 only for all of them; 0 when
        none was held. No rule is decided by it."""
        return whole_percent(self.attended, self.held)


class Classes(NamedTuple):
    """How many classes count for somebody, and how many of them are over."""

    planned: int = 0
    over: int = 0


class Share(NamedTuple):
    """So many of so many: assignments passed, surveys answered."""

    done: int
    total: int
    is_private: bool = False  # for the trainee alone: who has answered an anonymous survey


@dataclass(frozen=True)
class Facts:
    """What there is and what one person has done: keys of lessons completed and of quizzes passed, and the rest that
    the rule asks for. None: nobody counts it here. `planned` is how many classes count in all, also those to come;
    `over` of them are over."""

    items: tuple[Item, ...]
    done: frozenset[str]
    scores: Mapping[str, int] = field(default_factory=dict)  # best score of each quiz in per cent, by its key
    attended: Attended | None = None
    planned: int = 0
    over: int = 0
    assignments: Share | None = None
    surveys: Share | None = None

    @property
    def unrecorded(self) -> int:
        """Classes that are over, and nobody has said yet who was there."""
        return max(0, self.over - (self.attended.held if self.attended else 0))

    @property
    def minutes(self) -> int:
        """Minutes learned: planned ones of the lessons done, and those in classes."""
        read = learned_in(self.items, self.done)
        return sum(read.values()) + (self.attended.minutes if self.attended else 0)
