"""What a policy decides about somebody on a day: pure, from frozen facts and a frozen policy, with every reason.

The same facts, policy and day give the same decision for ever: nothing else is looked at, the clock least of all.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from credentials.policies.policy.benefits import Benefit, Past, Worth, total, worth
from credentials.policies.policy.conditions import FAIL, PASS, UNKNOWN, Asked, Condition, Finding
from credentials.policies.policy.dates import ONE_DAY
from credentials.policies.policy.facts import Facts, Item, Paid
from credentials.policies.policy.formats import AS_FIRST, Reading
from credentials.policies.policy.source import Words
from credentials.policies.policy.timing import (
    GIVEN,
    VERIFIED,
    YEAR_DUE,
    thing_finding,
    verified_finding,
    year_finding,
)
from credentials.policies.states import Kind, Outcome, Standing, Verdict

IN_FORCE = "in_force"  # names of the findings that no policy has to write down
NOT_PAID = "not_paid_already"
NOT_FOR_THIS = "earlier_payments"
SUBJECT = "subject"
RESERVED = frozenset(
    (IN_FORCE, NOT_PAID, NOT_FOR_THIS, SUBJECT, YEAR_DUE, GIVEN, VERIFIED)
)  # for no condition


@dataclass(frozen=True)
class Switch:
    """One point that the text leaves open: what it asks, the answers, and the one that the authority has chosen."""

    name: str
    asks: Words
    options: tuple[tuple[str, Words], ...]
    chosen: str


@dataclass(frozen=True)
class Policy:
    """One dated version of one policy, read from its file and never changed."""

    code: str
    name: Words
    document: Words
    jurisdiction: str
    issuers: tuple[str, ...]
    starts_on: datetime.date
    ends_on: datetime.date | None
    after_end: (
        str  # "no": nothing is paid after the end; "windows": windows that began run on; "until": see below
    )
    claims_until: datetime.date | None
    is_draft: bool
    is_confirmed: bool  # whether it is known that it was not renewed, once it is over
    follows: tuple[str, ...]
    benefits: tuple[Benefit, ...]
    conditions: Mapping[str, Condition]
    switches: tuple[Switch, ...]
    stages: tuple[str, ...]
    review_days: int  # working days for each stage
    notice_days: int
    notice_counts: str  # "working" or "calendar"
    channel: str
    reading: Reading = AS_FIRST  # by the format that its text is written in

    def benefit(self, name: str) -> Benefit | None:
        return next((one for one in self.benefits if one.name == name), None)

    @property
    def family(self) -> frozenset[str]:
        """This policy and those whose payments count against it."""
        return frozenset((self.code, *self.follows))

    def known_as(self, codes: Mapping[str, str]) -> Policy:
        """The same policy, it and those that it follows under the codes by which a ledger knows them."""
        if not codes:
            return self
        followed = tuple(codes.get(one, one) for one in self.follows)
        return replace(self, code=codes.get(self.code, self.code), follows=followed)

    def standing(self, on: datetime.date) -> Standing:
        """In which state the policy is on this day."""
        if self.is_draft:
            return Standing.DRAFT
        if on < self.starts_on:
            return Standing.FUTURE
        if self.ends_on is None or on <= self.ends_on:
            return Standing.IN_FORCE
        return Standing.LAPSED if self.is_confirmed else Standing.UNCONFIRMED


class Decision(NamedTuple):
    """What a policy says to one claim. `amount` is None where it cannot be known, and for what is given in kind."""

    policy: str
    benefit: str
    key: str
    on: datetime.date
    outcome: Outcome
    amount: Decimal | None
    entitled: Decimal | None
    paid: Decimal | None
    first_day: datetime.date | None
    last_day: datetime.date | None
    findings: tuple[Finding, ...]


def assess(policy: Policy, facts: Facts, on: datetime.date) -> tuple[Decision, ...]:
    """What the policy says to each claim that these facts allow to be asked, benefit by benefit in the order of its text.

    A benefit that speaks of qualifications gets one decision for each qualification, and one without any where there is
    none. Pure; raises nothing for any facts.
    """
    return tuple(
        decision for benefit in policy.benefits for decision in assess_benefit(policy, benefit, facts, on)
    )


def assess_benefit(policy: Policy, benefit: Benefit, facts: Facts, on: datetime.date) -> tuple[Decision, ...]:
    """The decisions about one benefit."""
    past = Past(facts.paid, policy.family) if facts.paid is not None else None
    if not benefit.subject:
        return (_decide(policy, benefit, facts, None, past, on),)
    found = facts.subjects(benefit.subject)
    items = [item for item in found or () if _is_about(benefit, facts, item, on)]
    if not items:
        return (_without_subject(policy, benefit, facts, past, on, is_known=found is not None),)
    return tuple(_decide(policy, benefit, facts, item, past, on) for item in items)


def best(decisions: tuple[Decision, ...]) -> Decision | None:
    """The decision that matters most to the person: the largest grant; else what may still come; else the nearest refusal."""
    order = (Outcome.GRANT, Outcome.UNKNOWN, Outcome.REFUSE, Outcome.LAPSED)
    return min(
        decisions,
        key=lambda one: (
            order.index(one.outcome),
            -(one.amount or 0),
            sum(found.verdict is FAIL for found in one.findings),
            -(one.entitled or 0),
        ),
        default=None,
    )


# --- One claim ----------------------------------------------------------------------------------------------------


def _is_about(benefit: Benefit, facts: Facts, item: Item, on: datetime.date) -> bool:
    asked = Asked({**facts.sections, benefit.subject: item}, facts, on)
    return all(condition.check(asked).verdict is not FAIL for condition in benefit.about)


def _decide(
    policy: Policy, benefit: Benefit, facts: Facts, item: Item | None, past: Past | None, on: datetime.date
) -> Decision:
    sections = {**facts.sections, benefit.subject: item} if item is not None else facts.sections
    asked = Asked(sections, facts, on)
    findings = [condition.find(asked) for condition in benefit.needs]
    findings.insert(0, _in_force(policy, findings, on))
    if item is not None:
        findings += _untold(policy, benefit, item, findings, on)
    value = worth(benefit, item, past, on)
    if benefit.kind is not Kind.IN_KIND:
        findings.append(_not_paid(value))
        if past and value.due and (untied := past.untied(benefit)):
            findings.append(_not_for_this(untied))
    return _decision(policy, benefit, benefit.key_of(item), value, findings, on)


def _untold(
    policy: Policy, benefit: Benefit, item: Item, findings: list[Finding], on: datetime.date
) -> list[Finding]:
    """What stands in the way by no condition of the text: it is told only where it does. That there is no such thing yet is
    told where nothing else refuses it, since a text mostly says so itself."""
    reading = policy.reading
    found: list[Finding | None] = []
    if benefit.kind is Kind.RECURRING:
        if reading.waits_for_years:
            found.append(year_finding(benefit, item, policy.starts_on, policy.ends_on, on))
        return [one for one in found if one]
    if reading.refuses_found_wrong:
        found.append(verified_finding(benefit.subject, item))
    if reading.waits_for_giving and all(one.verdict is not FAIL for one in findings):
        found.append(thing_finding(benefit.subject, item, on))
    return [one for one in found if one]


def _without_subject(
    policy: Policy, benefit: Benefit, facts: Facts, past: Past | None, on: datetime.date, *, is_known: bool
) -> Decision:
    """There is nothing to claim for: what can be said without it is said all the same."""
    asked = Asked(facts.sections, facts, on)
    code = "no_subject" if is_known else "not_known"
    subject = Finding(SUBJECT, FAIL if is_known else UNKNOWN, code, {"fact": benefit.subject})
    general = [condition.find(asked) for condition in benefit.needs if not condition.subjects]
    findings = [_in_force(policy, general, on), subject, *general]
    return _decision(policy, benefit, "", Worth(None, None, None, ""), findings, on)


def _in_force(policy: Policy, findings: list[Finding], on: datetime.date) -> Finding:
    """Whether the policy still speaks on this day."""
    ends = policy.ends_on
    values = {"first": policy.starts_on, "last": ends, "until": policy.claims_until}
    if on < policy.starts_on:
        return Finding(IN_FORCE, FAIL, "policy_ahead", values, None, policy.starts_on)
    if ends is None or on <= ends:
        last = ends if policy.after_end == "no" else policy.claims_until
        return Finding(IN_FORCE, PASS, "policy_in_force", values, last)
    if policy.after_end == "until" and policy.claims_until and on <= policy.claims_until:
        return Finding(IN_FORCE, PASS, "policy_tail", values, policy.claims_until)
    if policy.after_end == "windows" and any(_began_by(found, ends) for found in findings):
        return Finding(
            IN_FORCE, PASS, "policy_windows", values
        )  # the window itself says whether it is too late
    return Finding(IN_FORCE, FAIL, "policy_over", values, policy.claims_until or ends)


def _began_by(found: Finding, end: datetime.date) -> bool:
    """Whether this is a time for claiming that had begun when the policy ended: what begins later keeps nothing alive."""
    began = found.values.get("day") or found.values.get("first")
    return found.last_day is not None and (began is None or began <= end)


def _not_paid(value: Worth) -> Finding:
    verdict = PASS if value.due else FAIL
    if value.due is None or value.code in ("amount_not_known", "past_not_known"):
        verdict = UNKNOWN
    return Finding(NOT_PAID, verdict, value.code, value.values)


def _not_for_this(lines: list[Paid]) -> Finding:
    """Whether what was paid before without a record behind it was for this: nobody knows until somebody has judged it."""
    said = tuple(" ".join(filter(None, (one.key, f"{one.amount:,f}", str(one.on or "")))) for one in lines)
    values = {"count": len(lines), "total": total(lines), "lines": said}
    return Finding(NOT_FOR_THIS, UNKNOWN, "untied_payments", values)


def _decision(
    policy: Policy, benefit: Benefit, key: str, value: Worth, findings: list[Finding], on: datetime.date
) -> Decision:
    verdicts: set[Verdict] = {found.verdict for found in findings}
    if findings[0].code == "policy_over":
        outcome = Outcome.LAPSED
    elif FAIL in verdicts:
        outcome = Outcome.REFUSE
    else:
        outcome = Outcome.UNKNOWN if UNKNOWN in verdicts else Outcome.GRANT
    lasts = [found.last_day for found in findings if found.last_day]
    firsts = [found.first_day for found in findings if found.first_day]
    return Decision(
        policy=policy.code,
        benefit=benefit.name,
        key=key,
        on=on,
        outcome=outcome,
        amount=None if benefit.kind is Kind.IN_KIND else _amount(outcome, value),
        entitled=value.entitled,
        paid=value.paid,
        first_day=max(firsts, default=None),
        last_day=min(lasts, default=None),
        findings=tuple(findings),
    )


def _amount(outcome: Outcome, value: Worth) -> Decimal | None:
    if outcome in (Outcome.REFUSE, Outcome.LAPSED):
        return Decimal(0)
    return value.due


def could_be_cured(decision: Decision) -> bool:
    """Whether something that fails today can still come right before the last day."""
    if decision.outcome is not Outcome.REFUSE:
        return decision.outcome is Outcome.UNKNOWN
    failing = [found for found in decision.findings if found.verdict is FAIL]
    opens = max((found.first_day for found in failing if found.first_day), default=decision.on + ONE_DAY)
    in_time = decision.last_day is None or opens <= decision.last_day
    return in_time and all(found.first_day for found in failing)
