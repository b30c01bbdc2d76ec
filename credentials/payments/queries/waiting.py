"""What waits for a finance officer: claims to be paid or handed over, money that came back, and what a second person stands
for."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Count, QuerySet, Value, When

from core.access.scope import Asker, scope_of
from core.access.states import Role
from credentials.claims.models import Claim
from credentials.claims.states import ClaimState
from credentials.payments.models import PaymentBatch, PaymentReversal
from credentials.payments.queries.desk import is_returned
from credentials.payments.states import BatchState, ReversalState


def money_waiting_for(user: Asker) -> dict[str, int]:
    """How much waits for this finance officer: claims "due", "returned" and to "give" in kind, batches to "release" and
    "reversals" to confirm (of somebody else), and batches at the "bank". Only what there is any of. One query."""
    scope = scope_of(user)
    claims = Claim.objects.filter(
        scope.q("version__subsidy__organisation", Role.FINANCE), state=ClaimState.APPROVED
    ).annotate(
        what=Case(
            When(in_kind=True, then=Value("give")),
            When(is_returned(), then=Value("returned")),
            default=Value("due"),
        )
    )
    batches = PaymentBatch.objects.filter(scope.q("authority", Role.FINANCE))
    reversals = PaymentReversal.objects.filter(
        scope.q("authority", Role.FINANCE), state=ReversalState.RECORDED
    )
    named = {
        "release": batches.filter(state=BatchState.LOCKED).exclude(built_by=user.pk or 0),
        "bank": batches.filter(state=BatchState.RELEASED),
        "reversals": reversals.exclude(recorded_by=user.pk or 0).exclude(holder=user.pk or 0),
    }
    counted = [_counted(rows.annotate(what=Value(kind))) for kind, rows in named.items()]
    together = _counted(claims).union(*counted, all=True)
    return {what: number for what, number in together if number}


def _counted(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    return rows.order_by().values_list("what").annotate(number=Count("pk"))
