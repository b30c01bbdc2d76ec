"""Who decides about somebody's work: that person can not supervise them as well."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from core.access.states import Role
from core.organisations.models import Organisation, RoleAssignment


def leaders_of_each(employers: Iterable[Organisation]) -> dict[int, set[int]]:
    """Of each of these organisations, by its key, the accounts of the administrators over it today. One query."""
    above = {each.pk: Organisation.paths_above(each.path) for each in employers}
    held = RoleAssignment.objects.in_force(timezone.localdate()).filter(
        role=Role.ADMINISTRATOR,
        organisation__path__in={path for paths in above.values() for path in paths},
    )
    at: dict[str, set[int]] = {}
    for path, account in held.values_list("organisation__path", "user"):
        at.setdefault(path, set()).add(account)
    return {pk: set().union(*(at.get(path, ()) for path in paths)) for pk, paths in above.items()}


def leaders_of(employer: Organisation | None) -> set[int]:
    """The accounts of the administrators over this organisation today. One query."""
    if employer is None:
        return set()
    return leaders_of_each([employer])[employer.pk]
