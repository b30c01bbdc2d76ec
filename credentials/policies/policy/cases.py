"""Cases beside a policy: facts of somebody, the day, and what the policy must decide. Whoever wrote the policy can read them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from credentials.policies.policy.deciding import Decision, Policy, assess_benefit
from credentials.policies.policy.facts import NOTHING_KNOWN, Facts, facts_at
from credentials.policies.policy.source import Place, Source
from credentials.policies.states import Outcome, Verdict

MOST_CASES = 500


@dataclass(frozen=True)
class Case:
    """One case: `gives` holds what is said of the decision, and only that is compared."""

    name: str
    line: int
    on: datetime.date
    benefit: str
    key: str | None
    facts: Facts
    switches: Mapping[str, str]
    gives: Mapping[str, Any]


def read_cases(text: str) -> tuple[str, tuple[Case, ...]]:
    """The code of the policy, and its cases. Raises SourceFault with every mistake."""
    source = Source(text)
    parts = source.root.parts(("policy", "base", "cases"), ("policy", "cases"))
    base = facts_at(parts["base"]) if "base" in parts else NOTHING_KNOWN
    found = [_case(one, base) for one in parts["cases"].few(MOST_CASES).items()] if "cases" in parts else []
    source.finish()
    return parts["policy"].text(), tuple(one for one in found if one)


def _case(place: Place, base: Facts) -> Case | None:
    parts = place.parts(
        ("case", "on", "benefit", "key", "facts", "switches", "gives"), ("case", "on", "benefit", "gives")
    )
    if len({"case", "on", "benefit", "gives"} & set(parts)) < 4:
        return None
    switches = parts["switches"].entries() if "switches" in parts else ()
    return Case(
        name=parts["case"].text(),
        line=place.line,
        on=parts["on"].day(),
        benefit=parts["benefit"].text(),
        key=parts["key"].text() if "key" in parts else None,
        facts=facts_at(parts["facts"], base) if "facts" in parts else base,
        switches={name: one.text() for name, one in switches},
        gives=_gives(parts["gives"]),
    )


def _gives(place: Place) -> dict[str, Any]:
    parts = place.parts(("outcome", "amount", "last_day", "first_day", "fails", "unknown"), ("outcome",))
    found: dict[str, Any] = {}
    if "outcome" in parts:
        found["outcome"] = parts["outcome"].choice(tuple(Outcome))
    if "amount" in parts:
        found["amount"] = None if parts["amount"].is_null() else parts["amount"].money()
    for name in ("last_day", "first_day"):
        if name in parts:
            found[name] = None if parts[name].is_null() else parts[name].day()
    for name in ("fails", "unknown"):
        if name in parts:
            found[name] = frozenset(one.text() for one in parts[name].items())
    return found


def decide_case(policy: Policy, case: Case) -> Decision | None:
    """The decision that a case speaks of; None when the policy has no such benefit, or nothing of this key."""
    benefit = policy.benefit(case.benefit)
    decisions = assess_benefit(policy, benefit, case.facts, case.on) if benefit else ()
    return next((one for one in decisions if case.key in (None, one.key)), None)


def checks_of(policy: Policy, case: Case) -> int:
    """How many checks it takes to decide a case, what was paid before looked through."""
    benefit = policy.benefit(case.benefit)
    if benefit is None:
        return 0
    items = case.facts.subjects(benefit.subject) if benefit.subject else None
    return (benefit.checks + len(case.facts.paid or ())) * max(len(items or ()), 1)


def differences(case: Case, decision: Decision) -> dict[str, tuple[Any, Any]]:
    """What the policy decides otherwise than the case says: for each point the two, the case first. Empty: all as said."""
    verdicts = {
        "fails": frozenset(found.name for found in decision.findings if found.verdict is Verdict.FAIL),
        "unknown": frozenset(found.name for found in decision.findings if found.verdict is Verdict.UNKNOWN),
    }
    found = {name: verdicts[name] if name in verdicts else getattr(decision, name) for name in case.gives}
    return {name: (wanted, found[name]) for name, wanted in case.gives.items() if found[name] != wanted}
