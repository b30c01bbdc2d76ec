"""What being late costs, by the rule that was published with the assignment. Pure: moments and points in, points out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lms.cohorts.policy import Sentence, gettext_noop, say


@dataclass(frozen=True)
class LateRule:
    """Until when late work is accepted, and what each day takes.

    `days` after the last day (0: nothing late is accepted, None: without end); `percent` of the highest score for each day
    begun; `floor`: below so many per cent of the highest score lateness brings no work down.
    """

    days: int | None = None
    percent: int = 0
    floor: int = 0


@dataclass(frozen=True)
class Deduction:
    """The points before, what lateness takes, and what stays."""

    before: int
    taken: int

    @property
    def after(self) -> int:
        return self.before - self.taken


def days_late(over: datetime | None, now: datetime) -> int:
    """The days begun since the deadline was over; 0 in time or without a deadline."""
    if over is None or now < over:
        return 0
    return (now - over) // timedelta(days=1) + 1


def is_accepted(rule: LateRule, late: int) -> bool:
    """Whether work that comes so many days late is accepted."""
    return rule.days is None or late <= rule.days


def deduct(score: int, *, top: int, late: int, rule: LateRule) -> Deduction:
    """What lateness takes from a score. Halves of a point are left to the trainee; without a day late it takes nothing."""
    floor = -(-top * rule.floor // 100)  # rounded up, in favour of the trainee
    wanted = top * rule.percent * max(late, 0) // 100
    return Deduction(score, max(0, score - max(score - wanted, min(score, floor), 0)))


def late_words(rule: LateRule, *, top: int, due_on: date | None) -> tuple[Sentence, ...]:
    """The rule as the trainee reads it before handing in; nothing without a deadline."""
    if due_on is None:
        return ()
    if rule.days == 0:
        return (say(gettext_noop("Nothing is accepted after this day.")),)
    found = [say(gettext_noop("What comes later is accepted, and marked as late."))]
    if rule.days is not None:
        text = gettext_noop("What comes later is accepted until %(day)s, and marked as late.")
        found = [say(text, day=due_on + timedelta(days=rule.days))]
    if rule.percent:
        text = gettext_noop("Each day late takes %(points)s points (%(percent)s%% of the highest score).")
        found.append(say(text, points=_points(top * rule.percent), percent=rule.percent))
        if rule.floor:
            text = gettext_noop("Being late brings no work below %(points)s points.")
            found.append(say(text, points=-(-top * rule.floor // 100)))
    return tuple(found)


def _points(hundredths: int) -> str:
    """Points with the decimals they have: 250 is 2.5."""
    return f"{hundredths / 100:g}"
