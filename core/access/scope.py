"""The one question of access: does this role of this user cover this organisation?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils import timezone

if TYPE_CHECKING:
    from core.organisations.models import Organisation
    from core.people.models import User

Asker: TypeAlias = "User | AnonymousUser"
NOTHING = Q(pk__in=())
EVERYTHING = ~NOTHING  # an empty Q() would be swallowed by the next "or"


@dataclass(frozen=True)
class Scope:
    """The roles one user holds today: pairs of a role and the tree path of the organisation it is held at."""

    grants: tuple[tuple[str, str], ...] = ()
    everything: bool = False
    places: tuple[tuple[str, str], ...] = ()  # the same roles with the name of the organisation, to be shown

    def holds(self, *roles: str) -> bool:
        """Whether the user holds any of these roles anywhere (no role named: any role at all)."""
        return self.everything or any(not roles or role in roles for role, _ in self.grants)

    def paths(self, *roles: str) -> list[str]:
        """The shortest tree paths that these roles cover; a path below another one is left out."""
        found: list[str] = []
        for path in sorted({path for role, path in self.grants if not roles or role in roles}):
            if not any(path.startswith(above) for above in found):
                found.append(path)
        return found

    def covers(self, organisation: Organisation | None, *roles: str) -> bool:
        """Whether one of these roles is held at this organisation or above it."""
        if self.everything:
            return True
        if organisation is None:
            return False
        return any(organisation.path.startswith(path) for path in self.paths(*roles))

    def q(self, to_organisation: str, *roles: str) -> Q:
        """The condition "its organisation is covered", for rows that reach it through `to_organisation` ("" = itself)."""
        if self.everything:
            return EVERYTHING
        lookup = f"{to_organisation}__path__startswith" if to_organisation else "path__startswith"
        condition = NOTHING
        for number, path in enumerate(self.paths(*roles)):
            one = Q(**{lookup: path})
            condition = condition | one if number else one
        return condition


def scope_of(user: Asker) -> Scope:
    """The scope of this user, read once per request and kept on the user object.

    A superuser (the operator's break-glass account) is covered everywhere.
    """
    if not user.is_authenticated or not user.is_active:
        return Scope()
    kept = getattr(user, "_scope", None)
    if kept is None:
        held = user.roles.in_force(timezone.localdate())  # type: ignore[attr-defined]
        rows = list(held.values_list("role", "organisation__path", "organisation__name"))
        kept = Scope(
            grants=tuple((role, path) for role, path, _ in rows),
            everything=user.is_superuser,
            places=tuple((role, name) for role, _, name in rows),
        )
        user._scope = kept  # type: ignore[attr-defined]
    return kept


def covers(user: Asker, organisation: Organisation | None, *roles: str) -> bool:
    """Does one of these roles of this user cover this organisation?"""
    return scope_of(user).covers(organisation, *roles)


def holds(user: Asker, *roles: str) -> bool:
    """Does this user hold one of these roles anywhere?"""
    return scope_of(user).holds(*roles)
