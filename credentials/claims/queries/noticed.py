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
from credentials.claims.queries.parts import by_place, parts_in, why_apart
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
    """Why this officer answers no objection to one of these lines, "" if nothing is against it (`why_apart`): they claim,
    entered, reviewed or approved it, decided an appeal of it or declared a conflict of interest, or one of those let them in
    or is a colleague whom they let in; or it is of an ID number with which they have claimed. One query, and those of `ties_of`."""
    ties, claims = ties_of(officer), Claim.objects.filter(pk__in=claims_noticed(keys))
    found = parts_in(claims, by_place, officer.pk)
    if any(why_apart(parts, officer.pk, ties, path) for path, parts in found.items()):
        return _(
            "You, or somebody who gave you your account or your role or got theirs from you, had a part in this claim. Ask another administrator."
        )
    return ""
