"""What is set aside for each policy in a year, against what is paid and on its way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from core.access.scope import Asker
from credentials.payments.models import PaymentBudget
from credentials.payments.queries.balance import ZERO, Account, accounts_of
from credentials.payments.queries.desk import Heap, heaps_at_desk, policies_at_desk
from credentials.policies.models import SubsidyPolicy

WAITS = ("due", "returned")


@dataclass(frozen=True)
class BudgetRow:
    """A policy in a year. `paid` is what was paid on its days, less what came back on them; `committed` adds what stands in
    a batch or waits for payment: it is paid this year, in whatever year the batch was built."""

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


def budget_rows(
    user: Asker,
    year: int,
    *,
    policies: Sequence[SubsidyPolicy] | None = None,
    accounts: Mapping[int, Account] | None = None,
    heaps: Sequence[Heap] | None = None,
) -> list[BudgetRow]:
    """Every policy of the authorities in this officer's tree. One query, and six more for what is not given."""
    if policies is None:
        policies = list(policies_at_desk(user).order_by("pk"))
    accounts = accounts_of(policies) if accounts is None else accounts
    latest: dict[int, PaymentBudget] = {}
    for row in PaymentBudget.objects.visible_to(user).filter(year=year).order_by("number"):
        latest[row.policy_id] = row
    coming: dict[int, Decimal] = defaultdict(lambda: ZERO)
    if year == timezone.localdate().year:
        for policy in policies:
            coming[policy.pk] += accounts[policy.pk].waiting
        for heap in heaps_at_desk(user) if heaps is None else heaps:
            if heap.group in WAITS:
                coming[heap.policy] += heap.amount
    return [
        BudgetRow(
            policy,
            latest.get(policy.pk),
            accounts[policy.pk].by_year[year],
            accounts[policy.pk].by_year[year] + coming[policy.pk],
        )
        for policy in policies
    ]
