"""When work may be handed in, when it is late, and what a mark means. Pure: facts in, decision out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from lms.cohorts.policy import Sentence, gettext_noop, say

MOST_FILES = 5  # of one submission; the database refuses a sixth


class Turn(StrEnum):
    """What the trainee can do with an assignment now."""

    WRITE = "write"  # begin, go on with the draft, or revise what was returned
    WAIT = "wait"  # it lies with the teacher
    DONE = "done"  # passed
    OVER = "over"  # not passed, and no attempt is left


def turn_of(states: Sequence[str], *, attempts: int, granted: int = 0) -> Turn:
    """Whose turn it is after attempts in these states, in their order; `attempts` is how many there may be.

    `granted` is the number of the last attempt that a teacher has granted beyond those: until it is used, "not passed"
    is not the end.
    """
    if "passed" in states:
        return Turn.DONE
    if "submitted" in states:
        return Turn.WAIT
    if "draft" in states:
        return Turn.WRITE
    if len(states) < granted:
        return Turn.WRITE
    return Turn.OVER if "failed" in states or len(states) >= attempts else Turn.WRITE


def due_at(starts_on: date | None, due_days: int | None, zone: tzinfo) -> datetime | None:
    """The first moment that is too late: the midnight after the last day. None without a deadline.

    `due_days` are counted from the cohort's first day.
    """
    if starts_on is None or due_days is None:
        return None
    return datetime.combine(starts_on + timedelta(days=due_days + 1), time(), tzinfo=zone)


def last_day(starts_on: date | None, due_days: int | None) -> date | None:
    """The last day on which it is handed in in time; None without a deadline."""
    return None if starts_on is None or due_days is None else starts_on + timedelta(days=due_days)


def missing_parts(*, takes_text: bool, takes_file: bool, text: str, has_file: bool) -> tuple[Sentence, ...]:
    """What keeps the work from being handed in; nothing means it can be."""
    found = []
    if takes_text and not text.strip():
        found.append(say(gettext_noop("Write your text first.")))
    if takes_file and not has_file:
        found.append(say(gettext_noop("Attach your file first.")))
    return tuple(found)


def free_places(taken: Collection[int]) -> list[int]:
    """The places of further files, the first first, where files lie in these already."""
    return [place for place in range(1, MOST_FILES + 1) if place not in taken]


def fitting(names: Iterable[str], taken: Collection[int]) -> tuple[int, list[str]]:
    """How many of these files find a place beside those that are there, and the names of those that do not."""
    listed = list(names)
    room = len(free_places(taken))
    return min(room, len(listed)), listed[room:]


@dataclass(frozen=True)
class Verdict:
    """What a mark makes of the work: the state it goes to, or why the mark cannot stand."""

    state: str = ""
    refusal: Sentence | None = None


def verdict_of(
    *,
    passes: bool,
    score: int | None,
    comment: str,
    pass_score: int,
    max_score: int,
    attempts_left: int,
    deducted: int = 0,
) -> Verdict:
    """Passing needs a score that reaches the mark, what lateness takes (`deducted`) off it; returning needs a comment, so that there is something to go by.

    What is returned after the last attempt is not passed: there is no other to hand in.
    """
    if score is not None and not 0 <= score <= max_score:
        return Verdict(refusal=say(gettext_noop("The score lies between 0 and %(top)s."), top=max_score))
    if passes:
        if score is None:
            return Verdict(refusal=say(gettext_noop("Give a score to pass it.")))
        if score - deducted < pass_score <= score:
            text = gettext_noop("Being late takes %(taken)s points, so %(left)s are left: below %(bar)s.")
            return Verdict(refusal=say(text, taken=deducted, left=score - deducted, bar=pass_score))
        if score < pass_score:
            text = gettext_noop("A score below %(bar)s does not pass. Return the work, or give it more.")
            return Verdict(refusal=say(text, bar=pass_score))
        return Verdict("passed")
    if not comment.strip():
        return Verdict(refusal=say(gettext_noop("Write what is to be better: the trainee goes by it.")))
    return Verdict("returned" if attempts_left > 0 else "failed")


def correction_of(
    *,
    state: str,
    passes: bool,
    score: int | None,
    comment: str,
    pass_score: int,
    max_score: int,
    attempts_left: int,
    deducted: int = 0,
) -> Verdict:
    """What a corrected mark makes of work that is in this state. What had not passed and does not pass stays as it was."""
    verdict = verdict_of(
        passes=passes,
        score=score,
        comment=comment,
        pass_score=pass_score,
        max_score=max_score,
        attempts_left=attempts_left,
        deducted=deducted,
    )
    stays = verdict.refusal is None and not passes and state != "passed"
    return Verdict(state) if stays else verdict
