"""What is due, in notice, in a batch, paid and returned: the numbers of the finance desk, and the claims behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import ExtractYear
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.organisations.models import Organisation, Tier
from credentials.claims.models import OFFICERS, Claim, PaymentEntry
from credentials.claims.states import ClaimState, EntryKind
from credentials.payments.models import PaymentBatch, PaymentLine
from credentials.payments.policy import CENT
from credentials.payments.states import LineState
from credentials.policies.models import SubsidyPolicy

# Where a claim stands on its way to the money, in the order of the way.
GROUPS: dict[str, Any] = {
    "notice": pgettext_lazy("payments", "In public notice"),
    "due": pgettext_lazy("payments", "To be paid"),
    "returned": pgettext_lazy("payments", "Returned by the bank"),
    "locked": pgettext_lazy("payments", "In a batch"),
    "paid": pgettext_lazy("payments", "Paid"),
}
STATES = {
    "notice": (ClaimState.CLEARED, ClaimState.NOTICE),
    "due": (ClaimState.APPROVED,),
    "returned": (ClaimState.APPROVED,),
    "locked": (ClaimState.LOCKED,),
    "paid": (ClaimState.PAID,),
}
FAILED = Exists(PaymentLine.objects.filter(claim=OuterRef("pk"), state=LineState.FAILED))


@dataclass
class Cell:
    """So many claims that come to so much."""

    count: int = 0
    amount: Decimal = Decimal(0)


@dataclass
class Row:
    """One policy, district or year."""

    key: str
    label: str
    cells: dict[str, Cell] = field(default_factory=lambda: {name: Cell() for name in GROUPS})


def claims_at_desk(user: Asker) -> QuerySet[Claim]:
    """The claims on their way to the money in the tree of this officer, and of the authorities there."""
    scope = scope_of(user)
    mine = scope.q("employer", *OFFICERS) | scope.q("authority", *OFFICERS)
    states = {state for group in STATES.values() for state in group}
    return Claim.objects.filter(mine, state__in=states)


def in_group(rows: QuerySet[Claim], group: str) -> QuerySet[Claim]:
    """Those that stand there: what the bank has returned waits for payment too, and is counted by itself."""
    rows = rows.filter(state__in=STATES[group])
    if group == "returned":
        return rows.filter(FAILED)
    return rows.exclude(FAILED) if group == "due" else rows


def desk_rows(user: Asker, by: str, *, policy: int | None = None, year: int | None = None) -> list[Row]:
    """The numbers by "policy", "district" or "year" (that of the claim), the largest first. Two queries."""
    rows = claims_at_desk(user)
    rows = rows.filter(version__subsidy=policy) if policy else rows
    rows = rows.filter(claimed_on__year=year) if year else rows
    found = (
        rows.annotate(returned=FAILED, of=ExtractYear("claimed_on", output_field=IntegerField()))
        .order_by()
        .values_list(
            "state", "returned", "version__subsidy", "version__subsidy__name", "employer__path", "of"
        )
        .annotate(number=Count("pk"), sum=Sum("amount"))
    )
    place: Callable[[Any], tuple[str, str]] = {
        "policy": lambda one: (str(one[2]), one[3]),
        "district": _districts(),
        "year": lambda one: (str(one[5]), str(one[5])),
    }[by]
    lines: dict[str, Row] = {}
    for one in found:
        key, label = place(one)
        cell = lines.setdefault(key, Row(key, label)).cells[_group(one[0], one[1])]
        cell.count += one[6]
        cell.amount += (one[7] or Decimal(0)).quantize(CENT)
    if by == "year":
        return sorted(lines.values(), key=lambda row: row.key, reverse=True)
    return sorted(lines.values(), key=lambda row: (-sum(cell.amount for cell in row.cells.values()), row.key))


def _group(state: str, returned: bool) -> str:
    if state == ClaimState.APPROVED:
        return "returned" if returned else "due"
    return next(name for name, states in STATES.items() if state in states)


def _districts() -> Callable[[Any], tuple[str, str]]:
    """Finds the district above an employer; an employer above all districts is its own place."""
    known = {row.path: row for row in Organisation.objects.filter(tier=Tier.COUNTY)}
    others = dict(
        Organisation.objects.filter(tier__in=(Tier.CITY, Tier.PROVINCE)).values_list("path", "name")
    )

    def place(one: Any) -> tuple[str, str]:
        path = one[4] or ""
        above = [path[:length] for length in range(len(path), 0, -4)]
        found = next((known[each] for each in above if each in known), None)
        if found:
            return str(found.pk), found.name
        return "", next((others[each] for each in above if each in others), "")

    return place


def total_row(rows: Iterable[Row]) -> Row:
    """All of it."""
    total = Row("", "")
    for row in rows:
        for name, cell in row.cells.items():
            total.cells[name].count += cell.count
            total.cells[name].amount += cell.amount
    return total


def years_at_desk(user: Asker) -> list[int]:
    """The years of the claims at the desk, the latest first. One query."""
    days = claims_at_desk(user).order_by().values_list("claimed_on__year", flat=True).distinct()
    return sorted({year for year in days if year}, reverse=True)


def payable_policies(user: Asker) -> QuerySet[SubsidyPolicy]:
    """The policies whose money this finance officer pays."""
    return SubsidyPolicy.objects.filter(scope_of(user).q("organisation", Role.FINANCE)).distinct()


def policies_at_desk(user: Asker) -> QuerySet[SubsidyPolicy]:
    """The policies of the authorities in this officer's tree that are published, or were."""
    mine = scope_of(user).q("organisation", *OFFICERS)
    return SubsidyPolicy.objects.filter(mine, versions__isnull=False).distinct()


