"""Whether a person may ask a supervisor, join the waiting list, or neither; and when a request is told of and lapses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

MOST_OPEN = 3  # so that nobody asks everybody and leaves the others to wait


@dataclass(frozen=True)
class Facts:
    """What is known of a mentee and a supervisor. `free` are the places that are kept for nobody, `waiting` the line."""

    is_self: bool = False
    leads: bool = False  # the supervisor is an administrator over the mentee's employer
    has_employer: bool = True
    serves_here: bool = True  # the mentee works where the supervisor serves
    barred: bool = False  # a conflict of interest is declared; the words do not say so
    is_paired: bool = False
    has_asked: bool = False
    takes_new: bool = True
    free: int = 1
    waiting: int = 0
    open_requests: int = 0


@dataclass(frozen=True)
class Answer:
    """What the mentee may do: ask at once, wait in line, or neither; `code` names the sentence that says why."""

    way: Literal["ask", "wait", "no"]
    code: str

    @property
    def is_possible(self) -> bool:
        return self.way != "no"


def may_ask(facts: Facts) -> Answer:
    """The first reason against it wins; those that will never change come before those that may."""
    against = (
        (facts.is_self, "self"),
        (not facts.has_employer, "no_employer"),
        (not facts.serves_here, "elsewhere"),
        (facts.leads, "leads"),
        (facts.barred, "not_you"),
        (facts.is_paired, "paired"),
        (facts.has_asked, "asked"),
        (not facts.takes_new, "takes_nobody"),
        (facts.open_requests >= MOST_OPEN, "too_many"),
    )
    for holds, code in against:
        if holds:
            return Answer("no", code)
    if facts.waiting or facts.free < 1:
        return Answer("wait", "line" if facts.waiting else "full")
    return Answer("ask", "free")


def is_unanswered(since: datetime, now: datetime, days: int) -> bool:
    """Whether so many days have passed since the supervisor could answer."""
    return since <= now - timedelta(days=days)
