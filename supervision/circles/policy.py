"""What makes a gathering that can be planned or recorded, and whose minutes count. Pure: facts in, problems out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any

from supervision.sessions.policy import Agreed, Case, equal_shares, written_from, written_to
from supervision.slots.policy import Problem

MAX_MINUTES = 480
LEAST_TO_COUNT = 1  # so many participants who have confirmed make the leader's own minutes count (ADR 0021)
FURTHEST = timedelta(days=366)
WHOLE = 100  # the shares of the functions are parts of a hundred: each participant has minutes of their own
TEXTS = ("topics", "advice", "agreements", "follow_up")


@dataclass(frozen=True)
class GatheringFacts:
    """What everybody in scope may know of a gathering: when, how long, of which kind. Never what was said."""

    starts_at: datetime
    ends_at: datetime
    mode: str = "accompanying"
    setting: str = "on_site"
    functions: tuple[str, ...] = ()
    shares: tuple[tuple[str, int], ...] | None = None  # in percent; None: in equal parts

    @property
    def minutes(self) -> int:
        """Whole minutes from start to end; negative when the end comes first."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    def whole(self) -> GatheringFacts:
        """The same without seconds, and each function once, in alphabetical order, with its share where it is not equal."""
        starts_at = self.starts_at.replace(second=0, microsecond=0)
        ends_at = self.ends_at.replace(second=0, microsecond=0)
        functions = tuple(sorted(set(self.functions)))
        whole = GatheringFacts(starts_at, ends_at, self.mode, self.setting, functions)
        if self.shares is None or dict(self.shares) == equal_shares(functions, WHOLE):
            return whole
        return replace(whole, shares=tuple(sorted(self.shares)))


@dataclass(frozen=True)
class Said:
    """What an administrator approves of a late gathering: its time, and the minutes of everybody in it."""

    starts_at: datetime
    ends_at: datetime
    came: Mapping[int, int]


def claims_more(said: Said, former: Said) -> bool:
    """Whether it claims what the former did not: time before or after it, another person, or more minutes of one."""
    if said.starts_at < former.starts_at or said.ends_at > former.ends_at:
        return True
    return any(minutes > former.came.get(person, 0) for person, minutes in said.came.items())


@dataclass(frozen=True)
class Shared:
    """What the participants keep for themselves, sealed."""

    topics: str = ""
    agreements: str = ""
    follow_up: str = ""
    advice: str = ""
    cases: tuple[Case, ...] = ()
    agreed: tuple[Agreed, ...] = ()  # who: "all", "leader", or the number of a member


def shared_to(shared: Shared) -> dict[str, Any]:
    """As plain values that JSON can keep; `shared_from` reads them again."""
    return written_to(shared)  # type: ignore[arg-type]


def shared_from(values: Mapping[str, Any]) -> Shared:
    """What `shared_to` kept."""
    read = written_from(values)
    return Shared(**{name: values.get(name, "") for name in TEXTS}, cases=read.cases, agreed=read.agreed)


def in_minutes(percent: Mapping[str, int], minutes: int) -> dict[str, int]:
    """Parts of a hundred as whole minutes that add up: what is left over goes to the largest remainders, then by name."""
    parts = {name: divmod(part * minutes, WHOLE) for name, part in percent.items()}
    left = minutes - sum(whole for whole, _rest in parts.values())
    most = sorted(parts, key=lambda name: (-parts[name][1], name))[:left]
    return {name: whole + (name in most) for name, (whole, _rest) in parts.items()}


def turns_from(first: int, members: Collection[int]) -> Iterator[int]:
    """Who leads the gatherings of a series: this one, then the others in the order of joining, round and round."""
    rows = list(members)
    start = rows.index(first) if first in rows else 0
    return cycle([first] if first not in rows else rows[start:] + rows[:start])


def problems_of_span(starts_at: datetime, ends_at: datetime) -> tuple[Problem, ...]:
    """Whether the time of a gathering, planned or recorded, is one at all."""
    minutes = int((ends_at - starts_at).total_seconds() // 60)
    if minutes <= 0:
        return (Problem("ends_before_start", "end"),)
    return (Problem("too_long", "end"),) if minutes > MAX_MINUTES else ()


def problems_of_plan(starts_at: datetime, ends_at: datetime, *, now: datetime) -> tuple[Problem, ...]:
    """Every reason why this cannot be planned: a plan lies ahead, within a year."""
    found = list(problems_of_span(starts_at, ends_at))
    if starts_at < now:
        found.append(Problem("in_past", "start"))
    elif starts_at > now + FURTHEST:
        found.append(Problem("too_far", "day"))
    return tuple(found)


def problems_of_log(facts: GatheringFacts, came: Mapping[int, int], *, now: datetime) -> tuple[Problem, ...]:
    """Every reason why this gathering cannot be recorded. `came` are the minutes of each person who came."""
    found = list(problems_of_span(facts.starts_at, facts.ends_at))
    if facts.ends_at > now:
        found.append(Problem("in_future", "end"))
    if not facts.functions:
        found.append(Problem("no_function", "functions"))
    if not came:
        found.append(Problem("nobody", "came"))
    elif facts.minutes > 0 and any(not 1 <= minutes <= facts.minutes for minutes in came.values()):
        found.append(Problem("minutes", "came"))
    return tuple(found)


def leader_counts(confirmed: int, least: int = LEAST_TO_COUNT) -> bool:
    """Whether the leader's minutes count by now: when so many participants have confirmed that it took place."""
    return confirmed >= least


def next_leader(members: list[int], led: Mapping[int, datetime]) -> int | None:
    """Whose turn it is to lead a peer circle: who never has, in the order of joining, or else whose last turn is longest
    ago."""
    never = [person for person in members if person not in led]
    if never or not members:
        return never[0] if never else None
    return min(members, key=lambda person: led[person])
