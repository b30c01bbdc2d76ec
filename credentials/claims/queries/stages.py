"""Where a claim is reviewed: the organisation of each stage, who may decide there, and by when."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from core.access.scope import Asker, covers
from core.access.states import Role
from core.calendars.policy import is_working
from core.calendars.queries import off_and_worked
from core.organisations.models import Organisation, RoleAssignment, Tier
from core.people.models import User
from core.people.queries import PAYS, Ties, deciders_at, ties_of
from credentials.claims.models import Claim
from credentials.claims.policy import stages_of
from credentials.claims.queries.identity import accounts_of, is_of_same_number
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
    "refused", "appeal", "tied", "giver"; empty when they may. Up to five queries, and those of `ties_of` once for each user.

    One's own is also what another account claims with an ID number with which one has claimed oneself. Who has passed another stage decides no more, in whatever round: where only the last stage is asked again, what was
    passed before still counts. Nor does who has decided an appeal of it; nor whom the claimant, or one of those who
    entered, passed or reopened the claim, has let in: they could be one person. Among colleagues of one tier the order makes
    no difference: who let in one of those who did that decides nothing after them either.
    """
    place = stage_place(claim)
    if place is None or not covers(user, place, Role.ADMINISTRATOR):
        return "place"
    if user.pk == claim.holder_id or is_of_same_number(claim, user.pk or 0):
        return "own"
    ties = ties_of(user)
    if ties.bind(claim.holder_id, path_of(claim)):
        return "bound"
    if user.pk == claim.entered_by_id:
        return "entered"
    if claim.conflicts.filter(officer=user.pk).exists():
        return "conflict"
    return _why_not_again(claim, user, ties)


def _why_not_again(claim: Claim, user: Asker, ties: Ties) -> str:
    """What speaks against this user's deciding because of what was done about the claim before. Two queries."""
    passed, refused, heard = _acted(claim)
    for accounts, why in ((passed, "passed"), (refused, "refused"), (heard, "appeal")):
        if user.pk in accounts:
            return why
    doers, path = {claim.entered_by_id, *passed, *heard}, path_of(claim)
    if bind_any(ties, doers, path):
        return "tied"
    return "giver" if any(ties.is_hand(one, path) for one in doers if one is not None) else ""


def _acted(claim: Claim) -> tuple[set[int], set[int], set[int]]:
    """Who has passed a claim (but at the stage where it is, in an earlier round), has refused it, or has decided an appeal of
    it. Two queries."""
    rows = list(claim.reviews.values_list("by", "round", "stage", "verdict"))
    passed = {
        by
        for by, round, stage, verdict in rows
        if verdict == Verdict.PASS and (round == claim.round or stage != claim.stage)
    }
    refused = {by for by, _round, _stage, verdict in rows if verdict == Verdict.REFUSE}
    return passed, refused, set(claim.appeals.exclude(decided_by=None).values_list("decided_by", flat=True))


def who_decides(claim: Claim) -> list[User]:
    """Who can decide at the stage of a claim: the nearest administrators at its place or above whom nothing that is on record
    keeps from it. About a dozen queries: for a page on which somebody may not."""
    place = stage_place(claim)
    if place is None:
        return []
    passed, refused, heard = _acted(claim)
    people = User.objects.select_related("person").in_bulk(
        [one for one in (claim.entered_by_id, *passed, *refused, *heard) if one is not None]
    )
    after = [user for pk, user in people.items() if pk not in refused or pk in passed | heard]
    there = claim.employer or claim.authority
    barred = {*refused, *claim.conflicts.values_list("officer", flat=True), *accounts_of(claim)}
    return deciders_at(place, [claim.holder], [there], after=after, besides=barred)


def path_of(claim: Claim) -> str:
    """Where it is asked who let whom in: at the employer, or for somebody without one at the authority."""
    return (claim.employer or claim.authority).path


def bind_any(ties: Ties, accounts: Iterable[int | None], path: str) -> bool:
    """Whether nothing is decided there about what one of these accounts has done."""
    return any(ties.bind(account, path) for account in accounts if account is not None)


def why_not_give(claim: Claim, user: Asker) -> str:
    """Why this user does not hand over what the claim grants in kind: "state", "place", "own", "approved", "entered",
    "bound", "tied", "giver"; empty when they may. One query, and those of `ties_of` once for each user."""
    if claim.state != ClaimState.APPROVED or not claim.in_kind:
        return "state"
    if not covers(user, claim.authority, Role.FINANCE, Role.ADMINISTRATOR):
        return "place"
    reasons = {claim.holder_id: "own", claim.approved_by_id: "approved", claim.entered_by_id: "entered"}
    if why := reasons.get(user.pk or 0, ""):
        return why
    if is_of_same_number(claim, user.pk or 0):
        return "own"
    ties, path = ties_of(user, PAYS), claim.authority.path
    if ties.bind(claim.holder_id, path):
        return "bound"
    doers = (claim.approved_by_id, claim.entered_by_id)
    if bind_any(ties, doers, path):
        return "tied"
    return "giver" if any(ties.is_hand(one, path) for one in doers if one is not None) else ""


def review_due(today: datetime.date, policy: Policy) -> datetime.date:
    """The last day for one stage: the working days of the policy after today, by the list of holidays. One query."""
    days = [today + datetime.timedelta(days=n) for n in range(1, policy.review_days * LOOK_AHEAD + 15)]
    off, worked = off_and_worked(days)
    working = [day for day in days if is_working(day, off, worked)]
    return working[min(policy.review_days, len(working)) - 1]
