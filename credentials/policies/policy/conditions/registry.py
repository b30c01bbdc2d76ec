"""The registry of conditions: every kind of question that a policy can put to the facts, each with three answers.

A policy file names a kind (`is: within`) and its values; what comes out is a function from facts and a day to a finding.
A rule that no kind can say needs a new kind here, and that is the only Python that a further policy may need.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from credentials.policies.policy.facts import SUBJECTS, Facts, Type, all_facts, type_of
from credentials.policies.policy.source import Place, Words
from credentials.policies.states import Verdict

PASS, FAIL, UNKNOWN = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN


class Finding(NamedTuple):
    """How one condition stands, and why: `code` and `values` make the sentence (queries.words)."""

    name: str
    verdict: Verdict
    code: str
    values: Mapping[str, Any]
    last_day: datetime.date | None = None  # passes until then
    first_day: datetime.date | None = None  # passes from then on


class Asked(NamedTuple):
    """What a condition looks at: the facts, with the one thing that the benefit speaks of beside them."""

    sections: Mapping[str, Mapping[str, Any]]
    facts: Facts
    on: datetime.date


class Answer(NamedTuple):
    verdict: Verdict
    code: str
    values: Mapping[str, Any] = MappingProxyType({})
    last_day: datetime.date | None = None
    first_day: datetime.date | None = None


Check = Callable[[Asked], Answer]


@dataclass(frozen=True)
class Condition:
    """One condition of a policy: what the text asks for, where it stands, what would cure it, and the check."""

    name: str
    kind: str
    words: Words
    article: str
    cure: Words | None
    subjects: frozenset[str]  # what it speaks of besides the person: qualification, title, …
    facts: tuple[str, ...]
    check: Check
    inner: tuple[Condition, ...] = ()  # of which one is enough; none of them has any itself

    @property
    def checks(self) -> int:
        """How many checks it takes to find how this stands."""
        return len(self.inner) or 1

    def find(self, asked: Asked) -> Finding:
        return Finding(self.name, *self.check(asked))


@dataclass(frozen=True)
class Registered:
    """A kind of condition: which values it takes, and how a check is made of them."""

    allowed: tuple[str, ...]
    required: tuple[str, ...]
    build: Callable[[Mapping[str, Place]], Check]


REGISTRY: dict[str, Registered] = {}
_FACT_KEYS = ("fact", "after", "since", "until_fact")


def facts_in(parts: Mapping[str, Place]) -> tuple[str, ...]:
    """The facts that a condition with these values looks at."""
    return tuple(parts[key].text() for key in _FACT_KEYS if key in parts)


def subjects_in(facts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(path.partition(".")[0] for path in facts) & frozenset(SUBJECTS)


def kind(name: str, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> Callable[[Any], Any]:
    def register(build: Any) -> Any:
        REGISTRY[name] = Registered((*required, *optional), required, build)
        return build

    return register


def fact_of(place: Place, *types: Type) -> tuple[str, str]:
    """Section and name of the fact that is named here."""
    path = place.choice(all_facts())
    if path and type_of(path) not in types:
        place.wrong("fact_type", name=path, types=tuple(each.value for each in types))
    section, _dot, name = path.partition(".")
    return section, name


def missing_fact(section: str, name: str) -> Answer:
    return Answer(UNKNOWN, "not_known", {"fact": f"{section}.{name}"})


def any_of(conditions: tuple[Condition, ...]) -> Check:
    """One of several conditions is enough; a yes outweighs what is not known, and that outweighs a no."""

    def check(asked: Asked) -> Answer:
        found = [condition.check(asked) for condition in conditions]
        for verdict in (PASS, UNKNOWN):
            if fitting := [one for one in found if one.verdict is verdict]:
                days = [one.last_day for one in fitting]
                last = None if None in days else max(day for day in days if day)
                return fitting[0]._replace(last_day=last)
        first = [one.first_day for one in found if one.first_day]
        return found[0]._replace(first_day=min(first, default=None))

    return check
