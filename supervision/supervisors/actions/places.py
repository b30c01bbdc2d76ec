"""Taking one of a supervisor's places, and giving it back."""

from __future__ import annotations

from django.db.models import F

from supervision.supervisors.models import (
    Supervisor,
)


def claim_place(*, supervisor: Supervisor) -> bool:
    """Take one of the supervisor's places by compare-and-set; False when none is free or no new mentee is taken.

    Call it inside the transaction of the pairing: the row stays locked until that ends.
    """
    free = Supervisor.objects.filter(pk=supervisor.pk, is_active=True, load__lt=F("capacity"))
    return bool(free.update(load=F("load") + 1))


def free_place(*, supervisor_id: int) -> None:
    """Give a place back. Call it inside the transaction that ends the pairing."""
    Supervisor.objects.filter(pk=supervisor_id, load__gt=0).update(load=F("load") - 1)
