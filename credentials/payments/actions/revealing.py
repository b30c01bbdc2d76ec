"""Taking out the papers that show ID numbers and accounts."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from credentials.payments.actions.asking import require
from credentials.payments.models import PaymentBatch


@transaction.atomic
def take_out_batch(*, batch: PaymentBatch, paper: str, actor: Asker) -> None:
    """Write down that somebody takes out a paper of a batch, before it is shown. Raises PaymentRefused for whoever is no
    finance officer or administrator of the authority. Side effect: an audit entry."""
    why = _("Only finance officers and administrators of the authority take this out.")
    require(actor, "take_out_paymentbatch", batch, why)
    record(
        action="credentials.take_out_batch",
        target=batch,
        actor=actor,
        organisation=batch.authority,
        after={"paper": paper, "number": batch.count},
    )
