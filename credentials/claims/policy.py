"""What a claim counts against, which stages it goes through, and what reviewers find about what nobody knew: pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from credentials.policies.policy import Benefit, Decision, Facts, Finding, Policy, assess_benefit
from credentials.policies.policy.facts import LISTS, SUBJECTS, type_of
from credentials.policies.states import Kind, Outcome, Verdict

JUDGED = {True: "judged_so", False: "judged_not"}
MOST_DECLARED = 12
DECLARABLE = (
    "year",
)  # things that a claimant may bring to the table; what a register keeps is recorded there
FROM_EMPLOYER = ("work.region", "work.employer_kind")  # follow from the employer on record: nobody says them
REGISTERED = (
    "internship",
)  # of which a claimant says nothing at all: what is not proved yet is judged by reviewers


# What the form does not ask: said when a claim is handed in; and kept in the profile with the ID number.
NOT_ASKED = ("person.is_clean_declared", "person.id_type")
FORM = "form"  # the slot of the application form itself, sealed: it is not listed among its own papers
APPEALED = "appeal:"  # how the slots of the papers of an appeal begin: no policy can name one so
CLOSING = "closing:"  # likewise of the proof with which an officer has closed it for its claimant
APPEAL_PAPERS = 3
DISTANCES = (1, 7, 30)  # days before the last day at which somebody is reminded


def distance_of(days_left: int) -> int | None:
    """Which reminder is due so many days before the last day: the nearest distance; None when it is too early, or too late.

    A day on which no reminder ran is made up for on the next.
    """
    return next((one for one in DISTANCES if 0 <= days_left <= one), None)


def appeal_slot(refusal: int) -> str:
    """How the slots of the papers begin that came with the appeal against this refusal."""
    return f"{APPEALED}{refusal}:"


def family_of(policy: Policy) -> str:
    """One name for all policies whose payments count against one another: the first of their codes."""
    return min(policy.family)


def lane_of(benefit: Benefit, key: str) -> str:
    """What may be open only once at a time: a level where the levels count against one another, else each key by itself."""
    if benefit.kind is Kind.ONCE or (benefit.kind is Kind.HIGHEST_LEVEL and benefit.top_up != "full"):
        return ""
    return key


def stages_of(policy: Policy, tiers: Collection[str]) -> tuple[str, ...]:
    """The stages of the review that have somebody to hold them, in the order of the policy.

    `tiers` are those at which an administrator stands above the claimant's employer; a stage that nobody can hold is
    left out, but the last of the policy never: an authority has to approve.
    """
    return tuple(stage for stage in policy.stages if stage in tiers or stage == policy.stages[-1])


def begins_below(policy: Policy) -> bool:
    """Whether the review begins below the authority: at the employer, or at what stands above it."""
    return len(policy.stages) > 1


def next_stage(policy: Policy, stages: tuple[str, ...], stage: str) -> str:
    """Of the stages that somebody holds the first one after this one in the order of the policy; empty after the last.

    A stage may have lost its holders while the claim was there: whoever stands in for them passes it on all the same, and
    never past the stages that follow.
    """
    order = policy.stages
    after = order[order.index(stage) + 1 :] if stage in order else order
    return next((one for one in after if one in stages), "")


def with_declared(facts: Facts, benefit: Benefit, key: str, declared: Mapping[str, Any]) -> Facts:
    """The facts with what the claimant says where no record says anything; a record is never overruled.

    What is said of the subject of the benefit goes to the one with this key, or to a new one where there is none and a
    claimant may bring one (a year of work).
    """
    sections = {name: dict(section) for name, section in facts.sections.items()}
    about: dict[str, Any] = {}
    for path, value in declared.items():
        section, _dot, name = path.partition(".")
        if type_of(path) is None or value is None or path in FROM_EMPLOYER:
            continue
        if section in SUBJECTS:
            if section == benefit.subject and section not in REGISTERED:
                about[name] = value
        else:
            sections.setdefault(section, {}).setdefault(name, value)
    found = replace(facts, sections=MappingProxyType(sections))
    return _with_subject(found, benefit, key, about) if about else found


def said_only(facts: Facts, benefit: Benefit, key: str, declared: Mapping[str, Any]) -> frozenset[str]:
    """Of the paths that a claimant declares those that rest on their word alone, since no record says anything about them."""
    known = _known_of(facts, benefit, key)
    return frozenset(
        path
        for path in declared
        if path not in known
        and ((section := path.partition(".")[0]) not in SUBJECTS or section == benefit.subject)
        and section not in REGISTERED
    )


def _known_of(facts: Facts, benefit: Benefit, key: str) -> set[str]:
    """The paths of all facts that are known of the person, and of what a claim with this key is for."""
    items = (facts.subjects(benefit.subject) if benefit.subject else None) or ()
    own = [(benefit.subject, item) for item in items if benefit.key_of(item) == key]
    return {
        f"{section}.{name}"
        for section, item in (*facts.sections.items(), *own)
        for name, value in item.items()
        if value is not None
    }


def _with_subject(facts: Facts, benefit: Benefit, key: str, about: dict[str, Any]) -> Facts:
    items = list(facts.subjects(benefit.subject) or ())
    places = [place for place, item in enumerate(items) if benefit.key_of(item) == key]
    if places:
        for place in places:
            items[place] = {**about, **items[place]}
    elif benefit.subject in DECLARABLE and len(items) < MOST_DECLARED:
        items.append(about)
    changed: Mapping[str, Any] = {SUBJECTS[benefit.subject]: tuple(items)}
    return replace(facts, **changed)


def unknown_facts(policy: Policy, benefit: Benefit, decision: Decision, facts: Facts) -> dict[str, Finding]:
    """The facts that a claimant could say, of those on which this decision by these facts could not be made, each with what
    it is for: for the form. What is known is asked of nobody."""
    found: dict[str, Finding] = {}
    known = _known_of(facts, benefit, decision.key)
    for finding in decision.findings:
        condition = policy.conditions.get(finding.name)
        if finding.verdict is not Verdict.UNKNOWN or finding.code == "for_the_authority":
            continue
        for path in condition.facts if condition else ():
            section = path.partition(".")[0]
            sayable = section not in SUBJECTS or (section == benefit.subject and section not in REGISTERED)
            if type_of(path) and sayable and path not in FROM_EMPLOYER and path not in known:
                found.setdefault(path, finding)
    lacking = next((one for one in decision.findings if one.name == "subject"), None)
    if benefit.subject in DECLARABLE and lacking:
        _singular, types = LISTS[SUBJECTS[benefit.subject]]
        found |= {f"{benefit.subject}.{name}": lacking for name in types if name != "key"}
    return found


def decide(
    policy: Policy, benefit: Benefit, key: str, facts: Facts, on: Any, judged: Mapping[str, Any] | None = None
) -> Decision | None:
    """The decision about one claim with what reviewers have found; None where the facts know no such claim.

    Pure: what is frozen in a claim gives the same decision for ever.
    """
    found = assess_benefit(policy, benefit, facts, on)
    fitting = next((one for one in found if one.key == key), None)
    return settled(fitting, judged or {}) if fitting else None


def settled(decision: Decision, judged: Mapping[str, Any]) -> Decision:
    """The decision where reviewers have judged conditions that were not known. What is known they cannot change."""
    findings = tuple(_judge(finding, judged.get(finding.name)) for finding in decision.findings)
    verdicts = {finding.verdict for finding in findings}
    if findings == decision.findings or decision.outcome is not Outcome.UNKNOWN:
        return decision
    if Verdict.FAIL in verdicts:
        return decision._replace(
            findings=findings, outcome=Outcome.REFUSE, amount=decision.amount and 0 * decision.amount
        )
    outcome = Outcome.UNKNOWN if Verdict.UNKNOWN in verdicts else Outcome.GRANT
    return decision._replace(findings=findings, outcome=outcome)


def _judge(finding: Finding, said: Any) -> Finding:
    if said is None or finding.verdict is not Verdict.UNKNOWN or said.get("of", []) != lines_of(finding):
        return finding
    passes = bool(said.get("passes"))
    verdict = Verdict.PASS if passes else Verdict.FAIL
    values: dict[str, Any] = {"words": str(said.get("words", ""))}
    if lines := lines_of(finding):
        values["lines"] = tuple(lines)
    return finding._replace(verdict=verdict, code=JUDGED[passes], values=values)


def lines_of(finding: Finding) -> list[str]:
    """What a reviewer judges where it is several things, kept with what they find: where there is one more, nobody has judged
    that."""
    return list(finding.values.get("lines", ()))


def judgeable(decision: Decision) -> tuple[Finding, ...]:
    """The conditions that a reviewer can settle: whatever is not known but the amount, which is reckoned. What another reviewer
    has settled can be settled otherwise: no record says anything about it still."""
    return tuple(
        one
        for one in decision.findings
        if (one.verdict is Verdict.UNKNOWN or one.code in JUDGED.values())
        and one.name not in ("subject", "not_paid_already")
    )
