"""What waits for a finance officer: claims to be paid, money that came back, batches to release, and batches at the bank."""

from __future__ import annotations

from django.db.models import Case, Count, F, QuerySet, Value, When

from core.access.scope import Asker, scope_of
from core.access.states import Role
from credentials.claims.models import Claim
from credentials.claims.states import ClaimState
from credentials.payments.models import PaymentBatch
from credentials.payments.queries.desk import FAILED
from credentials.payments.states import BatchState


def money_waiting_for(user: Asker) -> dict[str, int]:
    """How much waits for this finance officer: claims "due" and "returned", batches to "release" (built by somebody else)
    and those at the "bank". Only what there is any of. One query."""
    scope = scope_of(user)
    claims = Claim.objects.filter(
        scope.q("version__subsidy__organisation", Role.FINANCE), state=ClaimState.APPROVED
    ).annotate(what=Case(When(FAILED, then=Value("returned")), default=Value("due")))
    batches = PaymentBatch.objects.filter(scope.q("authority", Role.FINANCE))
    locked = batches.filter(state=BatchState.LOCKED).exclude(built_by=user.pk or 0)
    sent = batches.filter(state=BatchState.RELEASED)
    together = _counted(claims).union(
        _counted(locked.annotate(what=Value("release"))),
        _counted(sent.annotate(what=Value("bank"))),
        all=True,
    )
    return {what: number for what, number in together if number}


def _counted(rows: QuerySet[Claim] | QuerySet[PaymentBatch]) -> QuerySet[Claim, tuple[str, int]]:
    return rows.order_by().values_list(F("what")).annotate(number=Count("pk", distinct=True))  # type: ignore[return-value]
