"""Where a claim is reviewed: the organisation of each stage, who may decide there, and by when."""

from __future__ import annotations

import datetime

from django.db.models import Q

from core.access.scope import Asker, covers
from core.access.states import Role
from core.calendars.queries import holidays_on
from core.organisations.models import Organisation, RoleAssignment, Tier
from core.people.queries import ties_of
from credentials.claims.models import Claim
from credentials.claims.policy import stages_of
from credentials.claims.states import ClaimState, Verdict
from credentials.policies.policy import Policy

EMPLOYER = "employer"
LOOK_AHEAD = 3  # calendar days to look through for each working day: weekends, and the longest holidays


def organisations_of(
    employer: Organisation | None, authority: Organisation, policy: Policy
) -> dict[str, Organisation]:
    """Which organisation holds each stage. The last is the authority's; the others stand above the employer. One query."""
    found: dict[str, Organisation] = {}
    if employer is not None:
        above = Organisation.objects.filter(path__in=Organisation.paths_above(employer.path))
        tiers = {row.tier: row for row in above.order_by("path")}
        found = {tier: row for tier, row in tiers.items() if tier != Tier.STATION}
        found[EMPLOYER] = employer
    if policy.stages:
        found[policy.stages[-1]] = authority
    return {stage: found[stage] for stage in policy.stages if stage in found}


def stages_for(employer: Organisation | None, authority: Organisation, policy: Policy) -> tuple[str, ...]:
    """The stages that somebody holds today. Two queries."""
    places = organisations_of(employer, authority, policy)
    held = set(
        RoleAssignment.objects.standing(Role.ADMINISTRATOR)
        .filter(organisation__in=list(places.values()))
        .values_list("organisation", flat=True)
    )
    return stages_of(policy, [stage for stage, place in places.items() if place.pk in held])


def stage_place(claim: Claim) -> Organisation | None:
    """The organisation that holds the stage at which the claim is."""
    return organisations_of(claim.employer, claim.authority, claim.version.policy()).get(claim.stage)


def why_not(claim: Claim, user: Asker) -> str:
    """Why this user decides nothing about the claim at its stage: "place", "own", "bound", "entered", "conflict", "passed",
    "refused"; empty when they may. Up to four queries, and those of `ties_of` once for each user.

    Who has passed another stage decides no more, in whatever round: where only the last stage is asked again, what was
    passed before still counts.
    """
    place = stage_place(claim)
    if place is None or not covers(user, place, Role.ADMINISTRATOR):
        return "place"
    if user.pk == claim.holder_id:
        return "own"
    if ties_of(user).bind(claim.holder_id, claim.employer.path if claim.employer else ""):
        return "bound"
    if user.pk == claim.entered_by_id:
        return "entered"
    if claim.conflicts.filter(officer=user.pk).exists():
        return "conflict"
    mine = claim.reviews.filter(by=user.pk)
    here = Q(round=claim.round) | ~Q(stage=claim.stage)
    if mine.filter(here, verdict=Verdict.PASS).exists():
        return "passed"
    return "refused" if mine.filter(verdict=Verdict.REFUSE).exists() else ""


def why_not_give(claim: Claim, user: Asker) -> str:
    """Why this user does not hand over what the claim grants in kind: "state", "place", "own", "approved", "entered"; empty
    when they may. No query."""
    if claim.state != ClaimState.APPROVED or not claim.in_kind:
        return "state"
    if not covers(user, claim.authority, Role.FINANCE, Role.ADMINISTRATOR):
        return "place"
    reasons = {claim.holder_id: "own", claim.approved_by_id: "approved", claim.entered_by_id: "entered"}
    return reasons.get(user.pk, "") if user.pk else "place"


def review_due(today: datetime.date, policy: Policy) -> datetime.date:
    """The last day for one stage: the working days of the policy after today, by the list of holidays. One query."""
    days = [today + datetime.timedelta(days=n) for n in range(1, policy.review_days * LOOK_AHEAD + 15)]
    holidays = holidays_on(days)
    working = [day for day in days if day.weekday() < 5 and day not in holidays]
    return working[min(policy.review_days, len(working)) - 1]
