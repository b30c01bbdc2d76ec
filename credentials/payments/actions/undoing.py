"""What was put together is taken apart again, before anybody has released it: one line, or the whole batch."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record, record_all
from core.audit.models import AuditEntry
from core.states import move, move_all
from credentials.claims.actions import unlock_claim, unlock_claims
from credentials.payments.actions.asking import PaymentRefused, locked, require_finance
from credentials.payments.models import PaymentBatch, PaymentLine
from credentials.payments.states import LINE_MOVES, MOVES, UNRELEASED, BatchState, LineState


@transaction.atomic
def drop_line(*, line: PaymentLine, actor: Asker) -> None:
    """Take a line out of a batch that is being built: its claim waits for payment again.

    Raises PaymentRefused when the batch is locked. Side effects: the batch's row is locked; line and claim move; the sums;
    an audit entry.
    """
    require_finance(actor, line.batch)
    row = locked(line.batch)
    if row.state != BatchState.DRAFT:
        raise PaymentRefused(_("This batch is locked. Return it first, then take the line out."))
    record_all([_withdraw(line, row, actor)])
    PaymentBatch.objects.filter(pk=row.pk).update(count=F("count") - 1, total=F("total") - line.amount)
    record(
        action="credentials.drop_line",
        target=row,
        actor=actor,
        organisation=row.authority,
        before={"number": line.position, "amount": str(line.amount)},
    )


@transaction.atomic
def cancel_batch(*, batch: PaymentBatch, reason: str, actor: Asker) -> None:
    """Cancel a batch that nobody has released: its claims wait for payment again. The batch stays, with the reason.

    Raises PaymentRefused without a reason or after the release. Side effects: all lines and claims move at once, in the same
    statements for thousands as for one but the audit's, 500 entries in each; an audit entry of each claim and of the batch.
    """
    require_finance(actor, batch)
    if not reason.strip():
        raise PaymentRefused(_("Say why."))
    row = locked(batch)
    if row.state not in UNRELEASED:
        raise PaymentRefused(_("This batch was released, or ended already: it can no longer be cancelled."))
    _withdraw_all(row, actor)
    old = move(row, BatchState.CANCELLED, MOVES, reason=reason.strip()[:300])
    record(
        action="credentials.cancel_batch",
        target=row,
        actor=actor,
        organisation=row.authority,
        before={"state": old},
        reason=row.reason,
    )


def _withdraw_all(row: PaymentBatch, actor: Asker) -> None:
    """All lines that wait. The batch's row is locked, so that each of its waiting lines holds a locked claim; where that is not
    so nothing moves."""
    lines = row.lines.filter(state=LineState.WAITING)
    claims = list(lines.order_by("position").values_list("claim", flat=True))
    moved = move_all(lines, LineState.WAITING, LineState.WITHDRAWN, LINE_MOVES)
    entries = unlock_claims(claim_ids=claims, batch=row.serial, actor=actor)
    if not moved == len(entries) == len(claims):
        raise PaymentRefused(_("Somebody else has changed this batch. Look at it again."))
    record_all(entries)


def _withdraw(line: PaymentLine, row: PaymentBatch, actor: Asker) -> AuditEntry:
    move(line, LineState.WITHDRAWN, LINE_MOVES)
    return unlock_claim(claim=line.claim, batch=row.serial, actor=actor)
