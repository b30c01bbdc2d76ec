"""What is set aside for each policy in a year, against what is paid and on its way."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from core.access.scope import Asker
from credentials.claims.models import Claim, PaymentEntry
from credentials.claims.states import ClaimState, EntryKind
from credentials.payments.models import PaymentBudget, PaymentLine
from credentials.payments.queries.desk import policies_at_desk, sums_by_policy
from credentials.payments.states import LineState
from credentials.policies.models import SubsidyPolicy


@dataclass(frozen=True)
class BudgetRow:
    """A policy in a year. `committed` is what is paid, stands in a batch, or waits for payment this year."""

    policy: SubsidyPolicy
    budget: PaymentBudget | None
    paid: Decimal
    committed: Decimal

    @property
    def amount(self) -> Decimal | None:
        return self.budget.amount if self.budget else None

    @property
    def left(self) -> Decimal | None:
        return None if self.budget is None else self.budget.amount - self.committed

    @property
    def is_over(self) -> bool:
        return self.left is not None and self.left < 0

    @property
    def percent(self) -> int:
        """Of the budget, what is committed; 0 where there is none."""
        return int(100 * self.committed / self.amount) if self.amount else 0


def budget_rows(user: Asker, year: int) -> list[BudgetRow]:
    """Every policy of the authorities in this officer's tree. Five queries. What waits for payment counts in this year."""
    policies = list(policies_at_desk(user).select_related("organisation").order_by("pk"))
    latest: dict[int, PaymentBudget] = {}
    for row in PaymentBudget.objects.visible_to(user).filter(year=year).order_by("number"):
        latest[row.policy_id] = row
    entries = PaymentEntry.objects.filter(
        kind=EntryKind.PAID, on__year=year, claim__version__subsidy__in=policies
    )
    paid = sums_by_policy(entries, "claim__version__subsidy")
    waiting = PaymentLine.objects.filter(
        state=LineState.WAITING, batch__year=year, batch__policy__in=policies
    )
    in_batches = sums_by_policy(waiting, "batch__policy")
    due: dict[int, Decimal] = {}
    if year == timezone.localdate().year:
        approved = Claim.objects.filter(state=ClaimState.APPROVED, version__subsidy__in=policies)
        due = sums_by_policy(approved, "version__subsidy")
    zero = Decimal(0)
    return [
        BudgetRow(
            policy,
            latest.get(policy.pk),
            paid.get(policy.pk, zero),
            paid.get(policy.pk, zero) + in_batches.get(policy.pk, zero) + due.get(policy.pk, zero),
        )
        for policy in policies
    ]
