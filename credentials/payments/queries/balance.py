"""The ledger against the lines: what each policy has paid, less what came back, is the same in both to the cent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Q, Sum

from credentials.claims.models import PaymentEntry
from credentials.claims.states import MONEY
from credentials.payments.models import PaymentLine, PaymentReversal
from credentials.payments.policy import CENT
from credentials.payments.states import LineState, ReversalState
from credentials.policies.models import SubsidyPolicy

ZERO = Decimal("0.00")


@dataclass
class Account:
    """One policy: what the ledger says, in all and by the year of the day; what the lines say; and what is on its way."""

    ledger: Decimal = ZERO
    lines: Decimal = ZERO
    waiting: Decimal = ZERO  # in batches, and nobody knows yet what became of it
    unconfirmed: int = 0  # reversals that wait for a second person
    by_year: dict[int, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))

    @property
    def is_balanced(self) -> bool:
        return self.ledger == self.lines


def accounts_of(policies: Iterable[SubsidyPolicy]) -> dict[int, Account]:
    """The account of each of these policies. Three queries."""
    wanted = list(policies)
    found: dict[int, Account] = {row.pk: Account() for row in wanted}
    entries = PaymentEntry.objects.filter(kind__in=MONEY, claim__version__subsidy__in=wanted)
    rows = entries.order_by().values_list("claim__version__subsidy", "on__year")
    for policy, year, amount in rows.annotate(sum=Sum("amount")):
        found[policy].ledger += _cents(amount)
        found[policy].by_year[year] += _cents(amount)
    lines = PaymentLine.objects.filter(
        state__in=(LineState.PAID, LineState.WAITING), batch__policy__in=wanted
    )
    for policy, state, amount in (
        lines.order_by().values_list("batch__policy", "state").annotate(sum=Sum("amount"))
    ):
        if state == LineState.PAID:
            found[policy].lines += _cents(amount)
        else:
            found[policy].waiting += _cents(amount)
    confirmed, recorded = (Q(state=state) for state in (ReversalState.CONFIRMED, ReversalState.RECORDED))
    back = PaymentReversal.objects.filter(line__batch__policy__in=wanted).order_by()
    for policy, amount, number in back.values_list("line__batch__policy").annotate(
        sum=Sum("amount", filter=confirmed), number=Count("pk", filter=recorded)
    ):
        found[policy].lines -= _cents(amount)
        found[policy].unconfirmed += number
    return found


def balance_of(policy: SubsidyPolicy) -> tuple[Decimal, Decimal]:
    """What the ledger says was paid under a policy less what came back, and what its lines and reversals say: to be the
    same to the cent. Three queries."""
    account = accounts_of([policy])[policy.pk]
    return account.ledger, account.lines


def _cents(amount: Decimal | None) -> Decimal:
    return (amount or ZERO).quantize(CENT)
