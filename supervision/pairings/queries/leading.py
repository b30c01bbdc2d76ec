"""Who decides about somebody's work: that person can not supervise them as well."""

from __future__ import annotations

from django.utils import timezone

from core.access.states import Role
from core.organisations.models import Organisation, RoleAssignment


def leaders_of(employer: Organisation | None) -> set[int]:
    """The accounts of the administrators over this organisation today. One query."""
    if employer is None:
        return set()
    held = RoleAssignment.objects.in_force(timezone.localdate()).filter(
        role=Role.ADMINISTRATOR, organisation__path__in=Organisation.paths_above(employer.path)
    )
    return set(held.values_list("user", flat=True))
