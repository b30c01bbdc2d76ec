"""What waits for payment, and what the bank said of it before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum

from credentials.claims.models import Claim
from credentials.claims.states import ClaimState
from credentials.payments.models import PaymentLine, PaymentReversal
from credentials.payments.policy import CENT
from credentials.payments.queries.desk import returned_lines
from credentials.policies.models import SubsidyPolicy


def to_be_paid(policy: SubsidyPolicy) -> QuerySet[Claim]:
    """The claims of a policy that wait for payment, whoever has waited longest first."""
    rows = Claim.objects.filter(version__subsidy=policy, state=ClaimState.APPROVED, in_kind=False)
    return rows.select_related("person", "employer", "version__subsidy").order_by("decided_at", "pk")


def sums_to_be_paid(policies: Iterable[SubsidyPolicy]) -> dict[int, tuple[int, Decimal]]:
    """How many claims of each of these policies wait for payment, and what they come to. One query."""
    rows = Claim.objects.filter(version__subsidy__in=list(policies), state=ClaimState.APPROVED, in_kind=False)
    found = rows.order_by().values_list("version__subsidy").annotate(number=Count("pk"), sum=Sum("amount"))
    return {policy: (number, (amount or Decimal(0)).quantize(CENT)) for policy, number, amount in found}


@dataclass(frozen=True)
class Candidate:
    """A claim that could go into a batch; `returned` is the line whose money came back, `why` what was said of it, and
    `unchanged` that its account was not put right since."""

    claim: Claim
    level: str
    returned: PaymentLine | None = None
    why: str = ""
    unchanged: bool = False
    barred: str = ""  # the key of why whoever looks puts it into no batch


def candidates(
    claims: Sequence[Claim], words: Callable[[Claim], str], barred: Mapping[int, str]
) -> list[Candidate]:
    """What could be paid now of these claims, with what the bank said before; `barred` as `why_not_build` says it. One
    query."""
    returned = last_returned(claims)
    found = []
    for claim in claims:
        last = returned.get(claim.pk)
        why = (last.reason or getattr(last, "said_back", None) or "") if last else ""
        found.append(
            Candidate(claim, words(claim), last, why, is_unchanged(claim, last), barred.get(claim.pk, ""))
        )
    return found


def last_returned(claims: Iterable[Claim]) -> dict[int, PaymentLine]:
    """Of each claim the last line whose money came back, before it was paid or after; then `said_back` is the reason of the
    reversal. One query."""
    reversals = PaymentReversal.objects.confirmed().filter(line=OuterRef("pk")).order_by()
    rows = returned_lines().filter(claim__in=list(claims)).select_related("batch").order_by("attempt")
    return {line.claim_id: line for line in rows.annotate(said_back=Subquery(reversals.values("reason")[:1]))}


def is_unchanged(claim: Claim, last: PaymentLine | None) -> bool:
    """Whether it would be sent again to the account from which it came back."""
    return bool(last and (last.account_sealed, last.bank) == (claim.account_sealed, claim.bank))
