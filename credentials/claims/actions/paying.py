"""What payment does to claims, and the payment ledger: the doors through which batches are built, paid and failed."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from core.access.scope import Asker
from core.audit.actions import entry_of, record
from core.audit.models import AuditEntry
from core.notices.actions import notify
from core.people.models import User
from core.states import IllegalMove, move, move_all
from credentials.claims.actions.appealing import review_again
from credentials.claims.actions.drafting import ClaimRefused
from credentials.claims.actions.handing_in import KEPT
from credentials.claims.actions.settling import FAILED, settle_account
from credentials.claims.models import Claim, PaymentEntry
from credentials.claims.queries.deciding import ask
from credentials.claims.queries.identity import is_same_person
from credentials.claims.states import MOVES, ClaimState, EntryKind
from credentials.hours.actions import lock_people
from credentials.policies.states import Outcome

AT_ONCE = 500  # claims in one statement
ANOTHER = gettext_noop("Name or ID number are no longer those with which the claim was handed in.")


@transaction.atomic
def lock_for_payment(*, claim: Claim, actor: Asker) -> bool:
    """Take an approved claim into a batch: asked anew, so that nothing is paid that has lost its ground since.

    True when it is locked; False when the policy no longer grants it, or another amount, or its person has another name or
    ID number by now: then it goes back to review.
    Raises ClaimRefused when it is not there to be paid, or is given in kind. Side effects: the person's row is locked; the
    state moves. The audit entry is written by the batch, which knows its serial.
    """
    assert isinstance(actor, User)
    lock_people(claim.person_id)
    row = Claim.objects.select_related(*KEPT).get(pk=claim.pk)
    if row.state != ClaimState.APPROVED or row.in_kind:
        raise ClaimRefused(_("Claim %(serial)s is not waiting for payment.") % {"serial": row.serial})
    if not still_granted(claim=row, actor=actor):
        return False
    move(row, ClaimState.LOCKED, MOVES)
    return True


def still_granted(*, claim: Claim, actor: User) -> bool:
    """Whether the policy grants an approved claim today as it was approved, to the same person; otherwise it has gone back to
    review.

    Call it in the transaction that settles the claim, the person's row locked. Side effects where it is not: the state, an
    audit entry.
    """
    before = claim.amount
    reason = ""
    if is_same_person(claim):
        decision = ask(claim, timezone.localdate()).decision
        if decision is not None and decision.outcome is Outcome.GRANT and decision.amount == before:
            return True
    else:
        with override("zh-hans"):  # it is kept in the row
            reason = _(ANOTHER)
    review_again(claim, reason=reason)
    record(
        action="credentials.lose_ground",
        target=claim,
        actor=actor,
        organisation=claim.employer,
        before={"amount": str(before)},
        after={"amount": str(claim.amount)},
        reason=reason,
    )
    return False


@transaction.atomic
def unlock_claim(*, claim: Claim, batch: str, actor: Asker, reason: str = "") -> AuditEntry:
    """Take a claim out of a batch, or back after the bank failed: it waits for payment again.

    Raises StaleState when it is in no batch. With a `reason` the claimant is told to look at the account number; without
    one the reason of before stays, so that an account that failed can still be corrected. `batch` is its serial. Side
    effects: the state; the notice. The audit entry is for the caller to add, with those of all other claims of the batch.
    """
    row = Claim.objects.select_related("holder", "employer").get(pk=claim.pk)
    move(row, ClaimState.APPROVED, MOVES, **({"reason": reason[:1000]} if reason else {}))
    if reason:
        notify(
            user=row.holder,
            kind="claim",
            title=gettext_noop("The bank could not pay your subsidy"),
            body=gettext_noop("%(serial)s: %(reason)s Check your account, please."),
            url=reverse("credentials:claim-account", args=[row.pk]),
            source=f"{FAILED}{row.pk}:{timezone.now().isoformat()}",
            urgent=True,
            serial=row.serial,
            reason=reason,
        )
    return _unlocked(row, batch, actor, reason)


@transaction.atomic
def unlock_claims(*, claim_ids: Sequence[int], batch: str, actor: Asker) -> list[AuditEntry]:
    """Take many claims out of a batch at once, as `unlock_claim` does without a reason; those that are in none are left, and
    the caller sees it by the number of entries. Side effects: the states, in one statement for each 500. The audit entries,
    in the order of the claims, are for the caller to add."""
    found: dict[int, Claim] = {}
    for first in range(0, len(claim_ids), AT_ONCE):
        some = Claim.objects.filter(pk__in=claim_ids[first : first + AT_ONCE])
        rows = some.filter(state=ClaimState.LOCKED).select_related("employer")
        found |= {row.pk: row for row in rows.select_for_update(of=("self",))}
        move_all(some, ClaimState.LOCKED, ClaimState.APPROVED, MOVES)
    return [_unlocked(found[pk], batch, actor) for pk in claim_ids if pk in found]


def _unlocked(row: Claim, batch: str, actor: Asker, reason: str = "") -> AuditEntry:
    return entry_of(
        action="credentials.unlock_claim",
        target=row,
        actor=actor,
        organisation=row.employer,
        before={"state": ClaimState.LOCKED.value, "batch": batch},
        after={"state": ClaimState.APPROVED.value},
        reason=reason,
    )


@transaction.atomic
def take_late_payment(*, claim: Claim, name: str, id_hash: str, amount: Decimal) -> None:
    """Make a claim ready to be paid by a line that the bank had returned and has paid after all: a line to this name and number,
    of this amount. Call it in the transaction that pays it, the person's row locked.

    Raises ClaimRefused where it is not approved so any more. Side effects: the state moves, its reason goes; the notice of
    the failure is settled.
    """
    row = Claim.objects.select_related("holder").get(pk=claim.pk)
    same = (row.name, row.id_hash, row.amount) == (name, id_hash, amount)
    if row.state != ClaimState.APPROVED or not same:
        words = _(
            "Claim %(serial)s is not approved any more as it was when this line was built: enter the money as an earlier payment of "
            "its person, so that it counts in what is decided."
        )
        raise ClaimRefused(words % {"serial": row.serial})
    move(row, ClaimState.LOCKED, MOVES, reason="")
    settle_account(row)


@transaction.atomic
def record_payment(*, claim: Claim, on: datetime.date, source: str, actor: Asker) -> PaymentEntry:
    """Enter into the ledger that a locked claim was paid on a day; `source` names the event, which is entered once.

    Raises ClaimRefused when it was entered already, or the claim is in no batch; what else the database has against it goes
    on. Side effects: the line; the state moves; an audit entry; the claimant is told.
    """
    assert isinstance(actor, User)
    row = Claim.objects.select_related("version__subsidy", "holder", "person", "authority").get(pk=claim.pk)
    try:
        with transaction.atomic():
            move(row, ClaimState.PAID, MOVES, decided_at=timezone.now())
            entry = PaymentEntry.objects.create(
                person=row.person,
                id_hash=row.id_hash,
                holder_id=row.holder_id,
                authority=row.authority,
                claim=row,
                kind=EntryKind.PAID,
                policy=row.version.subsidy.code,
                benefit=row.benefit,
                key=row.key,
                amount=row.amount,
                on=on,
                source=source,
                entered_by=actor,
            )
    except IllegalMove:
        _require_unpaid(row, source)
        raise ClaimRefused(_("Claim %(serial)s is in no payment batch.") % {"serial": row.serial})
    except IntegrityError:
        _require_unpaid(row, source)
        raise
    record(
        action="credentials.record_payment",
        target=row,
        actor=actor,
        organisation=row.employer,
        after={"amount": str(row.amount), "on": on.isoformat()},
    )
    notify(
        user=row.holder,
        kind="claim",
        title=gettext_noop("Your subsidy was paid"),
        body=gettext_noop("%(serial)s: %(amount)s yuan."),
        url=row.get_absolute_url(),
        source=f"credentials.{source}",
        serial=row.serial,
        amount=f"{row.amount:,.2f}",
    )
    return entry


def _require_unpaid(claim: Claim, source: str) -> None:
    """Raises ClaimRefused where this payment stands in the ledger."""
    if PaymentEntry.objects.filter(source=source).exists():
        raise ClaimRefused(
            _("The payment of claim %(serial)s was entered already.") % {"serial": claim.serial}
        )
