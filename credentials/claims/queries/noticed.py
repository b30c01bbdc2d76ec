"""Whom noticed claims concern, and who is too close to them to judge about an objection."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from core.access.scope import Asker, scope_of
from core.access.states import READERS
from core.people.models import User
from core.people.queries import ties_of
from credentials.claims.models import Claim
from credentials.claims.queries.stages import bind_any, path_of
from credentials.claims.states import HANDED_IN

PREFIX = "claim-"


def claims_noticed(keys: Iterable[str]) -> list[int]:
    """The claims that lines of a public notice are about, by their numbers."""
    return [int(key.removeprefix(PREFIX)) for key in keys if key.removeprefix(PREFIX).isdecimal()]


def keys_for(user: Asker) -> QuerySet[Claim, Any]:
    """The keys of lines about claims of people employed where this user administers or audits."""
    rows = Claim.objects.filter(scope_of(user).q("employer", *READERS), state__in=HANDED_IN).order_by()
    return rows.annotate(line=Concat(Value(PREFIX), Cast("pk", CharField()))).values("line")


def why_not_judge(keys: Collection[str], officer: User) -> Any:
    """Why this officer answers no objection to one of these lines, "" if nothing is against it: they claim, entered or
    reviewed it, or somebody let them in who claims, entered or approved it. Two queries, and those of `ties_of`."""
    ties = ties_of(officer)
    rows = Claim.objects.filter(pk__in=claims_noticed(keys)).select_related("employer", "authority")
    for claim in rows.prefetch_related("reviews"):
        doers = (claim.holder_id, claim.entered_by_id, claim.approved_by_id)
        reviewed = any(review.by_id == officer.pk for review in claim.reviews.all())
        if reviewed or bind_any(ties, doers, path_of(claim)):
            return _(
                "You, or whoever gave you your account or your role, had a part in this claim. Ask another administrator."
            )
    return ""
