"""Locking a batch, and its release by a second person who has seen the control total."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access.predicates import by_rule
from core.access.scope import Asker
from core.audit.actions import record
from core.pdf.faces import MissingGlyph
from core.people.models import User
from core.sheets.words import list_words
from core.states import move
from credentials.claims.states import ClaimState
from credentials.payments.actions.asking import APART, PaymentRefused, locked, require, require_finance
from credentials.payments.files import store_roster
from credentials.payments.models import PaymentBatch, PaymentLine
from credentials.payments.policy import capitals, control_total
from credentials.payments.queries.apart import lines_with_a_part_of, why_not_release
from credentials.payments.states import MOVES, BatchState, LineState

WHY_NOT: dict[str, Any] = APART | {
    "place": gettext_lazy("Only finance officers and administrators of the authority release a batch."),
    "built": gettext_lazy("Whoever built a batch does not release it: a second person does."),
    "bound": gettext_lazy("Your role was given by whoever built the batch: somebody else releases it."),
    "gave": gettext_lazy(
        "You gave whoever built the batch their account or role: somebody else releases it."
    ),
    "own": gettext_lazy("You are paid by this batch yourself: somebody else releases it."),
    "decided": gettext_lazy("You have decided about a claim of this batch: somebody else releases it."),
    "entered": gettext_lazy("You have entered a claim of this batch: somebody else releases it."),
}


class WrongTotal(PaymentRefused):
    """The second person has typed another sum than the control total."""


@transaction.atomic
def lock_batch(*, batch: PaymentBatch, actor: Asker) -> PaymentBatch:
    """Close the list: its lines are numbered through and its control total is reckoned. From now on nothing of it changes.

    By whoever has built it. Raises PaymentRefused for everybody else, when it is empty, has a claim in which they had a part
    (a line of before this was asked), or is locked already. Side effects: rows;
    the state moves; an audit entry.
    """
    require_finance(actor, batch)
    row = locked(batch)
    require(actor, "lock_paymentbatch", row, _("Whoever has built a batch locks it."))
    if row.state != BatchState.DRAFT:
        raise PaymentRefused(_("This batch is locked already."))
    lines = list(_lines(row))
    if not lines:
        raise PaymentRefused(_("There is nobody to be paid in this batch."))
    if own := lines_with_a_part_of(row, actor):
        raise PaymentRefused(own_words(own))
    for number, line in enumerate(lines, start=1):
        if line.position != number:
            PaymentLine.objects.filter(pk=line.pk).update(position=number)
    total = control_total(line.amount for line in lines)
    now = timezone.now()
    move(row, BatchState.LOCKED, MOVES, locked_at=now, count=len(lines), total=total, reason="")
    record(
        action="credentials.lock_batch",
        target=row,
        actor=actor,
        organisation=row.authority,
        after={"amount": str(total), "number": len(lines)},
    )
    return row


def own_words(lines: list[PaymentLine]) -> str:
    """That whoever has built a batch takes these lines out before it is locked."""
    words = _(
        "You had a part in %(claims)s, or your role was given by somebody who claims or has entered them: take them out, so "
        "that somebody else puts them into a batch."
    )
    return words % {"claims": list_words(line.claim.serial for line in lines)}


@transaction.atomic
def return_batch(*, batch: PaymentBatch, reason: str, actor: Asker) -> None:
    """Give a locked batch back to be built, with what is wrong. By whoever built it, or who could release it.

    Raises PaymentRefused. Side effects: the state moves; an audit entry.
    """
    row = locked(batch)
    require(actor, "return_paymentbatch", row, WHY_NOT["place"])
    if row.state != BatchState.LOCKED:
        raise PaymentRefused(_("Only a locked batch can be returned."))
    if not reason.strip():
        raise PaymentRefused(_("Say why."))
    move(row, BatchState.DRAFT, MOVES, locked_at=None, reason=reason.strip()[:300])
    record(
        action="credentials.return_batch",
        target=row,
        actor=actor,
        organisation=row.authority,
        reason=row.reason,
    )


def require_releaser(actor: Asker, batch: PaymentBatch) -> User:
    """Raises PaymentRefused, saying why, for whoever does not release this batch by the rule."""
    if not isinstance(actor, User) or not by_rule(actor, "credentials.release_paymentbatch", batch):
        raise PaymentRefused(str(WHY_NOT.get(why_not_release(batch, actor), WHY_NOT["place"])))
    return actor


@transaction.atomic
def release_batch(*, batch: PaymentBatch, total: Decimal, actor: Asker) -> PaymentBatch:
    """Release a locked batch to the bank; `total` is the control total that the second person has seen.

    Raises PaymentRefused for whoever may not, when the sum of the lines is not the total that was locked, and when a line is not
    what its claim says; WrongTotal, which does not say the right one, when it is not what was typed.
    Side effects, in order: the batch's row is locked; every line says who released it; what the papers print is frozen,
    and the roster stored; the state moves; an audit entry.
    """
    row = locked(batch)
    if row.state != BatchState.LOCKED:
        raise PaymentRefused(_("This batch is not locked, or was released already."))
    user = require_releaser(actor, row)
    lines = list(_lines(row))
    _require_total(row, lines, total)
    row.lines.filter(state=LineState.WAITING).update(released_by=user)
    papers = _draw_papers(row, lines, user)
    move(row, BatchState.RELEASED, MOVES, released_by=user, released_at=timezone.now(), **papers)
    record(
        action="credentials.release_batch",
        target=row,
        actor=actor,
        organisation=row.authority,
        after={"amount": str(row.total), "number": row.count},
    )
    return row


def _require_total(row: PaymentBatch, lines: list[PaymentLine], total: Decimal) -> None:
    """Raises PaymentRefused where the lines are not what was locked or approved, and WrongTotal where `total`, as it was typed,
    is not their sum."""
    if control_total(line.amount for line in lines) != row.total or len(lines) != row.count:
        raise PaymentRefused(_("The sum of the lines is not the control total. Nothing was released."))
    _require_same(lines)
    if total != row.total:
        raise WrongTotal(_("This is not the control total. Add the lines up again: each try is recorded."))


def _draw_papers(row: PaymentBatch, lines: list[PaymentLine], user: User) -> dict[str, Any]:
    """What the papers print and the roster's file, as the fields of the batch that keep them. Raises PaymentRefused for a name
    that cannot be printed. Side effect: the file is stored."""
    row.facts = _printed_facts(row, lines, user)
    try:
        digest, name = store_roster(row, lines)
    except MissingGlyph as missing:
        raise PaymentRefused(_("A name cannot be printed: %(why)s") % {"why": missing}) from missing
    return {"facts": row.facts, "roster_sha256": digest, "roster_file": name}


def _require_same(lines: list[PaymentLine]) -> None:
    """Raises PaymentRefused when a line is not what was approved any more: no verb changes either, so that somebody else did."""
    for line in lines:
        claim = line.claim
        told = (line.name, line.amount, line.bank, line.account_sealed)
        approved = (claim.name, claim.amount, claim.bank, claim.account_sealed)
        if claim.state != ClaimState.LOCKED or told != approved:
            raise PaymentRefused(
                _("Line %(number)d: the claim has another name, amount or account. Nothing was released.")
                % {"number": line.position}
            )


@transaction.atomic
def miss_control_total(*, batch: PaymentBatch, total: Decimal, actor: Asker) -> None:
    """Write down that somebody has typed another sum than the control total; nothing was released. Apart from the release,
    whose transaction is taken back with it. Side effect: an audit entry."""
    record(
        action="credentials.miss_control_total",
        target=batch,
        actor=actor,
        organisation=batch.authority,
        after={"amount": str(total)},
    )


def _lines(batch: PaymentBatch) -> Any:
    return batch.lines.filter(state=LineState.WAITING).select_related("claim").order_by("position")


def _printed_facts(batch: PaymentBatch, lines: list[PaymentLine], actor: User) -> dict[str, Any]:
    return {
        "made_by": batch.built_by.get_full_name(),
        "checked_by": actor.get_full_name(),
        "authority": batch.authority.name,
        "policy": batch.policy.name,
        "capitals": capitals(batch.total),
        "dated": timezone.localdate().isoformat(),
        "watermark": "样例" if any(line.is_sample for line in lines) else None,
    }
