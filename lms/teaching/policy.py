"""Who is at risk of not completing, by which rule, in a sentence with its numbers; and the same said kindly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.ui.charts import whole_percent
from lms.cohorts.policy import Sentence, gettext_noop, say
from lms.enrolments.policy import Condition


class Risk(StrEnum):
    """Why somebody may not complete, the gravest first."""

    ATTENDANCE_LOST = "attendance_lost"
    NO_ATTEMPTS = "no_attempts"
    OVERDUE = "overdue"
    DEADLINE = "deadline"
    NOT_STARTED = "not_started"
    FAILED = "failed"
    MISSED = "missed"
    IDLE = "idle"
    BEHIND = "behind"


SEVERITY = {risk: len(Risk) - place for place, risk in enumerate(Risk)}


@dataclass(frozen=True)
class Limits:
    """From when on somebody is at risk. Nought switches a rule off."""

    not_started_days: int = 7
    idle_days: int = 14
    behind_points: int = 25
    failed_times: int = 2
    missed_in_row: int = 2
    deadline_days: int = 14
    deadline_missing: int = 30


@dataclass(frozen=True)
class Trouble:
    """A quiz that is not passed: how often it was failed, and how many attempts are left (None: as many as one likes)."""

    title: str
    failed: int
    left: int | None


@dataclass(frozen=True)
class Pace:
    """How one person stands in a cohort today. Dates are local; `admitted_on` is when the place was given."""

    today: date
    starts_on: date | None
    ends_on: date | None
    admitted_on: date | None
    last_active: date | None
    done: int
    total: int
    troubles: tuple[Trouble, ...] = ()
    missed_in_row: int = 0
    attendance: Condition | None = None

    @property
    def begins(self) -> date | None:
        """The first day for this person: of the cohort, or of the place where it was given later."""
        known = [day for day in (self.starts_on, self.admitted_on) if day is not None]
        return max(known) if self.starts_on is not None else None

    @property
    def percent(self) -> int:
        """What is done, as it is shown."""
        return whole_percent(self.done, self.total) if self.total else 100

    @property
    def missing(self) -> float:
        """What is missing in per cent, to the point: rules are decided by it."""
        return 100 * (self.total - self.done) / self.total if self.total else 0

    @property
    def is_done(self) -> bool:
        return self.done >= self.total

    @property
    def expected(self) -> int | None:
        """How much would be done by now at an even pace, in per cent; None without a first and a last day."""
        if self.begins is None or self.ends_on is None or self.ends_on <= self.begins:
            return None
        gone = (self.today - self.begins).days * 100 // (self.ends_on - self.begins).days
        return max(0, min(100, gone))


@dataclass(frozen=True)
class Reason:
    """One rule that holds, as the teacher reads it and as the trainee does."""

    risk: Risk
    sentence: Sentence
    kindly: Sentence

    @property
    def severity(self) -> int:
        return SEVERITY[self.risk]


def reasons_of(pace: Pace, limits: Limits) -> tuple[Reason, ...]:
    """Every rule that holds for this person today, the gravest first; before the first day none does."""
    if pace.begins is not None and pace.today < pace.begins:
        return ()
    found = [
        *_classes(pace, limits),
        *_quizzes(pace, limits),
        *_dates(pace, limits),
        *_activity(pace, limits),
    ]
    return tuple(sorted(found, key=lambda reason: -reason.severity))


def _classes(pace: Pace, limits: Limits) -> Iterator[Reason]:
    condition = pace.attendance
    if condition is not None and condition.is_lost and condition.advice is not None:
        yield Reason(Risk.ATTENDANCE_LOST, condition.advice, condition.advice)
    if limits.missed_in_row and pace.missed_in_row >= limits.missed_in_row:
        yield Reason(
            Risk.MISSED,
            say(gettext_noop("Missed the last %(number)s classes in a row"), number=pace.missed_in_row),
            say(
                gettext_noop(
                    "You were not in the last %(number)s classes. If something is in the way, tell us."
                ),
                number=pace.missed_in_row,
            ),
        )


def _quizzes(pace: Pace, limits: Limits) -> Iterator[Reason]:
    for trouble in pace.troubles:
        if not (limits.failed_times and trouble.failed):
            continue
        values = {"title": trouble.title, "failed": trouble.failed, "left": trouble.left}
        if trouble.left == 0:
            yield Reason(
                Risk.NO_ATTEMPTS,
                say(gettext_noop("Failed “%(title)s” %(failed)s times and has no attempt left"), **values),
                say(
                    gettext_noop("“%(title)s” has no attempt left. Ask the organiser what comes next."),
                    **values,
                ),
            )
        elif trouble.failed >= limits.failed_times or trouble.left == 1:
            sentence = gettext_noop("Failed “%(title)s” %(failed)s times; attempts left: %(left)s")
            if trouble.left is None:
                sentence = gettext_noop("Failed “%(title)s” %(failed)s times")
            kindly = gettext_noop(
                "“%(title)s” did not work out yet. Read its lessons again before the next attempt."
            )
            yield Reason(Risk.FAILED, say(sentence, **values), say(kindly, **values))


def _dates(pace: Pace, limits: Limits) -> Iterator[Reason]:
    """The last day: behind us, or near while much is missing."""
    if pace.ends_on is None or pace.is_done or not limits.deadline_days:
        return
    days = (pace.ends_on - pace.today).days
    values = {"days": abs(days), "missing": pace.total - pace.done, "total": pace.total, "day": pace.ends_on}
    if days < 0:
        yield Reason(
            Risk.OVERDUE,
            say(
                gettext_noop("The cohort ended %(days)s days ago; %(missing)s of %(total)s are missing"),
                **values,
            ),
            say(
                gettext_noop(
                    "The cohort ended on %(day)s, and %(missing)s parts are still open. Ask the organiser whether "
                    "you may finish them."
                ),
                **values,
            ),
        )
    elif days <= limits.deadline_days and pace.missing >= max(limits.deadline_missing, 1):
        yield Reason(
            Risk.DEADLINE,
            say(
                gettext_noop("%(days)s days to the last day; %(missing)s of %(total)s are missing"), **values
            ),
            say(
                gettext_noop("The cohort ends on %(day)s: %(missing)s parts to go in %(days)s days."),
                **values,
            ),
        )


def _activity(pace: Pace, limits: Limits) -> Iterator[Reason]:
    if pace.is_done:
        return
    if pace.last_active is None:
        days = (pace.today - pace.begins).days if pace.begins else 0
        if limits.not_started_days and days >= limits.not_started_days:
            yield Reason(
                Risk.NOT_STARTED,
                say(gettext_noop("Not started, %(days)s days after the first day"), days=days),
                say(
                    gettext_noop("The first lesson is waiting for you; it takes only a few minutes to begin.")
                ),
            )
        return
    days = (pace.today - pace.last_active).days
    if limits.idle_days and days >= limits.idle_days:
        yield Reason(
            Risk.IDLE,
            say(gettext_noop("Nothing done for %(days)s days"), days=days),
            say(
                gettext_noop("You were last here %(days)s days ago. You can go on where you stopped."),
                days=days,
            ),
        )
    expected = pace.expected
    if limits.behind_points and expected is not None and expected - pace.percent > limits.behind_points:
        yield Reason(
            Risk.BEHIND,
            say(
                gettext_noop(
                    "%(percent)s%% done where %(expected)s%% would be by now: %(points)s points behind"
                ),
                percent=pace.percent,
                expected=expected,
                points=expected - pace.percent,
            ),
            say(
                gettext_noop(
                    "You are a little behind: %(percent)s%% is done, at an even pace it would be %(expected)s%% by now."
                ),
                percent=pace.percent,
                expected=expected,
            ),
        )
