"""Who stands for a payment beside whoever began it: what speaks against somebody, as keys for which the verbs have sentences."""

from __future__ import annotations

from django.db.models import Count, Q

from core.access.scope import Asker, covers
from core.access.states import Role
from core.people.models import User
from core.people.queries import PAYS, is_bound_to
from credentials.payments.models import PaymentBatch, PaymentLine, PaymentReversal
from credentials.payments.states import BatchState, LineState


def why_not_release(batch: PaymentBatch, user: Asker) -> str:
    """Why this user does not release the batch: "place", "built", "bound", "own", "decided", "entered"; empty when they may. Up
    to five queries."""
    if not isinstance(user, User) or not covers(user, batch.authority, Role.FINANCE, Role.ADMINISTRATOR):
        return "place"
    if user.pk == batch.built_by_id:
        return "built"
    builder = getattr(batch.built_by, "person", None)
    if builder is not None and is_bound_to(user, builder, batch.authority, PAYS):
        return "bound"
    lines = batch.lines.exclude(state=LineState.WITHDRAWN)
    parts = {
        "built": Q(built_by=user.pk),
        "own": Q(holder=user.pk),
        "decided": Q(approver=user.pk) | Q(claim__reviews__by=user.pk),
        "entered": Q(claim__entered_by=user.pk),
    }
    found = lines.aggregate(**{f"n_{name}": Count("pk", filter=part) for name, part in parts.items()})
    return next((name for name in parts if found[f"n_{name}"]), "")


def lines_with_a_part_of(batch: PaymentBatch, user: Asker) -> list[PaymentLine]:
    """The lines of claims that this user makes, has entered, reviewed or approved: whoever builds the batch leaves them to
    somebody else. One query."""
    part = Q(claim__holder=user.pk) | Q(claim__entered_by=user.pk) | Q(claim__approved_by=user.pk)
    lines = batch.lines.exclude(state=LineState.WITHDRAWN).order_by("position").select_related("claim")
    return list(lines.filter(part | Q(claim__reviews__by=user.pk)).distinct())


def why_not_confirm(reversal: PaymentReversal, user: Asker) -> str:
    """Why this user neither confirms nor refuses the reversal: "place", "recorded", "own", "bound"; empty when they may. Up to
    three queries."""
    if not isinstance(user, User) or not covers(user, reversal.authority, Role.FINANCE):
        return "place"
    if user.pk == reversal.recorded_by_id:
        return "recorded"
    if user.pk == reversal.holder_id:
        return "own"
    recorder = getattr(reversal.recorded_by, "person", None)
    bound = recorder is not None and is_bound_to(user, recorder, reversal.authority, PAYS)
    return "bound" if bound else ""


def shows_total(batch: PaymentBatch, user: Asker) -> bool:
    """Whether the control total may be shown: not to whoever has to find it out before they release the batch. By the role
    alone, since a list of batches asks it of each."""
    if batch.state != BatchState.LOCKED or user.pk == batch.built_by_id:
        return True
    return not covers(user, batch.authority, Role.FINANCE, Role.ADMINISTRATOR)
