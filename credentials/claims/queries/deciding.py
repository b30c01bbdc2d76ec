"""What the policy says to a claim by what is known today, and what is frozen of it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import override

from credentials.claims.models import Claim
from credentials.claims.policy import FROM_EMPLOYER, decide, family_of, lane_of, said_only, with_declared
from credentials.claims.queries.facts import facts_of
from credentials.claims.states import ClaimState
from credentials.policies.models import PolicyVersion, SubsidyPolicy
from credentials.policies.policy import Benefit, Decision, Facts, Policy, facts_data, facts_from
from credentials.policies.policy.facts import SUBJECTS
from credentials.policies.policy.source import SourceFault
from credentials.policies.queries.data import decision_data


@dataclass(frozen=True)
class Asked:
    """A claim put to its policy: by the facts of today, or by those that were frozen."""

    policy: Policy
    benefit: Benefit
    facts: Facts
    decision: Decision | None
    said: frozenset[str] = frozenset()  # the facts that rest on the claimant's word alone

    def frozen(self) -> dict[str, Any]:
        """What the row keeps of it, in Chinese: the paper of record is Chinese, whoever asks."""
        with override("zh-hans"):
            decided = decision_data(self.decision, self.policy) if self.decision else {}
        return {"facts": facts_data(self.facts), "decision": decided}


def ask(claim: Claim, today: datetime.date, known: Facts | None = None) -> Asked:
    """What the policy says by the records of today and what the claimant declares, on the day of handing in. `known` are
    the records, where somebody has read them already."""
    policy, benefit = _policy_of(claim)
    on = claim.asked_on(today)
    known = _with_followers(known or facts_of(claim.person, on, without=claim), policy)
    declared = declared_facts(claim.declared)
    facts = with_declared(known, benefit, claim.key, declared)
    said = said_only(known, benefit, claim.key, declared)
    return Asked(policy, benefit, facts, decide(policy, benefit, claim.key, facts, on, claim.settled), said)


def _with_followers(facts: Facts, policy: Policy) -> Facts:
    """What was paid under a policy that follows this one counts against this one too, or the older would pay the same once
    more while its windows run on: kept as paid under this one. No query where nothing was paid elsewhere, else two."""
    others = {line.policy for line in facts.paid or ()} - policy.family - {""}
    if not others:
        return facts
    rows = SubsidyPolicy.objects.filter(code__in=others).prefetch_related("versions")
    following = {
        row.code for row in rows if any(policy.code in one.policy().follows for one in row.versions.all())
    }
    paid = tuple(
        replace(line, policy=policy.code) if line.policy in following else line for line in facts.paid or ()
    )
    return replace(facts, paid=paid)


def ask_again(claim: Claim) -> Asked:
    """What the policy says to what was frozen: the same as then, for ever."""
    policy, benefit = _policy_of(claim)
    facts = facts_from(claim.facts)
    assert claim.claimed_on is not None
    return Asked(
        policy, benefit, facts, decide(policy, benefit, claim.key, facts, claim.claimed_on, claim.settled)
    )


def declared_facts(declared: dict[str, Any]) -> dict[str, Any]:
    """What a claimant has declared, `path: text`, as typed values; what cannot be read, or follows from the employer
    on record, is left out."""
    found: dict[str, Any] = {}
    for path, said in declared.items():
        if path in FROM_EMPLOYER:
            continue
        section, _dot, name = path.partition(".")
        nested = {SUBJECTS[section]: [{name: said}]} if section in SUBJECTS else {section: {name: said}}
        try:
            facts = facts_from(nested)
        except SourceFault:
            continue
        items = facts.subjects(section) if section in SUBJECTS else None
        one = items[0] if items else facts.sections.get(section, {})
        if name in one:
            found[path] = one[name]
    return found


NEWEST = Subquery(
    PolicyVersion.objects.filter(subsidy=OuterRef("version__subsidy")).order_by("-number").values("pk")[:1]
)  # annotated as `newest`


def follow_policy(claim: Claim) -> None:
    """A claim that was never handed in rests on the newest version of its policy, as every new decision does; not saved.

    Where that version gives nothing of the kind any more, the claim stays as it is and cannot be handed in. One query, and
    none for a row with `NEWEST` that has it already.
    """
    is_begun = claim.claimed_on is None and claim.state == ClaimState.DRAFT
    if not is_begun or getattr(claim, "newest", None) == claim.version_id:
        return
    latest = claim.version.subsidy.latest()
    if latest is None or latest.pk == claim.version_id:
        return
    policy = latest.policy()
    if benefit := policy.benefit(claim.benefit):
        latest.subsidy = claim.version.subsidy
        claim.version = latest
        claim.family, claim.lane = family_of(policy), lane_of(benefit, claim.key)
        claim.in_kind = policy.channel == "none"


def _policy_of(claim: Claim) -> tuple[Policy, Benefit]:
    policy = claim.version.policy()
    benefit = policy.benefit(claim.benefit)
    assert benefit is not None  # start_claim looked; a version never changes
    return policy, benefit
