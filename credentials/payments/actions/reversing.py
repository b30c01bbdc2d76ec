"""Reversals: somebody records that what was paid came back, a second person confirms it, and only then the ledger moves."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from core.access.predicates import by_rule
from core.access.scope import Asker
from core.attachments.models import Attachment
from core.audit.actions import record
from core.people.models import User
from core.states import IllegalMove, move
from credentials.claims.actions import ClaimRefused, take_payment_back
from credentials.claims.models.ledger import REVERSAL, source_of
from credentials.claims.states import ClaimState
from credentials.payments.actions.asking import APART, PaymentRefused, require, why_not_answer
from credentials.payments.models import PaymentLine, PaymentReversal
from credentials.payments.queries.apart import why_not_confirm
from credentials.payments.states import (
    REVERSAL_MOVES,
    LineState,
    ReversalCause,
    ReversalEnd,
    ReversalState,
)

WHY_NOT_CONFIRM: dict[str, Any] = APART | {
    "place": gettext_lazy("Only finance officers of the authority, or above it, confirm a reversal."),
    "recorded": gettext_lazy("You have recorded this reversal: a second person confirms it."),
    "bound": gettext_lazy("Your role was given by whoever recorded it: somebody else confirms it."),
    "built": gettext_lazy("You have built the batch that paid it: somebody else confirms it."),
    "gave": gettext_lazy("You gave whoever recorded it their account or role: somebody else confirms it."),
    "own": gettext_lazy("It is about your own money: somebody else confirms it."),
}


@dataclass(frozen=True)
class Back:
    """What an officer says about money that came back: why, when, by which voucher, and what becomes of the claim."""

    cause: ReversalCause
    end: ReversalEnd
    on: datetime.date
    reason: str
    reference: str = ""
    proof: Attachment | None = None


@transaction.atomic
def record_reversal(*, line: PaymentLine, back: Back, actor: Asker) -> PaymentReversal:
    """Record that what was paid by a line came back. Nothing moves until a second person confirms it.

    Raises PaymentRefused when the line is not paid, its reversal is recorded already, the day or the proof is missing, or for
    whoever has a part in its claim (why_not_answer). Side effects: the row, an audit entry.
    """
    row = PaymentLine.objects.select_related("batch__authority", "claim").get(pk=line.pk)
    user = require(actor, "record_reversal", row, why_not_answer(row, actor))
    if row.state != LineState.PAID or row.paid_on is None or row.claim.state != ClaimState.PAID:
        raise PaymentRefused(_("Only what was paid can be taken back."))
    if not row.paid_on <= back.on <= timezone.localdate():
        raise PaymentRefused(_("The money came back between the payment and today: look at the day again."))
    if not back.reason.strip() or not (back.reference.strip() or back.proof):
        raise PaymentRefused(_("Say why, and name the voucher of the bank or add the proof."))
    reversal = _keep(row, back, user)
    record(
        action="credentials.record_reversal",
        target=row.batch,
        actor=actor,
        organisation=row.batch.authority,
        after={"number": row.position, "amount": str(row.amount), "end": str(back.end)},
        reason=reversal.reason,
    )
    return reversal


def _keep(row: PaymentLine, back: Back, user: User) -> PaymentReversal:
    try:
        with transaction.atomic():
            return PaymentReversal.objects.create(
                line=row,
                claim=row.claim,
                holder_id=row.holder_id,
                authority=row.batch.authority,
                amount=row.amount,
                cause=back.cause,
                end=back.end,
                on=back.on,
                reason=back.reason.strip()[:300],
                reference=back.reference.strip()[:120],
                proof=back.proof,
                recorded_by=user,
            )
    except IntegrityError:
        raise PaymentRefused(_("The reversal of this line is recorded already."))


def _require_second(actor: Asker, row: PaymentReversal) -> None:
    """Raises PaymentRefused, saying why, for whoever does not decide about this reversal by the rule."""
    if not by_rule(actor, "credentials.confirm_paymentreversal", row):
        raise PaymentRefused(str(WHY_NOT_CONFIRM.get(why_not_confirm(row, actor), WHY_NOT_CONFIRM["place"])))


@transaction.atomic
def confirm_reversal(*, reversal: PaymentReversal, actor: Asker) -> None:
    """Confirm as the second person that the money came back: now the ledger says so, and the claim is paid anew or ends.

    Raises PaymentRefused for whoever may not, when it was decided already, or the claim cannot be paid again. Side effects,
    in order: the reversal's state moves; as of `take_payment_back`; an audit entry.
    """
    row = _to_decide(reversal)
    _require_second(actor, row)
    _decide(row, ReversalState.CONFIRMED, actor)
    try:
        take_payment_back(
            claim=row.claim,
            amount=row.amount,
            on=row.on,
            source=source_of(REVERSAL, row.line_id),
            reason=row.reason,
            words=_words(row),
            again=row.end == ReversalEnd.AGAIN,
            proof=row.proof,
            actor=actor,
        )
    except ClaimRefused as refusal:
        raise PaymentRefused(str(refusal)) from refusal
    _record(row, action="credentials.confirm_reversal", actor=actor)


@transaction.atomic
def refuse_reversal(*, reversal: PaymentReversal, answer: str, actor: Asker) -> None:
    """Refuse a reversal: nothing came back, or it was recorded wrongly. Another one can be recorded.

    Raises PaymentRefused without an answer, for whoever may not, or when it was decided already. Side effects: the state
    moves, an audit entry.
    """
    row = _to_decide(reversal)
    _require_second(actor, row)
    if not answer.strip():
        raise PaymentRefused(_("Say why."))
    _decide(row, ReversalState.REFUSED, actor, answer=answer.strip()[:300])
    _record(row, action="credentials.refuse_reversal", actor=actor, reason=row.answer)


def _to_decide(reversal: PaymentReversal) -> PaymentReversal:
    rows = PaymentReversal.objects.select_related("line__batch", "claim", "authority", "recorded_by__person")
    return rows.get(pk=reversal.pk)


def _decide(row: PaymentReversal, new: ReversalState, actor: Asker, **more: Any) -> None:
    try:
        move(row, new, REVERSAL_MOVES, decided_by=actor, decided_at=timezone.now(), **more)
    except IllegalMove:
        raise PaymentRefused(_("This reversal was decided already."))


def _words(row: PaymentReversal) -> str:
    """What the ledger says beside the line, in Chinese as the ledger is."""
    with override("zh-hans"):
        place = _("%(serial)s line %(number)d") % {
            "serial": row.line.batch.serial,
            "number": row.line.position,
        }
        return "，".join(one for one in (place, row.reason, row.reference) if one)


def _record(row: PaymentReversal, *, action: str, actor: Asker, reason: str = "") -> None:
    record(
        action=action,
        target=row.line.batch,
        actor=actor,
        organisation=row.authority,
        after={"number": row.line.position, "amount": str(row.amount), "state": row.state},
        reason=reason,
    )
