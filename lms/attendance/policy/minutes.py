"""How long somebody was in a class, and how many minutes of it count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from lms.attendance.policy.presences import THERE, Presence
from lms.cohorts.policy import Sentence, gettext_noop, say


@dataclass(frozen=True)
class Rule:
    """How attendance is counted in a class. Minutes; `min_percent` of the class is the least that counts at all."""

    starts_at: datetime
    ends_at: datetime
    late_after: int = 10
    needs_check_out: bool = False
    whole: bool = False
    min_percent: int = 0

    @property
    def planned(self) -> int:
        return minutes_between(self.starts_at, self.ends_at)


@dataclass(frozen=True)
class Stay:
    """What is known of one person: where the entry says so `presence`, else only when they came and went.

    `proven` are the minutes of an online meeting, already added up.
    """

    presence: str
    method: str
    came_at: datetime | None = None
    left_at: datetime | None = None
    proven: int | None = None


@dataclass(frozen=True)
class Measured:
    """The presence as it stands, the minutes that count, and the sentence when that is not plain."""

    presence: str
    minutes: int
    why: Sentence | None = None


def minutes_between(begin: datetime, end: datetime) -> int:
    """Whole minutes; never less than none."""
    return max(0, int((end - begin).total_seconds()) // 60)


def measure(stay: Stay, rule: Rule) -> Measured:
    """How long this person was in the class.

    Who comes before the late limit counts from the beginning, later from the arrival; who leaves within the same limit
    before the end counts to the end. Without a check-out where one is asked for, nothing is proven and nothing counts.
    Whoever was not there, or for less than the least share, is absent also where the whole class counts for everybody
    who was there. Minutes are not rounded.
    """
    if stay.presence not in THERE:
        return Measured(stay.presence, 0)
    if rule.needs_check_out and stay.method == "qr" and stay.left_at is None:
        return Measured(
            presence_of(stay, rule),
            0,
            say(gettext_noop("Not checked out: no minutes count until the teacher enters when you left.")),
        )
    stayed = _minutes(stay, rule)
    if not stayed:
        return Measured(
            Presence.ABSENT, 0, say(gettext_noop("Not a minute of the stay lies within the class."))
        )
    if stayed * 100 < rule.min_percent * rule.planned:
        why = gettext_noop("%(minutes)s of %(planned)s minutes: less than the %(percent)s %% that count.")
        return Measured(
            Presence.ABSENT, 0, say(why, minutes=stayed, planned=rule.planned, percent=rule.min_percent)
        )
    return Measured(presence_of(stay, rule), rule.planned if rule.whole else stayed)


def _minutes(stay: Stay, rule: Rule) -> int:
    """The minutes of the stay that lie within the class. Whoever came before it and did not leave was there for all of it."""
    if stay.proven is not None:
        return min(stay.proven, rule.planned)
    if stay.left_at is not None and stay.left_at <= rule.starts_at:
        return 0
    if stay.came_at is not None and stay.came_at >= rule.ends_at:
        return 0  # the late limit, however long it is, is for those who were there
    grace = timedelta(minutes=rule.late_after)
    begin, end = rule.starts_at, rule.ends_at
    if stay.came_at is not None and stay.came_at > rule.starts_at + grace:
        begin = stay.came_at
    if stay.left_at is not None and stay.left_at < rule.ends_at - grace:
        end = stay.left_at
    return minutes_between(begin, end)


def presence_of(stay: Stay, rule: Rule) -> str:
    """What a person wrote stands; else present, late or left early by the times. Leaving early is the graver of the two."""
    if stay.method in ("paper", "officer"):
        return stay.presence
    grace = timedelta(minutes=rule.late_after)
    if stay.left_at is not None and stay.left_at < rule.ends_at - grace:
        return Presence.LEFT_EARLY
    if stay.came_at is not None and stay.came_at > rule.starts_at + grace:
        return Presence.LATE
    return Presence.PRESENT
