"""What a claimant does after the bank has returned a payment."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.people.models import User
from credentials.claims.models import Claim
from credentials.claims.states import ClaimState
from credentials.payments.actions.building import PaymentRefused
from credentials.payments.models import PaymentLine
from credentials.payments.states import LineState


@transaction.atomic
def correct_account(*, claim: Claim, bank: str, account: str, actor: Asker) -> None:
    """Put the account right of a claim that the bank has returned and that waits for payment again. What the returned line
    says stays as it was.

    Raises PaymentRefused for anybody but the claimant, and when no payment was returned or another is on its way. Side
    effects: the claim's row is locked; bank and account; an audit entry without the number.
    """
    row = Claim.objects.select_for_update(no_key=True, of=("self",)).get(pk=claim.pk)
    if not isinstance(actor, User) or actor.pk not in (row.holder_id, row.entered_by_id):
        raise PaymentRefused(_("Only the claimant changes the account."))
    if row.state != ClaimState.APPROVED or not was_returned(row):
        raise PaymentRefused(_("No payment of this claim was returned, or another one is on its way."))
    if not bank.strip() or not account.strip():
        raise PaymentRefused(_("The bank with the full name of the branch and the account are needed."))
    row.bank, row.account_sealed = bank.strip()[:120], account.strip()
    row.save(update_fields=["bank", "account_sealed", "changed_at"])
    record(
        action="credentials.correct_account",
        target=row,
        actor=actor,
        organisation=row.employer,
        after={"bank": row.bank},
    )


def was_returned(claim: Claim) -> bool:
    """Whether the last attempt to pay it came back from the bank. One query."""
    last = (
        PaymentLine.objects.filter(claim=claim).exclude(state=LineState.WITHDRAWN).order_by("attempt").last()
    )
    return last is not None and last.state == LineState.FAILED
