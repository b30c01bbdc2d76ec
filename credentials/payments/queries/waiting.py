"""What waits for a finance officer: claims to be paid or handed over, money that came back, and what a second person stands
for."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.people.queries import PAYS, ties_of
from credentials.claims.models import Claim
from credentials.claims.queries.parts import has_part
from credentials.claims.states import ClaimState
from credentials.payments.models import PaymentBatch, PaymentLine, PaymentReversal
from credentials.payments.queries.desk import is_returned
from credentials.payments.states import BatchState, LineState, ReversalState


def money_waiting_for(user: Asker) -> dict[str, int]:
    """How much waits for this finance officer: claims "due", "returned" and to "give" in kind, batches to "release" and
    "reversals" to confirm (of somebody else), and batches at the "bank". Only what there is any of. One query, and those of
    `ties_of` once for each user."""
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
        "release": batches.filter(~_is_tied(user, _in_batch), state=BatchState.LOCKED),
        "bank": batches.filter(state=BatchState.RELEASED),
        "reversals": reversals.filter(~_is_tied(user, _in_paid)),
    }
    counted = [_counted(rows.annotate(what=Value(kind))) for kind, rows in named.items()]
    together = _counted(claims).union(*counted, all=True)
    return {what: number for what, number in together if number}


def _is_tied(user: Asker, done_by: Callable[[Collection[int]], Q]) -> Q:
    """The user has a hand in it, or one who let them in, or a colleague whom they let in (`why_apart`). What depends on who let
    in whoever began it, from another tier or by a third, its page tells."""
    ties = ties_of(user, PAYS)
    return ties.q("authority", done_by) | ties.q_after("authority", done_by)


def _in_batch(accounts: Collection[int]) -> Q:
    """One of these has built a batch or put something into it, or has a part in a claim of it (`why_not_release`)."""
    lines = PaymentLine.objects.exclude(state=LineState.WITHDRAWN).filter(batch=OuterRef("pk"))
    return Q(built_by__in=accounts) | Q(Exists(lines.filter(_in_line(accounts))))


def _in_paid(accounts: Collection[int]) -> Q:
    """One of these has recorded a reversal, or has built, or has a part in, what it takes back (`why_not_confirm`)."""
    paid = PaymentLine.objects.filter(pk=OuterRef("line"))
    return Q(recorded_by__in=accounts) | Q(Exists(paid.filter(_in_line(accounts))))


def _in_line(accounts: Collection[int]) -> Q:
    return Q(built_by__in=accounts) | has_part(accounts, "claim__")


def _counted(rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    return rows.order_by().values_list("what").annotate(number=Count("pk"))
