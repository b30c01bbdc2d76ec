"""What is due, in notice, in a batch, paid and returned: the numbers of the finance desk, and the claims behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import (
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    prefetch_related_objects,
)
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.organisations.models import Organisation, Tier
from core.templatetags.times import day
from credentials.claims.models import OFFICERS, Claim
from credentials.claims.states import ClaimState
from credentials.payments.models import PaymentBatch, PaymentLine
from credentials.payments.policy import CENT
from credentials.payments.states import LineState, ReversalState
from credentials.policies.models import SubsidyPolicy
from credentials.policies.queries.words import said

# Where a claim stands on its way to the money, in the order of the way; then what is given in kind.
MONEY_GROUPS: dict[str, Any] = {
    "notice": pgettext_lazy("payments", "To be posted or in public notice"),
    "due": pgettext_lazy("payments", "To be paid"),
    "returned": pgettext_lazy("payments", "Returned by the bank"),
    "locked": pgettext_lazy("payments", "In a batch"),
    "paid": pgettext_lazy("payments", "Paid"),
}
KIND_GROUPS: dict[str, Any] = {
    "give": pgettext_lazy("payments", "To be handed over in kind"),
    "given": pgettext_lazy("payments", "Handed over in kind"),
}
GROUPS: dict[str, Any] = MONEY_GROUPS | KIND_GROUPS
STATES = {
    "notice": (ClaimState.CLEARED, ClaimState.NOTICE),
    "due": (ClaimState.APPROVED,),
    "returned": (ClaimState.APPROVED,),
    "locked": (ClaimState.LOCKED,),
    "paid": (ClaimState.PAID,),
    "give": (ClaimState.APPROVED,),
    "given": (ClaimState.GIVEN,),
}


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

    def listed(self, groups: dict[str, Any]) -> list[tuple[str, Any, Cell]]:
        """The cells of these groups, with the name and the label of each."""
        return [(name, label, self.cells[name]) for name, label in groups.items()]


@dataclass(frozen=True)
class Heap:
    """Claims that stand at the same place, of one policy, employer and year."""

    group: str
    policy: int
    policy_name: str
    path: str  # of the employer; empty where there is none
    year: int | None
    count: int
    amount: Decimal


def returned_lines() -> QuerySet[PaymentLine]:
    """The lines whose money came back: before they were paid, or after."""
    return PaymentLine.objects.filter(Q(state=LineState.FAILED) | Q(reversals__state=ReversalState.CONFIRMED))


def is_returned() -> Exists:
    """Whether the bank has returned the money of a claim."""
    return Exists(returned_lines().filter(claim=OuterRef("pk")))


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
        return rows.filter(is_returned())
    if group in ("due", "give"):
        return rows.filter(in_kind=group == "give").exclude(is_returned())
    return rows


def in_no_district(rows: QuerySet[Claim]) -> QuerySet[Claim]:
    """Those whose employer stands in no district: an authority of a city, or nobody."""
    path = ExpressionWrapper(OuterRef("employer__path"), output_field=CharField())
    above = Organisation.objects.annotate(of=path).filter(tier=Tier.COUNTY, of__startswith=F("path"))
    return rows.exclude(Exists(above))


def heaps_at_desk(user: Asker) -> list[Heap]:
    """All that is counted at the desk of this officer. One query."""
    found = (
        claims_at_desk(user)
        .annotate(returned=is_returned(), of=ExtractYear("claimed_on", output_field=IntegerField()))
        .order_by()
        .values_list(
            *("state", "returned", "in_kind", "version__subsidy", "version__subsidy__name"),
            *("employer__path", "of"),
        )
        .annotate(number=Count("pk"), sum=Sum("amount"))
    )
    return [
        Heap(
            _group(state, returned, in_kind),
            *(policy, name, path or "", year, number),
            (amount or Decimal(0)).quantize(CENT),
        )
        for state, returned, in_kind, policy, name, path, year, number, amount in found
    ]


def _group(state: str, returned: bool, in_kind: bool) -> str:
    if state == ClaimState.APPROVED:
        return "give" if in_kind else "returned" if returned else "due"
    return next(name for name, states in STATES.items() if state in states)


def desk_rows(
    user: Asker,
    by: str,
    *,
    policy: int | None = None,
    year: int | None = None,
    heaps: Sequence[Heap] | None = None,
) -> list[Row]:
    """The numbers by "policy", "district" or "year" (that of the claim), the largest first. One query where the heaps are not
    given; two more for districts."""
    place: Callable[[Heap], tuple[str, str]] = {
        "policy": lambda: lambda one: (str(one.policy), one.policy_name),
        "district": _districts,
        "year": lambda: lambda one: (str(one.year or ""), str(one.year or "")),
    }[by]()
    rows: dict[str, Row] = {}
    for one in heaps_at_desk(user) if heaps is None else heaps:
        if (policy and one.policy != policy) or (year and one.year != year):
            continue
        key, label = place(one)
        cell = rows.setdefault(key, Row(key, label)).cells[one.group]
        cell.count += one.count
        cell.amount += one.amount
    if by == "year":
        return sorted(rows.values(), key=lambda row: row.key, reverse=True)
    return sorted(rows.values(), key=lambda row: (-sum(cell.amount for cell in row.cells.values()), row.key))


def _districts() -> Callable[[Heap], tuple[str, str]]:
    """Finds the district above an employer; an employer above all districts is its own place."""
    known = {row.path: row for row in Organisation.objects.filter(tier=Tier.COUNTY)}
    others = dict(
        Organisation.objects.filter(tier__in=(Tier.CITY, Tier.PROVINCE)).values_list("path", "name")
    )

    def place(one: Heap) -> tuple[str, str]:
        above = [one.path[:length] for length in range(len(one.path), 0, -4)]
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


def shown_groups(total: Row) -> dict[str, Any]:
    """The columns of the desk: those of money, and of what is given in kind where there is any."""
    return {name: label for name, label in GROUPS.items() if name in MONEY_GROUPS or total.cells[name].count}


def payable_policies(user: Asker) -> QuerySet[SubsidyPolicy]:
    """The policies whose money this finance officer pays."""
    return SubsidyPolicy.objects.filter(scope_of(user).q("organisation", Role.FINANCE)).distinct()


def twin_words(policies: Sequence[SubsidyPolicy]) -> dict[int, str]:
    """Of those of these policies that share their name what tells one from another: the authority, the first day and the text
    that they are from; and the code where even these are the same. Up to one query."""
    names = Counter(policy.name for policy in policies)
    twins = [policy for policy in policies if names[policy.name] > 1]
    prefetch_related_objects(twins, "versions", "organisation")
    words = {policy.pk: _told_apart(policy) for policy in twins}
    alike = Counter(words.values())
    return {
        policy.pk: f"{words[policy.pk]} · {policy.code}" if alike[words[policy.pk]] > 1 else words[policy.pk]
        for policy in twins
    }


def _told_apart(policy: SubsidyPolicy) -> str:
    shown = policy.shown()
    since = _("in force from %(day)s") % {"day": day(shown.starts_on)}
    return " · ".join((policy.organisation.name, since, said(shown.document)))


def policies_at_desk(user: Asker) -> QuerySet[SubsidyPolicy]:
    """The policies of the authorities in this officer's tree that are published, or were."""
    mine = scope_of(user).q("organisation", *OFFICERS)
    return SubsidyPolicy.objects.filter(mine, versions__isnull=False).distinct()


def desk_batches(user: Asker) -> QuerySet[PaymentBatch]:
    """The batches that this officer reads, with how many lines are paid and returned."""
    rows = PaymentBatch.objects.visible_to(user).select_related("policy", "authority", "built_by__person")
    return rows.annotate(
        paid_count=Count("lines", filter=Q(lines__state=LineState.PAID)),
        failed_count=Count("lines", filter=Q(lines__state=LineState.FAILED)),
    )
