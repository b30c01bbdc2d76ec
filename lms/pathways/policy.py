"""Where somebody stands on a pathway: what is done, what is missing until when, and when the result runs out."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

REOPENS_DAYS = 90  # so long before its end a result may be earned anew
REMINDED_DAYS = (60, 30, 7)
SOON_DAYS = 14
DEADLINE_DAYS = (SOON_DAYS, 3)  # so long before a course is due it is said to be
MISSED = "missed"
REQUIRED = ""


@dataclass(frozen=True)
class Step:
    """One course of a pathway; `days` after joining it is due. `group` is "" for a required one."""

    course_id: int
    code: str
    title: str
    title_en: str = ""
    group: str = REQUIRED
    days: int | None = None


@dataclass(frozen=True)
class Plan:
    """A pathway as it stood when somebody joined. `at_least`: how many of each elective group are needed."""

    steps: tuple[Step, ...]
    at_least: Mapping[str, int] = field(default_factory=dict)
    months: int | None = None

    def of_group(self, group: str) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.group == group)

    @property
    def groups(self) -> tuple[str, ...]:
        """Those that have courses, the required one first."""
        return tuple(sorted({step.group for step in self.steps}))

    def needed(self, group: str) -> int:
        """How many courses of this group must be completed; never more than there are."""
        there = len(self.of_group(group))
        return there if group == REQUIRED else max(0, min(self.at_least.get(group, 1), there))

    def as_json(self) -> dict[str, Any]:
        return {
            "steps": [vars(step) for step in self.steps],
            "at_least": dict(self.at_least),
            "months": self.months,
        }


def plan_from(kept: Mapping[str, Any]) -> Plan:
    """The plan that `as_json` kept."""
    steps = tuple(Step(**step) for step in kept["steps"])
    return Plan(steps, dict(kept["at_least"]), kept["months"])


class Standing(StrEnum):
    DONE = "done"
    OVERDUE = "overdue"
    SOON = "soon"
    TO_DO = "to_do"
    NOT_NEEDED = "not_needed"  # enough others of its group are done


@dataclass(frozen=True)
class Item:
    """One course on somebody's way."""

    step: Step
    standing: Standing
    done_on: date | None
    due_on: date | None


@dataclass(frozen=True)
class Progress:
    """Where somebody stands. `done` of `total` are counted in needed courses: a third elective of two counts nothing."""

    items: tuple[Item, ...]
    done: int
    total: int
    next_due: date | None
    completed_on: date | None

    @property
    def is_complete(self) -> bool:
        return self.total > 0 and self.done == self.total

    @property
    def missing(self) -> tuple[Item, ...]:
        open_ = (Standing.OVERDUE, Standing.SOON, Standing.TO_DO)
        return tuple(item for item in self.items if item.standing in open_)

    @property
    def overdue(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.standing == Standing.OVERDUE)


def counted(days: list[date], since: date | None) -> date | None:
    """The first of these completions that counts: in a later round only what was completed in it."""
    return min((day for day in days if since is None or day >= since), default=None)


def progress_of(plan: Plan, done: Mapping[int, date | None], *, joined_on: date, today: date) -> Progress:
    """Where somebody stands who has completed these courses on these days.

    Complete on the day of the last course that was needed, and never before joining: of an elective group the first ones
    completed are the needed ones.
    """
    items, total, reached = [], 0, 0
    last_days: list[date] = []
    for group in plan.groups:
        steps, needed = plan.of_group(group), plan.needed(group)
        finished = sorted(day for step in steps if (day := done.get(step.course_id)) is not None)
        total += needed
        reached += min(len(finished), needed)
        last_days += finished[:needed]
        is_met = len(finished) >= needed
        items += [_item(step, done.get(step.course_id), is_met, joined_on, today) for step in steps]
    ordered = sorted(items, key=lambda item: plan.steps.index(item.step))
    due = [item.due_on for item in ordered if item.standing not in (Standing.DONE, Standing.NOT_NEEDED)]
    complete = total > 0 and reached == total
    return Progress(
        items=tuple(ordered),
        done=reached,
        total=total,
        next_due=min((day for day in due if day is not None), default=None),
        completed_on=max([*last_days, joined_on]) if complete else None,
    )


def _item(step: Step, done_on: date | None, group_is_met: bool, joined_on: date, today: date) -> Item:
    due_on = None if step.days is None else joined_on + timedelta(days=step.days)
    standing = Standing.TO_DO
    if done_on is not None:
        standing = Standing.DONE
    elif group_is_met:
        standing = Standing.NOT_NEEDED
    elif due_on is not None and today > due_on:
        standing = Standing.OVERDUE
    elif due_on is not None and (due_on - today).days <= SOON_DAYS:
        standing = Standing.SOON
    return Item(step, standing, done_on, due_on)


def last_day(completed_on: date, months: int | None) -> date | None:
    """The last day on which a result of so many calendar months is valid: earned on 14 March for twelve, until 13 March.

    A month that is too short ends it on its last day. None: it has no end.
    """
    if months is None:
        return None
    whole = completed_on.year * 12 + completed_on.month - 1 + months
    year, month = divmod(whole, 12)
    length = calendar.monthrange(year, month + 1)[1]
    if completed_on.day > length:
        return date(year, month + 1, length)
    return date(year, month + 1, completed_on.day) - timedelta(days=1)


class Validity(StrEnum):
    NO_END = "no_end"
    VALID = "valid"
    RENEWABLE = "renewable"  # still valid, and may be earned anew
    EXPIRED = "expired"


def validity(expires_on: date | None, *, today: date) -> Validity:
    """What a completed round is worth today. Its last day still counts."""
    if expires_on is None:
        return Validity.NO_END
    if today > expires_on:
        return Validity.EXPIRED
    return Validity.RENEWABLE if today >= reopens_on(expires_on) else Validity.VALID


def reopens_on(expires_on: date) -> date:
    """From when on the next round can begin."""
    return expires_on - timedelta(days=REOPENS_DAYS)


def reminder_due(ends_on: date, *, today: date, ahead: tuple[int, ...] = REMINDED_DAYS) -> int | None:
    """Which reminder is due (days before the end): the latest that has come, so that a missed day is made up for."""
    left = (ends_on - today).days
    reached = [days for days in ahead if left <= days]
    return min(reached) if reached and left >= 0 else None


def deadline_word(item: Item, *, today: date) -> str:
    """What is to be said of a course's deadline now: "due-14" or "due-3" before it, MISSED after it; "" when nothing is,
    because it has none, is far, or the course is not needed (any more). Each is said once."""
    if item.due_on is None or item.standing in (Standing.DONE, Standing.NOT_NEEDED):
        return ""
    if item.standing == Standing.OVERDUE:
        return MISSED
    days = reminder_due(item.due_on, today=today, ahead=DEADLINE_DAYS)
    return "" if days is None else f"due-{days}"
