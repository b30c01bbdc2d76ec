"""What waits for a finance officer: claims to be paid or handed over, money that came back, and what a second person stands
for."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When

from core.access.scope import Asker, scope_of
from core.access.states import Role
from credentials.claims.models import Claim
from credentials.claims.queries.parts import has_part
from credentials.claims.states import ClaimState
from credentials.payments.models import PaymentBatch, PaymentLine, PaymentReversal
from credentials.payments.queries.desk import is_returned
from credentials.payments.states import BatchState, LineState, ReversalState


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
        "release": batches.filter(~_has_part_in(user), state=BatchState.LOCKED).exclude(
            built_by=user.pk or 0
        ),
        "bank": batches.filter(state=BatchState.RELEASED),
        "reversals": reversals.filter(~_has_part_in_paid(user)).exclude(recorded_by=user.pk or 0),
    }
    counted = [_counted(rows.annotate(what=Value(kind))) for kind, rows in named.items()]
    together = _counted(claims).union(*counted, all=True)
    return {what: number for what, number in together if number}


def _has_part_in(user: Asker) -> Exists:
    """The user has put something into a batch, or has a part in a claim of it (`why_not_release`). Who let whom in is not asked
    here, for that would be more queries: its page tells them."""
    me = user.pk or 0
    lines = PaymentLine.objects.exclude(state=LineState.WITHDRAWN)
    return Exists(lines.filter(Q(built_by=me) | has_part(me, "claim__"), batch=OuterRef("pk")))


def _has_part_in_paid(user: Asker) -> Exists:
    """The user has built, or has a part in, what a reversal takes back (`why_not_confirm`)."""
    me = user.pk or 0
    paid = PaymentLine.objects.filter(Q(built_by=me) | has_part(me, "claim__"))
    return Exists(paid.filter(pk=OuterRef("line")))


def _counted(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    return rows.order_by().values_list("what").annotate(number=Count("pk"))
