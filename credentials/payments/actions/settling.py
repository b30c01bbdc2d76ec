"""What the bank says of the lines of a released batch: paid, or returned with a reason; and the end of the batch."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record, record_all
from core.audit.models import AuditEntry
from core.people.models import User
from core.states import IllegalMove, move
from credentials.claims.actions import ClaimRefused, record_payment, unlock_claim
from credentials.claims.models.ledger import PAYMENT, source_of
from credentials.payments.actions.asking import (
    PaymentRefused,
    locked,
    require,
    require_all,
    require_finance,
    why_not_answer,
)
from credentials.payments.models import PaymentBatch, PaymentLine
from credentials.payments.policy import Result, without_numbers
from credentials.payments.states import LINE_MOVES, MOVES, BatchState, LineState


@transaction.atomic
def import_results(
    *, batch: PaymentBatch, results: Sequence[Result], on: datetime.date, actor: Asker
) -> PaymentBatch:
    """Enter what the bank's table says, all of it or nothing. `on` is the day on which the bank has paid.

    Raises PaymentRefused when a result stands twice in it or was entered before. Side effects, in order: the batch's row
    is locked; for each line as of `record_result`; an audit entry for the table.
    """
    user = require_finance(actor, batch)
    row = _at_the_bank(batch, on)
    lines = _lines_of(row, results)
    require_all(user, list(lines.values()))
    record_all(entry for result in results for entry in _settle(lines[result.line], result, on, user))
    paid = sum(result.paid for result in results)
    record(
        action="credentials.import_results",
        target=row,
        actor=actor,
        organisation=row.authority,
        after={"paid": paid, "failed": len(results) - paid, "on": on.isoformat()},
    )
    return row


def _lines_of(batch: PaymentBatch, results: Sequence[Result]) -> dict[int, PaymentLine]:
    """The lines that a table is about. Raises PaymentRefused where it is about none, about one twice, or about another batch's."""
    if not results:
        raise PaymentRefused(_("The table says nothing about any line."))
    keys = {result.line for result in results}
    if len(keys) < len(results):
        raise PaymentRefused(_("The table says two things about one line."))
    rows = batch.lines.filter(pk__in=keys).select_related("claim", "batch__authority")
    lines = {line.pk: line for line in rows}
    if keys - lines.keys():
        raise PaymentRefused(_("The table is about another batch."))
    return lines


@transaction.atomic
def record_result(
    *, line: PaymentLine, paid: bool, on: datetime.date, actor: Asker, reason: str = ""
) -> None:
    """Enter by hand what became of one line.

    Raises PaymentRefused when a result was entered before, when a failure has no reason, and for whoever has a part in its
    claim (why_not_enter). Side effects, in order: the batch's row is locked; the line moves; paid: a line of the ledger, and the
    claimant is told; failed: the claim waits for payment again, and the claimant is told why; an audit entry.
    """
    user = require_finance(actor, line.batch)
    row = _at_the_bank(line.batch, on)
    fresh = row.lines.select_related("claim", "batch__authority").get(pk=line.pk)
    require(user, "settle_paymentline", fresh, why_not_answer(fresh, user))
    record_all(_settle(fresh, Result(line.pk, paid, reason.strip()[:300]), on, user))
    record(
        action="credentials.record_result",
        target=row,
        actor=actor,
        organisation=row.authority,
        after={"number": fresh.position, "state": fresh.state, "on": on.isoformat()},
        reason=fresh.reason,
    )


def _at_the_bank(batch: PaymentBatch, on: datetime.date) -> PaymentBatch:
    row = locked(batch)
    if row.state != BatchState.RELEASED or row.released_at is None:
        raise PaymentRefused(_("This batch is not at the bank."))
    if not timezone.localtime(row.released_at).date() <= on <= timezone.localdate():
        raise PaymentRefused(_("The bank has paid between the release and today: look at the day again."))
    return row


def _settle(line: PaymentLine, result: Result, on: datetime.date, actor: User) -> list[AuditEntry]:
    """What became of one line, by whoever may say so; the audit entries of its claim that are still to be added."""
    if line.state != LineState.WAITING:
        raise PaymentRefused(_("Line %(number)d: a result was entered before.") % {"number": line.position})
    if not result.paid and not result.reason:
        raise PaymentRefused(_("Line %(number)d: say why the bank did not pay.") % {"number": line.position})
    if line.claim.amount != line.amount:  # the claim is locked: nothing of ours can have changed it
        raise PaymentRefused(_("Line %(number)d: the claim has another amount.") % {"number": line.position})
    kept: dict[str, Any] = {"settled_by": actor, "settled_at": timezone.now()}
    try:
        if result.paid:
            move(line, LineState.PAID, LINE_MOVES, paid_on=on, **kept)
            record_payment(claim=line.claim, on=on, source=source_of(PAYMENT, line.pk), actor=actor)
            return []
        reason = without_numbers(result.reason)
        move(line, LineState.FAILED, LINE_MOVES, reason=reason, **kept)
        return [unlock_claim(claim=line.claim, batch=line.batch.serial, reason=reason, actor=actor)]
    except IllegalMove:
        raise PaymentRefused(_("Line %(number)d: a result was entered before.") % {"number": line.position})
    except ClaimRefused as refusal:
        raise PaymentRefused(str(refusal)) from refusal


@transaction.atomic
def close_batch(*, batch: PaymentBatch, actor: Asker) -> PaymentBatch:
    """End a batch of which every line is paid or returned. From now on nothing of it changes at all.

    Raises PaymentRefused while a line is open. Side effects: the state moves; an audit entry.
    """
    require_finance(actor, batch)
    row = locked(batch)
    if row.state != BatchState.RELEASED:
        raise PaymentRefused(_("This batch is not at the bank."))
    waiting = row.lines.filter(state=LineState.WAITING).count()
    if waiting:
        raise PaymentRefused(_("Of %(n)d lines nobody knows yet what became of them.") % {"n": waiting})
    move(row, BatchState.CLOSED, MOVES, closed_at=timezone.now())
    record(action="credentials.close_batch", target=row, actor=actor, organisation=row.authority)
    return row
