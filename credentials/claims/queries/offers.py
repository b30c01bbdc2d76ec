"""What somebody can claim now, what they will be able to, and what is missing."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from core.people.models import Person
from credentials.claims.models import Claim
from credentials.claims.policy import family_of, lane_of
from credentials.claims.queries.facts import facts_of
from credentials.policies.models import PolicyVersion, SubsidyPolicy
from credentials.policies.policy import (
    SUBJECT,
    Benefit,
    Decision,
    Facts,
    Policy,
    assess_benefit,
    could_be_cured,
)
from credentials.policies.states import Kind, Outcome, Standing, Verdict

WHERE = "outside"  # the code of a finding that says: another place
SPEAKING = (Standing.IN_FORCE, Standing.FUTURE, Standing.UNCONFIRMED, Standing.LAPSED)


@dataclass(frozen=True)
class Offer:
    """One thing that a policy gives, as it stands for one person today."""

    version: PolicyVersion
    policy: Policy
    benefit: Benefit
    decision: Decision

    @property
    def is_open(self) -> bool:
        """Whether it can be claimed now: granted by what is known, or nothing speaks against it."""
        return self.decision.outcome in (Outcome.GRANT, Outcome.UNKNOWN)

    @property
    def is_in_kind(self) -> bool:
        return self.benefit.kind is Kind.IN_KIND

    @property
    def can_come(self) -> bool:
        """Whether what is missing today can still come right in time."""
        return not self.is_open and could_be_cured(self.decision)

    @property
    def lacks_subject(self) -> bool:
        """Whether there is nothing on record yet that it speaks of: no certificate, no title, no year of work."""
        return any(one.name == SUBJECT and one.verdict is not Verdict.PASS for one in self.decision.findings)


def newest_versions() -> list[PolicyVersion]:
    """The version of each published policy that decisions rest on now. Two queries."""
    rows = SubsidyPolicy.objects.filter(versions__isnull=False).distinct().select_related("organisation")
    found = []
    for row in rows.prefetch_related("versions").order_by("pk"):
        latest = row.latest()
        if latest:
            latest.subsidy = row
            found.append(latest)
    return found


def offers_of(person: Person, today: datetime.date) -> list[Offer]:
    """Everything that a policy of the person's place says to them today, the largest and the most urgent first."""
    return offers_for(facts_of(person, today), newest_versions(), today)


def offers_for(facts: Facts, versions: Iterable[PolicyVersion], today: datetime.date) -> list[Offer]:
    """The offers of these policies for somebody of whom this is known. Pure but for reading the versions' texts."""
    found = [
        Offer(version, policy, benefit, decision)
        for version in versions
        if _speaks_to(policy := version.policy(), facts, today)
        for benefit in policy.benefits
        for decision in assess_benefit(policy, benefit, facts, today)
        if not _is_elsewhere(decision)
    ]
    return sorted(found, key=_order)


def standing_of(person_ids: Iterable[int]) -> dict[int, list[Claim]]:
    """The claims of these people that are open or paid. One query."""
    found: dict[int, list[Claim]] = defaultdict(list)
    rows = Claim.objects.standing().filter(person__in=list(person_ids))
    for row in rows.only("person", "family", "benefit", "key", "lane", "state", "claimed_on", "created_at"):
        found[row.person_id].append(row)
    return found


def in_the_way(offer: Offer, claims: Iterable[Claim]) -> Claim | None:
    """Of these claims the one because of which this offer cannot be claimed: it is for the same, or counts against it."""
    family, name, key = family_of(offer.policy), offer.benefit.name, offer.decision.key
    lane = lane_of(offer.benefit, key)
    return next(
        (
            one
            for one in claims
            if (one.family, one.benefit) == (family, name)
            and (one.key == key or (one.is_open and one.lane == lane))
        ),
        None,
    )


def _speaks_to(policy: Policy, facts: Facts, today: datetime.date) -> bool:
    """Whether the policy can be this person's at all: it is published, and its place is not another one."""
    regions = [str(facts.sections.get("work", {}).get("region", ""))]
    regions += [str(one.get("employed_region", "")) for one in facts.internships or ()]
    return policy.standing(today) in SPEAKING and any(_covers(policy.jurisdiction, one) for one in regions)


def _covers(jurisdiction: str, region: str) -> bool:
    """Whether the region lies in the jurisdiction (GB/T 2260)."""
    width = 2 if jurisdiction.endswith("0000") else 4 if jurisdiction.endswith("00") else 6
    return region[:width] == jurisdiction[:width]


def _is_elsewhere(decision: Decision) -> bool:
    return any(one.code == WHERE and one.verdict is Verdict.FAIL for one in decision.findings)


def _order(offer: Offer) -> tuple[object, ...]:
    rank = {Outcome.GRANT: 0, Outcome.UNKNOWN: 1, Outcome.REFUSE: 2, Outcome.LAPSED: 3}[
        offer.decision.outcome
    ]
    return (rank, offer.decision.last_day or datetime.date.max, -(offer.decision.amount or 0))
