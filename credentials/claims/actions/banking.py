"""The account into which a claim is paid: corrected after the bank failed, and taken back until it is paid."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, override

from core.access.scope import Asker
from core.audit.actions import record
from core.people.actions import give_consent, withdraw_consent
from core.people.models import User
from core.states import move
from credentials.claims.actions.drafting import BANK_CONSENT, ClaimRefused
from credentials.claims.actions.settling import settle_account
from credentials.claims.models import Claim
from credentials.claims.states import MOVES, ClaimState
from credentials.hours.actions import lock_people

TAKEN_BACK = gettext_noop("The claimant has taken the account back.")
EARLY = (ClaimState.DRAFT, ClaimState.RETURNED)  # nothing to move: the claimant works on it
FORGOTTEN = (*EARLY, ClaimState.REFUSED)  # the account goes, and the state stays
LATER = (ClaimState.REVIEW, ClaimState.CLEARED, ClaimState.APPROVED)
WHY_KEPT: dict[str, Any] = {
    ClaimState.LOCKED: gettext_lazy(
        "The account cannot be taken back now: the claim is in a payment batch, and the payment is on its way to it. "
        "Should the bank return the payment, you can."
    ),
    **dict.fromkeys(
        (ClaimState.PAID, ClaimState.REVERSED),
        gettext_lazy(
            "The account cannot be taken back any more: it was paid into, and the record of a payment has to be kept."
        ),
    ),
}


def is_account_open(claim: Claim) -> bool:
    """Whether its claimant may name another account now: the bank could not pay, or there is none while it is shown in public."""
    if claim.state == ClaimState.NOTICE:
        return not claim.account_sealed and claim.version.policy().channel != "none"
    return claim.state == ClaimState.APPROVED and bool(claim.reason)


def may_take_back(claim: Claim) -> bool:
    """Whether there is an account that its claimant may take back now."""
    return bool(claim.account_sealed) and claim.state in (*FORGOTTEN, *LATER, ClaimState.NOTICE)


@transaction.atomic
def correct_account(*, claim: Claim, bank: str, account: str, consent_version: str, actor: Asker) -> None:
    """Name another account after the bank could not pay into the one of before, until the claim is in a batch again; or after
    one has taken it back during the public notice, as long as that goes on.

    Raises ClaimRefused when nothing failed, or it is on its way again. Side effects: the row, whose reason goes; the
    consent; an audit entry without either number; the notice of the failure is settled.
    """
    assert isinstance(actor, User)
    row = _own(claim, actor)
    if not is_account_open(row):
        raise ClaimRefused(_("There is no account to correct: no payment of this claim has failed."))
    before = row.bank
    row.consent = give_consent(person=row.person, purpose=BANK_CONSENT, version=consent_version)
    row.bank, row.account_sealed, row.reason = bank, account, ""
    row.save(update_fields=["bank", "account_sealed", "consent", "reason", "changed_at"])
    record(
        action="credentials.correct_account",
        target=row,
        actor=actor,
        organisation=row.employer,
        before={"bank": before},
        after={"bank": bank},
    )
    settle_account(row)


@transaction.atomic
def take_back_account(*, claim: Claim, actor: Asker) -> list[Claim]:
    """Take back the consent to keep the account (PIPL article 15): it is forgotten here, in every other draft and in every
    refused claim. Returns the other open claims of which the account is kept: as long as there are any, the consent stays.
    Should an appeal be upheld, the reviewer returns the claim for another account: nothing passes without.

    A claim that was handed in comes back to its claimant, for nothing can be paid without an account; handed in again, it
    is reviewed from the first stage. A public notice goes on: what it says has nothing to do with the account; if no other
    one is named until its end, the claim comes back then. Raises ClaimRefused from the payment batch on (PIPL article 13:
    the payment that was asked for is being made, and its record has to be kept).
    Side effects: the rows; the consent is withdrawn; the state moves; an audit entry.
    """
    assert isinstance(actor, User)
    lock_people(claim.person_id)  # before any claim of theirs, as everywhere: two tabs take turns
    row = _own(claim, actor)
    if not may_take_back(row):
        raise ClaimRefused(str(WHY_KEPT.get(row.state) or _("No account is kept for this claim.")))
    mine = Claim.objects.filter(person=row.person, state__in=FORGOTTEN)
    mine.update(account_sealed=None, bank="", consent=None)
    if row.state in LATER:
        come_back(row)
    elif row.state == ClaimState.NOTICE:
        row.account_sealed, row.bank, row.consent = None, "", None
        row.save(update_fields=["account_sealed", "bank", "consent", "changed_at"])
    others = Claim.objects.filter(
        person=row.person, account_sealed__isnull=False, consent__isnull=False
    ).open()
    kept = list(others.order_by("pk"))
    if not kept:
        withdraw_consent(person=row.person, purpose=BANK_CONSENT, actor=actor)
    record(action="credentials.take_back_account", target=row, actor=actor, organisation=row.employer)
    return kept


def come_back(row: Claim) -> None:
    """A claim without an account comes back to its claimant, to be reviewed anew. Side effect: the state moves."""
    with override("zh-hans"):
        reason = _(TAKEN_BACK)
    move(
        row,
        ClaimState.RETURNED,
        MOVES,
        reason=reason,
        stage="",
        stage_due_on=None,
        round=row.round + 1,
        approved_by=None,
        decided_at=None,
        account_sealed=None,
        bank="",
        consent=None,
    )


def _own(claim: Claim, actor: User) -> Claim:
    rows = Claim.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "person", "employer", "version", "holder"
    )
    row = rows.get(pk=claim.pk)
    if row.holder_id != actor.pk:
        raise ClaimRefused(_("Only the claimant decides about the account."))
    return row
