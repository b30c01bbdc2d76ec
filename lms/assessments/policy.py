"""Which answers can be given, when a quiz may be taken, and what it is worth."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.blocks.policy import QuestionKind, is_right

PAGE_SIZE = 5


@dataclass(frozen=True)
class Question:
    """What marking needs of a question: its kind, the keys that can be chosen and the right ones."""

    key: str
    kind: str  # single | multiple | true_false
    choices: frozenset[str]
    correct: frozenset[str]
    marks: int = 1


@dataclass(frozen=True)
class Grade:
    """The result. `percent` is rounded down, so that a pass mark is never reached by rounding."""

    right: int
    total: int
    percent: int
    is_passed: bool
    marks: Mapping[str, bool]


def grade(
    questions: Sequence[Question], answers: Mapping[str, Collection[str]], *, pass_percent: int
) -> Grade:
    """Mark a paper. Every question counts by its marks; a multiple choice is right only when exactly the right ones
    are chosen; a question without an answer is wrong. A paper without questions cannot be passed."""
    marks = {
        question.key: is_right(answers.get(question.key, ()), question.correct) for question in questions
    }
    right, total = sum(marks.values()), len(questions)
    reached = sum(question.marks for question in questions if marks[question.key])
    percent = reached * 100 // sum(question.marks for question in questions) if total else 0
    return Grade(right, total, percent, bool(total) and percent >= pass_percent, marks)


def can_answer(question: Question, chosen: Collection[str]) -> bool:
    """Whether these keys can have come from our own form: known choices, and one at most where one is asked for."""
    known = frozenset(chosen) <= question.choices
    return known and (question.kind == QuestionKind.MULTIPLE or len(frozenset(chosen)) <= 1)


class Start(StrEnum):
    """What the start page may offer."""

    RESUME = "resume"
    START = "start"
    PASSED = "passed"
    USED_UP = "used_up"


def may_start(*, has_open: bool, is_passed: bool, used: int, max_attempts: int) -> Start:
    """Whether a new attempt may begin; `max_attempts` 0 means as often as one likes.

    An open attempt is resumed, on whichever device; who has passed has nothing more to prove.
    """
    if has_open:
        return Start.RESUME
    if is_passed:
        return Start.PASSED
    if max_attempts and used >= max_attempts:
        return Start.USED_UP
    return Start.START


def is_over(deadline_at: datetime | None, *, now: datetime) -> bool:
    """Whether the time has run out; the moment of the deadline itself is too late."""
    return deadline_at is not None and now >= deadline_at


def pages_of(questions: int) -> int:
    """How many pages so many questions fill; an empty paper has one page too."""
    return max(1, -(-questions // PAGE_SIZE))
