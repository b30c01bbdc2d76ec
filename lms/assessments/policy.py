"""Which answers can be given, when a quiz may be taken, and what it is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from lms.questions.policy import STRICT, Mark, Question, Rules, mark

PAGE_SIZE = 5


@dataclass(frozen=True)
class Grade:
    """The result. `percent` is rounded down, so that a pass mark is never reached by rounding; it and `is_passed` are None
    while somebody has to read an answer, and `points` are then those that are sure already."""

    right: int
    total: int
    points: Decimal
    most: Decimal
    percent: int | None
    is_passed: bool | None
    marks: Mapping[str, Mark]
    reached: Mapping[str, Decimal | None]  # by question; None: to be read
    full: frozenset[str]  # the questions that have all their points


def grade(
    questions: Sequence[Question],
    answers: Mapping[str, Any],
    *,
    pass_percent: int,
    rules: Rules = STRICT,
    given: Mapping[str, Decimal] | None = None,
) -> Grade:
    """Mark a paper. Every question counts by its points, parts of an answer by the rules of the paper; a question without
    an answer is worth nothing. `given`: what those who read answers gave, by question; it stands before our own mark. A
    paper without questions cannot be passed."""
    by_hand = given or {}
    marks = {each.key: mark(each, answers.get(each.key), rules) for each in questions}
    reached = {key: by_hand.get(key, None if each.needs_hand else each.points) for key, each in marks.items()}
    most = sum((each.points for each in questions), Decimal(0))
    points = sum((each for each in reached.values() if each is not None), Decimal(0))
    full = frozenset(each.key for each in questions if reached[each.key] == each.points)
    percent = (int(points * 100 // most) if most else 0) if None not in reached.values() else None
    is_passed = None if percent is None else bool(most) and percent >= pass_percent
    return Grade(len(full), len(questions), points, most, percent, is_passed, marks, reached, full)


class Start(StrEnum):
    """What the start page may offer."""

    RESUME = "resume"
    START = "start"
    PASSED = "passed"
    USED_UP = "used_up"
    WAITS = "waits"  # what was handed in last is being read
    EARLY = "early"  # the quiz opens later
    LATE = "late"  # the quiz has closed
    COOLS = "cools"  # too soon after the last attempt


def may_start(*, has_open: bool, is_passed: bool, used: int, max_attempts: int, waits: bool = False) -> Start:
    """Whether a new attempt may begin; `max_attempts` 0 means as often as one likes.

    An open attempt is resumed, on whichever device; who has passed has nothing more to prove; and while an answer is being
    read, nobody knows yet whether another attempt is needed.
    """
    if has_open:
        return Start.RESUME
    if is_passed:
        return Start.PASSED
    if waits:
        return Start.WAITS
    if max_attempts and used >= max_attempts:
        return Start.USED_UP
    return Start.START


def not_now(
    now: datetime, *, window: tuple[datetime, datetime] | None = None, cools_until: datetime | None = None
) -> Start | None:
    """Why the clock does not let an attempt begin; None: it does. The moment of closing is too late already."""
    if window is not None and now < window[0]:
        return Start.EARLY
    if window is not None and now >= window[1]:
        return Start.LATE
    return Start.COOLS if cools_until is not None and now < cools_until else None


def deadline_of(started: datetime, minutes: int | None, closes_at: datetime | None) -> datetime | None:
    """When an attempt ends: after its minutes, and no later than the quiz closes. None: no clock."""
    ends = [each for each in (started + timedelta(minutes=minutes) if minutes else None, closes_at) if each]
    return min(ends, default=None)


def is_over(deadline_at: datetime | None, *, now: datetime) -> bool:
    """Whether the time has run out; the moment of the deadline itself is too late."""
    return deadline_at is not None and now >= deadline_at


def paged(headings: Sequence[str], per_page: int) -> list[range]:
    """The places (from 0) of the questions on each page, by the heading that each stands under: so many a page, or, for 0,
    a page for each section. An empty paper has one page too."""
    starts = (
        range(0, len(headings), per_page)
        if per_page
        else [at for at, each in enumerate(headings) if not at or each != headings[at - 1]]
    )
    ends = [*list(starts)[1:], len(headings)]
    return [range(start, end) for start, end in zip(starts or [0], ends, strict=True)]