def to_be_paid(policy: SubsidyPolicy) -> QuerySet[Claim]:
    """The claims of a policy that wait for payment, whoever has waited longest first."""
    rows = Claim.objects.filter(version__subsidy=policy, state=ClaimState.APPROVED)
    return rows.select_related("person", "employer", "version__subsidy").order_by("decided_at", "pk")


@dataclass(frozen=True)
class Candidate:
    """A claim that could go into a batch; `returned` is the line that the bank has returned, `unchanged` that its account
    was not put right since."""

    claim: Claim
    level: str
    returned: PaymentLine | None = None
    unchanged: bool = False


def candidates(policy: SubsidyPolicy, words: Callable[[Claim], str]) -> list[Candidate]:
    """What could be paid now, with what the bank said before. Two queries."""
    claims = list(to_be_paid(policy))
    failed: dict[int, PaymentLine] = {}
    rows = PaymentLine.objects.filter(claim__in=claims, state=LineState.FAILED).select_related("batch")
    for line in rows.order_by("attempt"):
        failed[line.claim_id] = line
    found = []
    for claim in claims:
        last = failed.get(claim.pk)
        same = bool(last and (last.account_sealed, last.bank) == (claim.account_sealed, claim.bank))
        found.append(Candidate(claim, words(claim), last, same))
    return found


def desk_batches(user: Asker) -> QuerySet[PaymentBatch]:
    """The batches that this officer reads, with how many lines are paid and returned."""
    rows = PaymentBatch.objects.visible_to(user).select_related("policy", "authority", "built_by__person")
    return rows.annotate(
        paid_count=Count("lines", filter=Q(lines__state=LineState.PAID)),
        failed_count=Count("lines", filter=Q(lines__state=LineState.FAILED)),
    )


def unbalanced(policies: Iterable[SubsidyPolicy]) -> list[tuple[SubsidyPolicy, Decimal, Decimal]]:
    """The policies of which the ledger and the paid lines differ, with what each says: there should be none. Two queries."""
    wanted = list(policies)
    ledger = sums_by_policy(
        PaymentEntry.objects.filter(kind=EntryKind.PAID, claim__version__subsidy__in=wanted),
        "claim__version__subsidy",
    )
    lines = sums_by_policy(
        PaymentLine.objects.filter(state=LineState.PAID, batch__policy__in=wanted), "batch__policy"
    )
    found = ((row, ledger.get(row.pk, Decimal(0)), lines.get(row.pk, Decimal(0))) for row in wanted)
    return [one for one in found if one[1] != one[2]]


def balance_of(policy: SubsidyPolicy) -> tuple[Decimal, Decimal]:
    """What the ledger says was paid by this product under a policy, and what its lines say: to be the same to the cent.
    Two queries."""
    ledger = PaymentEntry.objects.filter(kind=EntryKind.PAID, claim__version__subsidy=policy)
    lines = PaymentLine.objects.filter(state=LineState.PAID, batch__policy=policy)
    return _sum(ledger), _sum(lines)


def _sum(rows: QuerySet[Any]) -> Decimal:
    return (rows.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)).quantize(CENT)


def sums_by_policy(rows: QuerySet[Any], path: str) -> dict[int, Decimal]:
    """The amounts of these rows, by the policy found at `path`. One query."""
    found: dict[int, Decimal] = defaultdict(Decimal)
    for key, amount in rows.order_by().annotate(of=F(path)).values_list("of").annotate(sum=Sum("amount")):
        found[key] += (amount or Decimal(0)).quantize(CENT)
    return found
