"""Who hears an appeal against a refused claim."""

from __future__ import annotations

from core.access.scope import Asker, covers
from core.access.states import Role
from core.people.models import User
from core.people.queries import ties_of
from credentials.claims.models import ClaimAppeal
from credentials.claims.queries.identity import is_of_same_number
from credentials.claims.queries.stages import bind_any, path_of


def why_not_hear(appeal: ClaimAppeal, user: Asker) -> str:
    """Why this user does not decide the appeal: "place" for whoever is not the authority's or claims it themself, "part" for
    whoever had one in the claim, or was let in by somebody who claims, has entered or has refused it; empty when they may. Three
    queries, and those of `ties_of` once for each user. `appeals_for` says the same in SQL."""
    claim = appeal.claim
    if not isinstance(user, User) or not covers(user, claim.authority, Role.ADMINISTRATOR):
        return "place"
    if user.pk == claim.holder_id or is_of_same_number(claim, user.pk):
        return "place"
    if claim.reviews.filter(by=user).exists() or claim.conflicts.filter(officer=user).exists():
        return "part"
    doers = (claim.holder_id, claim.entered_by_id, appeal.refused_by_id)
    return "part" if bind_any(ties_of(user), doers, path_of(claim)) else ""
