"""What makes a session that can be recorded. Pure: facts in, problems out; the words are the caller's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

MAX_MINUTES = 480
_NUMBER = re.compile(r"(?<![0-9])(?:1[3-9][0-9]{9}|[0-9]{17}[0-9Xx])(?![0-9Xx])")


@dataclass(frozen=True)
class SessionFacts:
    """What everybody in scope may know of a session: when, how long, of which kind. Never what was said."""

    starts_at: datetime
    ends_at: datetime
    form: str = "individual"
    mode: str = "private"
    setting: str = "on_site"
    functions: tuple[str, ...] = ()

    @property
    def minutes(self) -> int:
        """Whole minutes from start to end; negative when the end comes first."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    def whole(self) -> SessionFacts:
        """The same without seconds, and each function once, in alphabetical order."""
        starts_at = self.starts_at.replace(second=0, microsecond=0)
        ends_at = self.ends_at.replace(second=0, microsecond=0)
        functions = tuple(sorted(set(self.functions)))
        return SessionFacts(starts_at, ends_at, self.form, self.mode, self.setting, functions)


@dataclass(frozen=True)
class Written:
    """What the pair keeps for itself."""

    place: str = ""
    topics: str = ""
    advice: str = ""
    follow_up: str = ""


@dataclass(frozen=True)
class Problem:
    """Why a session cannot be recorded so: a code, and the field that wants a change."""

    code: str
    field: str


def problems_of(
    facts: SessionFacts, *, now: datetime, first_day: date, last_day: date | None, held_on: date
) -> tuple[Problem, ...]:
    """Every reason why this session cannot be recorded, in the order of the form. Empty: it can.

    `held_on` is the local day of the session; `first_day` and `last_day` (None: open) are those of the pairing.
    """
    found = []
    if held_on < first_day:
        found.append(Problem("before_pairing", "day"))
    if last_day is not None and held_on > last_day:
        found.append(Problem("after_pairing", "day"))
    if facts.minutes <= 0:
        found.append(Problem("ends_before_start", "end"))
    elif facts.minutes > MAX_MINUTES:
        found.append(Problem("too_long", "end"))
    if facts.ends_at > now:
        found.append(Problem("in_future", "end"))
    if not facts.functions:
        found.append(Problem("no_function", "functions"))
    return tuple(found)


def names_somebody(text: str) -> bool:
    """Whether a text holds a mobile or ID number: cases are written by code, so that nobody can be recognised."""
    return bool(_NUMBER.search(re.sub(r"[\s-]", "", text))) or bool(_NUMBER.search(text))


def overlaps(first: tuple[datetime, datetime], second: tuple[datetime, datetime]) -> bool:
    """Whether two spans of time share any moment; one may begin when the other ends."""
    return first[0] < second[1] and second[0] < first[1]
