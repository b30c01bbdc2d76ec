"""What the bank pays after it has said that it could not: the returned line is paid after all, and nothing is paid twice."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.people.models import User
from core.states import move
from credentials.claims.actions import ClaimRefused, record_payment, take_late_payment
from credentials.claims.models.ledger import PAYMENT, source_of
from credentials.hours.actions import lock_people
from credentials.payments.actions.asking import PaymentRefused, require, why_not_answer
from credentials.payments.actions.undoing import drop_line
from credentials.payments.models import PaymentBatch, PaymentLine
from credentials.payments.states import LINE_MOVES, BatchState, LineState


@transaction.atomic
def record_late_payment(*, line: PaymentLine, on: datetime.date, reference: str, actor: Asker) -> PaymentLine:
    """Enter that the bank has paid a line after all that it had returned; `reference` is its voucher. What was put into another
    batch since is taken out of it, as long as that is being built.

    Raises PaymentRefused for whoever enters no result of the line, without a voucher, for a day that cannot be, and where
    the claim is not there to be paid any more: another line pays it, or it has gone back to review. Side effects, in order:
    the rows of both batches and of the person are locked; perhaps the other line as of `drop_line`; the line moves; a line
    of the ledger, and the claimant is told; an audit entry.
    """
    row = _locked(line)
    user = require(actor, "settle_paymentline", row, why_not_answer(row, actor))
    if row.state != LineState.FAILED or row.batch.released_at is None:
        raise PaymentRefused(_("Only what the bank has returned can be paid late."))
    if not reference.strip():
        raise PaymentRefused(_("Name the voucher of the bank: it said something else before."))
    if not timezone.localtime(row.batch.released_at).date() <= on <= timezone.localdate():
        raise PaymentRefused(_("The bank has paid between the release and today: look at the day again."))
    _stop_other(row, user)
    _pay(row, on, user)
    record(
        action="credentials.record_late_payment",
        target=row.batch,
        actor=actor,
        organisation=row.batch.authority,
        before={"state": LineState.FAILED.value},
        after={"number": row.position, "state": row.state, "on": on.isoformat()},
        reason=reference.strip()[:120],
    )
    return row


def _locked(line: PaymentLine) -> PaymentLine:
    """The line as it is now. Batches are locked in their order and before the person, as wherever both are."""
    batches = PaymentLine.objects.filter(claim=line.claim_id).order_by().values("batch")
    list(PaymentBatch.objects.select_for_update(no_key=True).filter(pk__in=batches).order_by("pk"))
    lock_people(line.claim.person_id)
    return PaymentLine.objects.select_related("batch__authority", "claim").get(pk=line.pk)


def _stop_other(row: PaymentLine, user: User) -> None:
    """Take out what would pay the claim once more. Raises PaymentRefused, saying what to do, where it is too late for that."""
    if why := why_not_late(row):
        raise PaymentRefused(why)
    if other := _other(row):
        drop_line(line=other, actor=user)


def _other(row: PaymentLine) -> PaymentLine | None:
    """The line that pays the same claim, or would."""
    others = PaymentLine.objects.live().filter(claim=row.claim, turn=row.turn).exclude(pk=row.pk)
    return others.select_related("batch__authority", "claim").first()


def why_not_late(row: PaymentLine) -> str:
    """In words what keeps a returned line from being paid after all: another line that pays its claim and cannot just be taken
    out. Empty where nothing does. One query."""
    other = _other(row)
    if other is None:
        return ""
    where = {"serial": other.batch.serial, "number": other.position}
    if other.state == LineState.PAID:
        words = _(
            "Line %(number)d of batch %(serial)s has paid the claim since: one of the two payments is to be asked back. The books "
            "keep one of them, and nothing more is entered."
        )
        return str(words % where)
    if other.batch.state == BatchState.RELEASED:
        words = _(
            "Line %(number)d of batch %(serial)s pays the claim anew and is at the bank: have the bank stop it, enter that it was "
            "returned, and then enter this payment."
        )
        return str(words % where)
    if other.batch.state != BatchState.DRAFT:
        words = _(
            "Line %(number)d of batch %(serial)s would pay the claim anew: return that batch first, so that the line is taken out."
        )
        return str(words % where)
    return ""


def _pay(row: PaymentLine, on: datetime.date, user: User) -> None:
    try:
        take_late_payment(claim=row.claim, name=row.name, id_hash=row.id_hash, amount=row.amount)
        move(row, LineState.PAID, LINE_MOVES, paid_on=on, settled_by=user, settled_at=timezone.now())
        record_payment(claim=row.claim, on=on, source=source_of(PAYMENT, row.pk), actor=user)
    except ClaimRefused as refusal:
        raise PaymentRefused(str(refusal)) from refusal
