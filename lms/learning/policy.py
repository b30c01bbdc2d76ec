"""What a trainee may open now, what stands in the way, and when a lesson is finished."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.ui.charts import whole_percent
from lms.enrolments.policy import Item, first_before
from lms.videos.policy import Lack


class Standing(StrEnum):
    DONE = "done"
    OPEN = "open"
    LOCKED = "locked"


@dataclass(frozen=True)
class Step:
    """An item as it stands for one trainee; `waits_for` is the first item to finish before a locked one opens."""

    item: Item
    standing: Standing
    waits_for: Item | None = None

    @property
    def is_open(self) -> bool:
        return self.standing != Standing.LOCKED


def steps_of(items: Sequence[Item], *, done: Collection[str], in_order: bool) -> list[Step]:
    """How each item stands; `done` holds the keys of finished lessons and passed quizzes, and stays open for ever."""
    steps = []
    for item in items:
        waits_for = None if item.key in done else first_before(items, item.key, done, in_order=in_order)
        standing = Standing.DONE if item.key in done else Standing.LOCKED if waits_for else Standing.OPEN
        steps.append(Step(item, standing, waits_for))
    return steps


def step_at(steps: Iterable[Step], key: str) -> Step | None:
    """The step with this key."""
    return next((step for step in steps if step.item.key == key), None)


def neighbours(steps: Sequence[Step], key: str) -> tuple[Step | None, Step | None]:
    """The steps before and after the one with this key."""
    place = next(number for number, step in enumerate(steps) if step.item.key == key)
    return (steps[place - 1] if place else None, steps[place + 1] if place + 1 < len(steps) else None)


def resume_at(steps: Sequence[Step], last: str | None) -> Step | None:
    """Where to go on: the item last visited if it is still to do, else the first open one; None when all is done."""
    to_do = [step for step in steps if step.standing == Standing.OPEN]
    return next((step for step in to_do if step.item.key == last), to_do[0] if to_do else None)


def share_done(steps: Sequence[Step]) -> int:
    """Items done in whole per cent, rounded: 100 only when all are done."""
    return whole_percent(sum(step.standing == Standing.DONE for step in steps), len(steps))


class Hindrance(StrEnum):
    """Why a lesson cannot be finished yet."""

    NOT_OPENED = "not_opened"
    TOO_SOON = "too_soon"
    UNANSWERED = "unanswered"
    PACKAGE = "package"
    UNWATCHED = "unwatched"
    CHECKPOINTS = "checkpoints"


@dataclass(frozen=True)
class Refusal:
    """One reason, with its number: seconds still to wait or to watch, or questions still to answer; of which video."""

    why: Hindrance
    number: int = 0
    title: str = ""


def hindrances(
    *,
    opened_at: datetime | None,
    now: datetime,
    min_seconds: int,
    checks: Collection[str],
    answered: Collection[str],
    package_done: bool = True,
    videos: Iterable[tuple[str, Lack]] = (),
) -> list[Refusal]:
    """Everything that keeps a lesson from being finished now; an empty list means it can be.

    Times are the server's. A check question counts when it is answered, right or wrong: it is there to learn from.
    `videos`: what is still to do in each, with its title.
    """
    if opened_at is None:
        return [Refusal(Hindrance.NOT_OPENED)]
    found = []
    left = min_seconds - int((now - opened_at).total_seconds())
    if left > 0:
        found.append(Refusal(Hindrance.TOO_SOON, left))
    missing = len(set(checks) - set(answered))
    if missing:
        found.append(Refusal(Hindrance.UNANSWERED, missing))
    if not package_done:
        found.append(Refusal(Hindrance.PACKAGE))
    for title, lack in videos:
        if lack.left:
            found.append(Refusal(Hindrance.UNWATCHED, -(-lack.left // 1000), title))
        if lack.questions:
            found.append(Refusal(Hindrance.CHECKPOINTS, lack.questions, title))
    return found


class AnswerFault(StrEnum):
    """Why an answer to a check question cannot be taken."""

    NOTHING_CHOSEN = "nothing_chosen"
    ONE_ONLY = "one_only"
    UNKNOWN_CHOICE = "unknown_choice"


def answer_fault(check: Mapping[str, Any], chosen: Sequence[str]) -> AnswerFault | None:
    """What is wrong with choosing these; None when the answer can be taken."""
    if not chosen:
        return AnswerFault.NOTHING_CHOSEN
    if set(chosen) - {choice["key"] for choice in check["choices"]}:
        return AnswerFault.UNKNOWN_CHOICE
    if check["kind"] != "multiple" and len(set(chosen)) > 1:
        return AnswerFault.ONE_ONLY
    return None
