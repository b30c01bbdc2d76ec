"""What waits for an officer: the claims that they may decide now, and the appeals that they may answer."""

from __future__ import annotations

from collections.abc import Callable, Collection

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet

from core.access.scope import NOTHING, Asker, holds, scope_of
from core.access.states import Role
from core.organisations.models import Organisation, Tier
from core.people.queries import ties_of
from credentials.claims.models import Claim, ClaimAppeal, ClaimConflict, ClaimQuerySet, ClaimReview
from credentials.claims.queries.identity import of_number_of
from credentials.claims.queries.stages import EMPLOYER
from credentials.claims.states import AppealState, ClaimState, Verdict
from credentials.policies.models import PolicyVersion


def waiting_for(user: Asker) -> ClaimQuerySet:
    """The claims about which `why_not` has nothing against this user's deciding, whatever their number.

    One query to make, and what the caller asks of it. It says in SQL what `why_not` says of one row; a test holds the two
    together for everybody of the cast.
    """
    if not holds(user, Role.ADMINISTRATOR):
        return Claim.objects.none()
    rows = Claim.objects.filter(state=ClaimState.REVIEW).filter(_at_my_place(user))
    refused = ClaimReview.objects.filter(claim=OuterRef("pk"), by=user.pk, verdict=Verdict.REFUSE)
    conflict = ClaimConflict.objects.filter(claim=OuterRef("pk"), officer=user.pk)
    mine = _tied(user, "", _done_by) | _after_hands(user)
    return rows.filter(~mine, ~of_number_of(user.pk or 0), ~Exists(refused), ~Exists(conflict))


def _done_by(accounts: Collection[int]) -> Q:
    """One of these accounts, which are also the user's own, claims, has entered, has passed or has reopened it."""
    return Q(holder__in=accounts) | _handled_by(accounts)


def _handled_by(accounts: Collection[int]) -> Q:
    here = Q(round=OuterRef("round")) | ~Q(stage=OuterRef("stage"))
    reviews = ClaimReview.objects.filter(here, claim=OuterRef("pk"), by__in=accounts, verdict=Verdict.PASS)
    appeals = ClaimAppeal.objects.filter(claim=OuterRef("pk"), decided_by__in=accounts)
    return Q(entered_by__isnull=False, entered_by__in=accounts) | Q(Exists(reviews)) | Q(Exists(appeals))


def _tied(user: Asker, to_claim: str, done_by: Callable[[Collection[int]], Q]) -> Q:
    """What one of those has done who let this user in, at the employer of the claim or else at its authority (`path_of`)."""
    ties, employer = ties_of(user), Q(**{f"{to_claim}employer__isnull": False})
    at_employer = employer & ties.q(f"{to_claim}employer", done_by)
    return at_employer | (~employer & ties.q(f"{to_claim}authority", done_by))


def _after_hands(user: Asker) -> Q:
    """What a colleague has done whom this user let in, at the same places as in `_tied`."""
    ties, employer = ties_of(user), Q(employer__isnull=False)
    at_employer = employer & ties.q_after("employer", _handled_by)
    return at_employer | (~employer & ties.q_after("authority", _handled_by))


def _at_my_place(user: Asker) -> Q:
    """The stage at which the claim is, is held by an organisation that this user administers (`stage_place`)."""
    scope = scope_of(user)
    found = NOTHING
    lasts = last_stages()
    for stage, versions in lasts.items():
        found |= Q(version__in=versions, stage=stage) & scope.q("authority", Role.ADMINISTRATOR)
    inner = ~Q(pk__in=())
    for stage, versions in lasts.items():
        inner &= ~Q(version__in=versions, stage=stage)
    at_employer = Q(stage=EMPLOYER, employer__isnull=False) & scope.q("employer", Role.ADMINISTRATOR)
    above = (
        Organisation.objects.order_by()
        .filter(scope.q("", Role.ADMINISTRATOR), tier=OuterRef("stage"))
        .exclude(tier=Tier.STATION)
        .alias(below=ExpressionWrapper(OuterRef("employer__path"), CharField()))
        .filter(below__startswith=F("path"))
    )
    return found | (inner & (at_employer | Q(Exists(above))))


def last_stages() -> dict[str, list[int]]:
    """The versions under which claims are in review now, by the last stage of their policy. One query."""
    rows = PolicyVersion.objects.filter(claims__state=ClaimState.REVIEW).order_by("pk").distinct()
    found: dict[str, list[int]] = {}
    for row in rows:
        stages = row.policy().stages
        if stages:
            found.setdefault(stages[-1], []).append(row.pk)
    return found


def appeals_for(user: Asker) -> QuerySet[ClaimAppeal]:
    """The open appeals that this user may answer: of their authority, by somebody who has had no part in the claim."""
    rows: QuerySet[ClaimAppeal] = ClaimAppeal.objects.filter(state=AppealState.OPEN)
    if not holds(user, Role.ADMINISTRATOR):
        return rows.none()
    rows = rows.filter(scope_of(user).q("claim__authority", Role.ADMINISTRATOR))
    rows = rows.filter(~_tied(user, "claim__", _appealed_from))
    rows = rows.exclude(claim__in=Claim.objects.filter(of_number_of(user.pk or 0)).order_by().values("pk"))
    part = ClaimReview.objects.filter(claim=OuterRef("claim"), by=user.pk)
    conflict = ClaimConflict.objects.filter(claim=OuterRef("claim"), officer=user.pk)
    return rows.filter(~Exists(part), ~Exists(conflict))


def _appealed_from(accounts: Collection[int]) -> Q:
    """One of these accounts, which are also the user's own, claims, has entered or has refused it."""
    entered = Q(claim__entered_by__isnull=False, claim__entered_by__in=accounts)
    return Q(holder__in=accounts) | Q(refused_by__in=accounts) | entered
