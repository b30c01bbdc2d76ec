"""Reading the registry of supervisors."""

from __future__ import annotations

import re

from django.utils import timezone

from core.access.scope import Asker
from supervision.supervisors.models import Supervisor, SupervisorQuerySet
from supervision.supervisors.states import Tier


def registry(user: Asker) -> SupervisorQuerySet:
    """The supervisors this user may see, with all that a list shows of them. Three queries for any number."""
    rows = Supervisor.objects.visible_to(user).select_related("person", "organisation")
    return rows.prefetch_related("designations", "fields")


def tiers_of(supervisor: Supervisor) -> list[str]:
    """The tiers in force today, highest first, in words. No query when the designations are prefetched."""
    today = timezone.localdate()
    held = {row.tier for row in supervisor.designations.all() if row.is_in_force(today)}
    return [str(tier.label) for tier in reversed(Tier) if tier.value in held]


def next_code() -> str:
    """A free number after the highest SV number there is. Only a proposal: the unique constraint decides."""
    taken = [
        int(code[2:])
        for code in Supervisor.objects.filter(code__startswith="SV").values_list("code", flat=True)
        if re.fullmatch(r"SV\d+", code)
    ]
    return f"SV{max(taken, default=0) + 1:03d}"
