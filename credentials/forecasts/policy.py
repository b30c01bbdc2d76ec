"""A policy with other amounts and windows, and what it would cost: the text changed where a number stands, and the sums."""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import yaml

from credentials.policies.policy import Decision, Facts, Paid, Policy, assess
from credentials.policies.states import Outcome

SPANS = ("years", "months", "days", "from", "until", "number")
PLAIN = re.compile(r"[0-9][0-9.-]{0,11}")  # a number or a day: nothing that YAML could take for anything else


@dataclass(frozen=True)
class Knob:
    """One value of a policy that can be turned: where it stands (`benefits/certificate/amounts/senior`) and what it is."""

    path: str
    value: str
    start: int
    end: int

    @property
    def kind(self) -> str:
        """amount, day or span: what may be typed into it."""
        last = self.path.rsplit("/", 1)[-1]
        if last in ("from", "until"):
            return "day"
        return "amount" if "/amounts/" in self.path or last == "cap" else "span"


def knobs_of(text: str) -> tuple[Knob, ...]:
    """Every amount, ceiling, span and day of a policy's text, in its order; what a switch decides is turned by the switch.

    The text was read as a policy before; raises yaml.YAMLError when it was not.
    """
    return tuple(_knobs(yaml.compose(text, Loader=yaml.SafeLoader), ""))


def _knobs(node: Any, path: str) -> Iterator[Knob]:
    if not isinstance(node, yaml.MappingNode):
        return
    for key, value in node.value:
        inner = f"{path}/{key.value}" if path else str(key.value)
        if isinstance(value, yaml.MappingNode):
            yield from _knobs(value, inner)
        elif isinstance(value, yaml.ScalarNode) and _turns(inner) and PLAIN.fullmatch(value.value):
            yield Knob(inner, value.value, value.start_mark.index, value.end_mark.index)


def _turns(path: str) -> bool:
    parts = path.split("/")
    if parts[0] == "benefits":
        return parts[-1] == "cap" or (len(parts) == 4 and parts[2] == "amounts")
    if parts[0] == "conditions":
        return len(parts) == 3 and parts[-1] in SPANS
    return path in ("in_force/from", "in_force/until", "in_force/claims_until")


def turned(text: str, values: Mapping[str, str]) -> str:
    """The text with other values at these places; a place that it does not have is passed over.

    Raises ValueError (the path) for a value that is no plain number or day.
    """
    for knob in sorted(knobs_of(text), key=lambda one: one.start, reverse=True):
        value = values.get(knob.path, knob.value)
        if value == knob.value:
            continue
        if not PLAIN.fullmatch(value):
            raise ValueError(knob.path)
        text = text[: knob.start] + value + text[knob.end :]
    return text


EVERY = ""  # in place of a benefit: all of them together, each person once
LEVELS = ("assistant", "social_worker", "senior")
SIDES = {Outcome.GRANT: 0, Outcome.UNKNOWN: 1}

# --- What one person would get ---------------------------------------------------------------------------------------


def all_claimed(policy: Policy, facts: Facts, on: datetime.date) -> tuple[Decision, ...]:
    """What comes to somebody who claims everything: each claim counts as paid for the next, the largest grant first.

    A decision by itself knows nothing of the others of the same day: of two levels each would be paid in full, and a
    ceiling would hold for each alone. Pure.
    """
    found: list[Decision] = []
    worth = _worth_something(assess(policy, facts, on))
    while worth:
        found.append(worth[0])
        if len(worth) == 1:
            break
        first = Paid(worth[0].benefit, worth[0].amount or Decimal(0), worth[0].key, on, policy.code)
        facts = replace(facts, paid=(*(facts.paid or ()), first))
        worth = _worth_something(assess(policy, facts, on))
    return tuple(found)


def _worth_something(decisions: Iterable[Decision]) -> list[Decision]:
    """Those that come to money: what is granted before what is not known yet, the largest first."""
    ours = [one for one in decisions if one.outcome in SIDES and one.amount]
    return sorted(ours, key=lambda one: (SIDES[one.outcome], -(one.amount or 0)))


# --- The sums -----------------------------------------------------------------------------------------------------


@dataclass
class Sum:
    """People who would be granted something and what it comes to; `open_` are those of whom something is not known yet."""

    people: int = 0
    yuan: Decimal = Decimal(0)
    open_people: int = 0
    open_yuan: Decimal = Decimal(0)

    def add(self, granted: Decimal, is_open: Decimal) -> None:
        self.people += bool(granted)
        self.yuan += granted
        self.open_people += bool(is_open)
        self.open_yuan += is_open


@dataclass
class Totals:
    """Sums by place, and by place, benefit and level. What is given in kind costs nothing and is left out."""

    sums: dict[tuple[str, str, str], Sum] = field(default_factory=lambda: defaultdict(Sum))

    def add(self, place: str, decisions: Iterable[Decision]) -> None:
        """Count one person: once for the place, and once for each benefit and level."""
        found: dict[tuple[str, str, str], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
        for decision in decisions:
            side = SIDES.get(decision.outcome)
            if side is None or not decision.amount:
                continue
            for at in ((place, EVERY, ""), (place, decision.benefit, _key(decision))):
                found[at][side] += decision.amount
        for at, (granted, is_open) in found.items():
            self.sums[at].add(granted, is_open)

    def data(self) -> list[list[Any]]:
        """Rows of place, benefit, key, people, yuan, people of whom something is not known, and their yuan."""
        return [
            [*at, one.people, str(one.yuan), one.open_people, str(one.open_yuan)]
            for at, one in sorted(self.sums.items())
        ]


def _key(decision: Decision) -> str:
    """Levels by themselves; every title, year or placement of a benefit together."""
    return decision.key if decision.key in LEVELS else ""
