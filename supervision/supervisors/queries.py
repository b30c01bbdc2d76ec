"""Reading the registry of supervisors."""

from __future__ import annotations

import re

from django.utils import timezone
from django.utils.translation import gettext as _

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


def tiers_words(supervisor: Supervisor) -> str:
    """The tiers in force today, or that the last designation has run out, or that there is none."""
    held = tiers_of(supervisor)
    if held:
        return "、".join(held)
    return _("Run out") if has_run_out(supervisor) else _("None in force")


def has_run_out(supervisor: Supervisor) -> bool:
    """Whether a designation was in force before, and none is today. No query when they are prefetched."""
    today = timezone.localdate()
    rows = supervisor.designations.all()
    over = any(row.ends_on is not None and row.ends_on < today for row in rows)
    return over and not any(row.is_in_force(today) for row in rows)


def next_code() -> str:
    """A free number after the highest SV number there is. Only a proposal: the unique constraint decides."""
    taken = [
        int(code[2:])
        for code in Supervisor.objects.filter(code__startswith="SV").values_list("code", flat=True)
        if re.fullmatch(r"SV\d+", code)
    ]
    return f"SV{max(taken, default=0) + 1:03d}"


def places_words(supervisor: Supervisor) -> str:
    """How full a supervisor is, in words."""
    values = {"load": supervisor.load, "capacity": supervisor.capacity, "free": supervisor.places_free}
    if not supervisor.places_free:
        return _("%(load)s of %(capacity)s taken: full") % values
    return _("%(load)s of %(capacity)s taken, %(free)s free") % values


def fields_words(supervisor: Supervisor) -> str:
    return "、".join(field.name for field in supervisor.fields.all())
