"""Taking one of a supervisor's places, and giving it back."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.states import Refused
from supervision.supervisors.models import Supervisor
from supervision.supervisors.states import MOST_PLACES


class SupervisorRefused(Refused):
    """The registry cannot be changed so; the message says why in words for the one who tried."""


def claim_place(*, supervisor: Supervisor) -> bool:
    """Take one of the supervisor's places by compare-and-set; False when none is free or no new mentee is taken.

    Call it inside the transaction of the pairing: the row stays locked until that ends.
    """
    free = Supervisor.objects.filter(pk=supervisor.pk, is_active=True, load__lt=F("capacity"))
    return bool(free.update(load=F("load") + 1))


def free_place(*, supervisor_id: int) -> None:
    """Give a place back. Call it inside the transaction that ends the pairing."""
    Supervisor.objects.filter(pk=supervisor_id, load__gt=0).update(load=F("load") - 1)


@transaction.atomic
def raise_places(*, supervisor_id: int, capacity: int, actor: Asker, reason: str) -> None:
    """Let a supervisor have at least so many places, and as many be allowed: an officer gives them for those who come now.

    Raises SupervisorRefused for more than anybody may have. Side effect: audit with the reason. Whoever calls it
    fills the places and tells PlacesChanged.
    """
    row = (
        Supervisor.objects.select_for_update(of=("self",))
        .select_related("organisation", "person")
        .get(pk=supervisor_id)
    )
    if row.capacity >= capacity:
        return
    if capacity > MOST_PLACES:
        words = _(
            "%(name)s would have %(capacity)s places. Nobody supervises more than %(most)s people at the same time: try fewer."
        )
        raise SupervisorRefused(words % {"name": row, "capacity": capacity, "most": MOST_PLACES})
    before = facts_of(row)
    row.capacity = capacity
    if row.limit is not None:
        row.limit = max(row.limit, capacity)
    row.save(update_fields=["capacity", "limit"])
    record(
        action="supervision.raise_places",
        target=row,
        actor=actor,
        organisation=row.organisation,
        before=before,
        after=facts_of(row),
        reason=reason,
    )


def facts_of(row: Supervisor) -> dict[str, Any]:
    """What the audit keeps of the places of a supervisor."""
    return {
        "capacity": row.capacity,
        "limit": row.limit,
        "is_active": row.is_active,
        "is_closed": row.is_closed,
    }


def closed_words(supervisor: Supervisor) -> str:
    """Why a supervisor whose entry an officer has closed cannot open it themself, and whom to ask."""
    words = _(
        "An administrator has decided that you take no new mentees. Only an administrator of %(organisation)s can change it: ask there."
    )
    return words % {"organisation": supervisor.organisation}
