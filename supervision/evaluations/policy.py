"""When an evaluation is due, and what may be published of many so that nobody's own answer can be worked out.

Published are blocks: an answer is in at most one block, a block has at least as many people as the rule asks for, and it
is worked out once, when its period is over. What is said of a block is an average in steps, with the ends of the scale
cut off: even whoever took part and subtracts their own answer is left with several answers for everybody else.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

LOWEST, HIGHEST = 1, 5  # of the scale
LEAST = 5  # no rule goes below: with fewer the cut-off ends would be the whole scale
MID_AFTER = 90  # days, where neither the agreement nor the pairing says when the middle is
LATE_BY = 30  # days after which a middle that was missed is not made up for


@dataclass(frozen=True)
class Course:
    """What is known of the days of one pairing. `ended_on` is the day on which it really ended."""

    starts_on: datetime.date
    ends_on: datetime.date | None = None
    review_on: datetime.date | None = None
    ended_on: datetime.date | None = None


def mid_of(course: Course) -> datetime.date:
    """The day of the mid-term: the review that was agreed on, or half-way, or 90 days after the beginning."""
    if course.review_on is not None and course.review_on > course.starts_on:
        return course.review_on
    if course.ends_on is not None:
        return course.starts_on + (course.ends_on - course.starts_on) / 2
    return course.starts_on + datetime.timedelta(days=MID_AFTER)


def due(course: Course, today: datetime.date) -> str:
    """Which evaluation is due on this day: "mid", "end" or "". The end is due when the pairing ends or its last day has
    come; then no mid-term is asked any more."""
    last = course.ended_on or course.ends_on
    if last is not None and last <= today:
        return "end" if (today - last).days <= LATE_BY else ""
    middle = mid_of(course)
    return "mid" if middle <= today <= middle + datetime.timedelta(days=LATE_BY) else ""


def half_year(day: datetime.date) -> tuple[datetime.date, datetime.date]:
    """The half of the calendar year in which this day lies: its first and its last day."""
    if day.month <= 6:
        return datetime.date(day.year, 1, 1), datetime.date(day.year, 6, 30)
    return datetime.date(day.year, 7, 1), datetime.date(day.year, 12, 31)


def last_closed(today: datetime.date) -> tuple[datetime.date, datetime.date]:
    """The last half-year that is over."""
    return half_year(half_year(today)[0] - datetime.timedelta(days=1))


@dataclass(frozen=True)
class Average:
    """What is published of one question: how many people, and their average in steps; `mark` is "", "≤" or "≥"."""

    answers: int
    value: Decimal
    mark: str = ""

    @property
    def words(self) -> str:
        return f"{self.mark}{self.value}"


def step_for(answers: int) -> Decimal:
    """The steps in which an average of so many is said: the fewer, the coarser."""
    if answers >= 20:
        return Decimal("0.1")
    return Decimal("0.2") if answers >= 10 else Decimal("0.5")


def average(values: Sequence[int], minimum: int) -> Average | None:
    """What may be published of these answers of as many people; None while there are not enough of them.

    The ends are cut at 5/n below the top and above the bottom: an average beyond is said as "≥" or "≤", which is as true
    when one of the people gave the other end of the scale.
    """
    number = len(values)
    if number < max(minimum, LEAST):
        return None
    step = step_for(number)
    exact = Decimal(sum(values)) / number
    said = (exact / step).quantize(Decimal(1), ROUND_HALF_UP) * step
    edge = Decimal(HIGHEST) / number
    top = ((HIGHEST - edge) / step).to_integral_value(rounding="ROUND_FLOOR") * step
    bottom = ((LOWEST + edge) / step).to_integral_value(rounding="ROUND_CEILING") * step
    if said >= top:
        return Average(number, top.quantize(Decimal("0.1")), "≥" if top > bottom else "")
    if said <= bottom:
        return Average(number, bottom.quantize(Decimal("0.1")), "≤")
    return Average(number, said.quantize(Decimal("0.1")))


@dataclass(frozen=True)
class Given:
    """One answer to a form: by whom, closed when, and the value of each question (by its words)."""

    key: int
    person: int
    closed_on: datetime.date
    scores: Mapping[str, int]


@dataclass(frozen=True)
class Block:
    """The answers that are published together, and what is said of each question."""

    keys: tuple[int, ...]
    people: int
    averages: tuple[tuple[str, Average], ...]


def block_of(answers: Iterable[Given], minimum: int) -> Block | None:
    """One block of all these answers, or None while there are fewer people than the rule asks for.

    Whoever answered twice counts with the later answer. A question that fewer people answered is left out.
    """
    every = sorted(answers, key=lambda each: (each.closed_on, each.key))
    latest = {each.person: each for each in every}
    if len(latest) < max(minimum, LEAST):
        return None
    asked = list(dict.fromkeys(words for each in latest.values() for words in each.scores))
    said = []
    for words in asked:
        found = average([each.scores[words] for each in latest.values() if words in each.scores], minimum)
        if found is not None:
            said.append((words, found))
    if not said:
        return None
    return Block(tuple(each.key for each in every), len(latest), tuple(said))


@dataclass(frozen=True)
class Reading:
    """One level of one skill on a day, said by the supervisor or by the mentee (`is_own`)."""

    skill: str
    day: datetime.date
    level: int
    is_own: bool


@dataclass(frozen=True)
class Growth:
    """One skill over time: (day, level) of the supervisors, and beside it of the mentee."""

    skill: str
    by_supervisor: tuple[tuple[datetime.date, int], ...]
    by_self: tuple[tuple[datetime.date, int], ...]

    @property
    def latest(self) -> int:
        """The level that counts: the supervisor's last, or where there is none the mentee's own."""
        return (self.by_supervisor or self.by_self)[-1][1]

    @property
    def first(self) -> int:
        return (self.by_supervisor or self.by_self)[0][1]

    @property
    def change(self) -> int:
        return self.latest - self.first


def growth(readings: Iterable[Reading]) -> list[Growth]:
    """What was said of each skill, in the order of the first mention; of one day the last word counts."""
    found: dict[str, tuple[dict[datetime.date, int], dict[datetime.date, int]]] = {}
    for each in readings:
        rows = found.setdefault(each.skill, ({}, {}))
        rows[each.is_own][each.day] = each.level
    return [
        Growth(skill, tuple(sorted(theirs.items())), tuple(sorted(own.items())))
        for skill, (theirs, own) in found.items()
    ]
