"""What would be paid twice: to one person in two accounts, for one certificate, or into one bank account."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from credentials.claims.models import Claim
from credentials.payments.models import PaymentBatch, PaymentLine
from credentials.payments.states import LineState, ReversalState


def why_paid_already(claim: Claim, number: str) -> str:
    """Why a claim would pay a second time what another account was paid for the same certificate, `number`; empty when it would
    not. What the ledger shows for another account of the person, the decision has taken off. One query."""
    if not number:
        return ""
    same = {f"claim__{name}": getattr(claim, name) for name in ("family", "benefit", "key")}
    live = (
        PaymentLine.objects.live()
        .filter(certificate_number=number, **same)
        .exclude(claim__person=claim.person_id)
    )
    line = live.exclude(reversals__state=ReversalState.CONFIRMED).select_related("claim").first()
    if line is None:
        return ""
    return _("Certificate %(number)s was paid for to another account already: claim %(serial)s.") % {
        "number": number,
        "serial": line.claim.serial,
    }


@dataclass(frozen=True)
class Shared:
    """An account into which several people of a batch are paid: its last digits, and their lines in words."""

    account: str
    lines: tuple[str, ...]


def shared_accounts(batch: PaymentBatch) -> list[Shared]:
    """The accounts into which more than one person is paid by this batch: a couple may share one, or one person may have
    filled it in for others. One query; only these lines are unsealed."""
    lines = batch.lines.exclude(state=LineState.WITHDRAWN).exclude(account_hash="")
    several = lines.order_by().values("account_hash").annotate(people=Count("claim__person", distinct=True))
    shared: dict[str, list[PaymentLine]] = defaultdict(list)
    for line in lines.filter(account_hash__in=several.filter(people__gt=1).values("account_hash")).order_by(
        "position"
    ):
        shared[line.account_hash].append(line)
    return [
        Shared(found[0].account_masked, tuple(f"{line.position} {line.name}" for line in found))
        for found in shared.values()
    ]
