"""Taking a payment back: the ledger gets a line with the opposite sign, and the claim is paid anew or ends."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.attachments.models import Attachment
from core.audit.actions import record
from core.notices.actions import notify
from core.people.models import User
from core.states import IllegalMove, move
from credentials.claims.actions.drafting import ClaimRefused
from credentials.claims.models import Claim, PaymentEntry
from credentials.claims.queries.identity import claims_against
from credentials.claims.states import MOVES, ClaimState, EntryKind
from credentials.hours.actions import lock_people


@transaction.atomic
def take_payment_back(
    *,
    claim: Claim,
    amount: Decimal,
    on: datetime.date,
    source: str,
    reason: str,
    words: str,
    again: bool,
    proof: Attachment | None,
    actor: Asker,
) -> PaymentEntry:
    """Enter that what was paid for a claim came back on a day. `again`: it waits for payment anew, and its claimant names
    another account or confirms the one of before; otherwise it ends, and what it was for may be claimed again.

    The database takes the line only of a reversal that two people stand for. Raises ClaimRefused when it is not paid, was
    taken back already, or, to be paid again, another claim of the kind is open. Side effects, in order: the person's row
    is locked; the line; the state moves; an audit entry; the claimant is told.
    """
    assert isinstance(actor, User)
    lock_people(claim.person_id)
    row = Claim.objects.select_related("version__subsidy", "holder", "person", "authority").get(pk=claim.pk)
    new = ClaimState.APPROVED if again else ClaimState.REVERSED
    try:
        with transaction.atomic():
            move(row, new, MOVES, reason=reason[:1000], decided_at=timezone.now())
    except IllegalMove:
        raise ClaimRefused(_("Claim %(serial)s is not paid.") % {"serial": row.serial})
    except IntegrityError:
        if other := claims_against(row).first():
            raise ClaimRefused(_in_the_way(other)) from None
        raise
    try:
        with transaction.atomic():
            entry = _enter(row, amount, on, source, words, proof, actor)
    except IntegrityError:
        if not PaymentEntry.objects.filter(source=source).exists():
            raise
        raise ClaimRefused(_("This payment was taken back already."))
    record(
        action="credentials.take_payment_back",
        target=row,
        actor=actor,
        organisation=row.employer,
        after={"amount": str(entry.amount), "on": on.isoformat(), "state": str(new)},
        reason=reason,
    )
    _tell(row, again, source)
    return entry


def _in_the_way(other: Claim) -> str:
    """Which claim keeps this one from being paid again, and what to do about it."""
    words = _(
        "Claim %(serial)s of the same person is in the way (%(state)s): this one cannot wait for payment beside it. Confirm once "
        "that one is decided or withdrawn; or refuse this reversal and record another, with which the claim ends."
    )
    return words % {"serial": other.serial, "state": other.get_state_display()}


def _enter(
    row: Claim,
    amount: Decimal,
    on: datetime.date,
    source: str,
    words: str,
    proof: Attachment | None,
    actor: User,
) -> PaymentEntry:
    return PaymentEntry.objects.create(
        person=row.person,
        id_hash=row.id_hash,
        holder_id=row.holder_id,
        authority=row.authority,
        claim=row,
        kind=EntryKind.REVERSED,
        policy=row.version.subsidy.code,
        benefit=row.benefit,
        key=row.key,
        amount=-amount,
        on=on,
        source=source,
        words=words[:300],
        proof=proof,
        entered_by=actor,
    )


def _tell(row: Claim, again: bool, source: str) -> None:
    body = (
        gettext_noop("%(serial)s: %(reason)s Check your account, please: it is paid again.")
        if again
        else gettext_noop("%(serial)s: %(reason)s The claim has ended.")
    )
    notify(
        user=row.holder,
        kind="claim",
        title=gettext_noop("The payment of your subsidy was taken back"),
        body=body,
        url=reverse("credentials:claim-account", args=[row.pk]) if again else row.get_absolute_url(),
        source=f"credentials.{source}",
        urgent=True,
        serial=row.serial,
        reason=row.reason,
    )
