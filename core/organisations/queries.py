"""Looking for organisations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.organisations.models import Organisation, RoleAssignment

STEP = Organisation.steplen


@dataclass(frozen=True)
class Found:
    """An organisation with the name of the one above it, since stations of different streets are called alike."""

    organisation: Organisation
    above: str


def organisations_named(words: str, limit: int = 10) -> list[Found]:
    """The active organisations whose name contains all of these words; two queries. Names are public.

    `words` may be anything; what cannot be printed is left out (PostgreSQL does not even compare a NUL byte).
    """
    parts = "".join(letter if letter.isprintable() else " " for letter in words).split()[:5]
    if not parts:
        return []
    rows = Organisation.objects.active()
    for part in parts:
        rows = rows.filter(name__icontains=part)
    hits = list(rows.order_by("depth", "path")[:limit])
    parents = {hit.path[:-STEP] for hit in hits}
    names = dict(Organisation.objects.filter(path__in=parents).values_list("path", "name"))
    return [Found(hit, names.get(hit.path[:-STEP], "")) for hit in hits]


def tops_of(user: Asker, *roles: str) -> list[Organisation]:
    """The organisation at the top of each tree that these roles of the user cover, in the order of the tree; of who is
    covered everywhere, the first of all. What somebody does with the people of several trees is audited at each. One query."""
    scope = scope_of(user)
    if scope.everything:
        return list(Organisation.objects.order_by("path")[:1])
    return list(Organisation.objects.filter(path__in=scope.paths(*roles)).order_by("path"))


def administrators_of(organisation: Organisation) -> list[Any]:
    """The accounts of those who answer for an organisation: its administrators, or else those of the nearest
    organisation above it that has any. One query."""
    return nearest_holders(organisation, Role.ADMINISTRATOR)


def administrators_over(organisation: Organisation) -> list[Any]:
    """The accounts of all who administer an organisation, of whatever tier: whoever of them was asked. One query."""
    rows = RoleAssignment.objects.standing(Role.ADMINISTRATOR).filter(
        organisation__path__in=Organisation.paths_above(organisation.path)
    )
    return list({row.user_id: row.user for row in rows.select_related("user__person")}.values())


def holders_by_tier(organisation: Organisation, *roles: str) -> list[list[Any]]:
    """The accounts that hold one of these roles at an organisation, then those that do at the next one above it where anybody
    does, and so on. One query."""
    return [[held.user for held in tier] for tier in roles_by_tier(organisation, *roles)]


def roles_by_tier(organisation: Organisation, *roles: str) -> list[list[RoleAssignment]]:
    """The same as the roles by which they hold it, one of each account at each place: where somebody is to be named with
    their role and organisation. One query."""
    rows = RoleAssignment.objects.standing(*roles).filter(
        organisation__path__in=Organisation.paths_above(organisation.path)
    )
    tiers: dict[int, dict[int, RoleAssignment]] = {}
    for row in rows.select_related("user__person", "organisation").order_by("pk"):
        tiers.setdefault(len(row.organisation.path), {})[row.user_id] = row
    return [list(tier.values()) for _length, tier in sorted(tiers.items(), reverse=True)]


def nearest_holders(organisation: Organisation, role: str) -> list[Any]:
    """The accounts that hold a role at an organisation, or else at the nearest one above it where anybody does. One
    query."""
    return next(iter(holders_by_tier(organisation, role)), [])
