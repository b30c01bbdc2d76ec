"""The account into which a claim is paid: corrected after the bank failed, and taken back until it is paid."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from core.access.scope import Asker
from core.audit.actions import record
from core.people.actions import give_consent, withdraw_consent
from core.people.models import User
from core.states import move
from credentials.claims.actions.drafting import BANK_CONSENT, ClaimRefused
from credentials.claims.models import Claim
from credentials.claims.states import MOVES, ClaimState

TAKEN_BACK = gettext_noop("The claimant has taken the account back.")
EARLY = (ClaimState.DRAFT, ClaimState.RETURNED)  # nothing to move: the claimant works on it
LATER = (ClaimState.REVIEW, ClaimState.CLEARED, ClaimState.APPROVED)


@transaction.atomic
def correct_account(*, claim: Claim, bank: str, account: str, consent_version: str, actor: Asker) -> None:
    """Name another account after the bank could not pay into the one of before, until the claim is in a batch again.

    Raises ClaimRefused when nothing failed, or it is on its way again. Side effects: the row, whose reason goes; the
    consent; an audit entry without either number.
    """
    assert isinstance(actor, User)
    row = _own(claim, actor)
    if not (row.state == ClaimState.APPROVED and row.reason):
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


@transaction.atomic
def take_back_account(*, claim: Claim, actor: Asker) -> None:
    """Take back the consent to keep the account (PIPL article 15): it is forgotten here and in every other draft.

    A claim that was handed in comes back to its claimant, for nothing can be paid without an account; handed in again, it
    is reviewed from the first stage. Raises ClaimRefused while it stands in a public notice, in a payment batch, and after.
    Side effects: the rows; the consent is withdrawn; the state moves; an audit entry.
    """
    assert isinstance(actor, User)
    row = _own(claim, actor)
    if row.state not in (*EARLY, *LATER) or row.in_kind:
        raise ClaimRefused(
            _("The account can be taken back before and after the public notice, until it is being paid.")
        )
    mine = Claim.objects.filter(person=row.person, state__in=EARLY)
    mine.update(account_sealed=None, bank="", consent=None)
    if row.state in LATER:
        _come_back(row)
    others = Claim.objects.filter(
        person=row.person, account_sealed__isnull=False, consent__isnull=False
    ).open()
    if not others.exists():
        withdraw_consent(person=row.person, purpose=BANK_CONSENT, actor=actor)
    record(action="credentials.take_back_account", target=row, actor=actor, organisation=row.employer)


def _come_back(row: Claim) -> None:
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
    rows = Claim.objects.select_for_update(no_key=True, of=("self",)).select_related("person", "employer")
    row = rows.get(pk=claim.pk)
    if row.holder_id != actor.pk:
        raise ClaimRefused(_("Only the claimant decides about the account."))
    return row
