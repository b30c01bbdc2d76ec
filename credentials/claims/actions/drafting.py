"""Beginning a claim, filling it in, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.attachments.models import Attachment
from core.audit.actions import record
from core.audit.models import AuditEntry
from core.people.actions import give_consent
from core.people.models import Consent, Person, User
from core.states import Refused, move
from credentials.claims.models import Claim, ClaimPaper
from credentials.claims.policy import family_of, lane_of
from credentials.claims.queries.deciding import follow_policy
from credentials.claims.queries.stamping import stamp_of, stamp_over
from credentials.claims.states import MINE, MOVES, SETTLED, ClaimState
from credentials.policies.models import PolicyVersion
from credentials.policies.states import Kind

BANK_CONSENT = "bank"  # purpose of the separate consent to keep a bank account (PIPL article 29)
ON_PAPER = (
    "paper-"  # how the versions begin to which somebody has consented on paper, and an officer has said so
)
OWN_ACCOUNT = ("credentials.take_back_account", "credentials.correct_account")  # what only the claimant does


class ClaimRefused(Refused):
    """What was asked of a claim cannot be done; the sentence says why."""


class DraftChanged(ClaimRefused):
    """The draft was changed since the page was shown that wants to keep something else in it."""


@transaction.atomic
def start_claim(
    *,
    person: Person,
    version: PolicyVersion,
    benefit: str,
    key: str,
    actor: Asker,
    proof: Attachment | None = None,
) -> Claim:
    """The draft of a claim; asked again while it is open, the one that there is.

    An officer begins it on behalf of somebody with a proof that they were asked to. Raises ClaimRefused when the policy
    gives no such thing, or when another claim that counts against this one is open or paid. Side effects: the row, an
    audit entry.
    """
    assert isinstance(actor, User)
    policy = version.policy()
    found = policy.benefit(benefit)
    if found is None or found.kind is Kind.IN_KIND:
        raise ClaimRefused(_("This policy pays nothing of this kind."))
    standing = Claim.objects.standing().filter(person=person, family=family_of(policy), benefit=benefit)
    same = standing.filter(key=key).first()
    if same and same.is_open and actor.pk in (same.holder_id, same.entered_by_id):
        return same
    try:
        with transaction.atomic():
            claim = Claim.objects.create(
                person=person,
                holder_id=person.user_id,
                version=version,
                authority=version.subsidy.organisation,
                employer=person.employer,
                family=family_of(policy),
                benefit=benefit,
                key=key,
                lane=lane_of(found, key),
                in_kind=policy.channel == "none",
                entered_by=None if actor.pk == person.user_id else actor,
                proof=proof,
            )
    except IntegrityError:
        other = same or standing.first()
        raise ClaimRefused(doubled_words(other))
    record(action="credentials.start_claim", target=claim, actor=actor, organisation=claim.employer)
    return claim


def doubled_words(other: Claim | None) -> str:
    if other is None:
        return _(
            "An officer enters a claim for somebody else only, and with a proof that they were asked to."
        )
    if other.state in SETTLED:
        return _("This was paid already: claim %(serial)s.") % {"serial": other.serial}
    return _(
        "Claim %(serial)s is open, and this one would count against it. Wait until it is decided, or withdraw it."
    ) % {"serial": other.serial}


@transaction.atomic
def save_draft(
    *,
    claim: Claim,
    declared: Mapping[str, Any],
    bank: str,
    account: str | None,
    agrees: bool,
    consent_version: str,
    actor: Asker,
    stamp: str | None = None,
) -> str:
    """Keep what was typed into a claim that its claimant still works on. `account` None leaves the number as it is. Answers
    with the stamp of what is kept now.

    Without the consent no account is kept. Raises DraftChanged when `stamp`, what the page knew of the draft, is behind and
    something would change; ClaimRefused once it was handed in, and when an officer changes an account
    about which the claimant has decided themselves. Side effects: the row; the consent; an audit entry when the claimant of
    a claim that was entered for them no longer agrees.
    """
    assert isinstance(actor, User)
    row = _mine(claim, actor)
    number = (row.account_sealed if account is None else account) if agrees else None
    if (
        stamp not in (None, kept := stamp_of(row))
        and stamp_over(declared, bank, number, agrees=agrees) != kept
    ):
        raise DraftChanged(_("This draft was changed on another page or device."))
    row.declared = dict(declared)
    own = actor.pk == row.holder_id
    changes = bank != row.bank or account is not None or agrees != (row.consent_id is not None)
    if changes and not own and has_own_account(row):
        raise ClaimRefused(
            _("The claimant has decided about the account themselves: only they can change it.")
        )
    if changes or own:
        _keep_account(row, bank, account, agrees, consent_version, actor)
    row.save(update_fields=["declared", "bank", "account_sealed", "consent", "changed_at"])
    return stamp_of(row)


def has_own_account(claim: Claim) -> bool:
    """Whether the claimant has given or taken back the consent to keep an account for this claim themselves, so that whoever
    entered it for them changes nothing of it any more. Up to three queries."""
    if claim.consent is not None and not claim.consent.version.startswith(ON_PAPER):
        return True
    own = AuditEntry.objects.for_instance(claim).filter(user=claim.holder_id, action__in=OWN_ACCOUNT)
    back = Consent.objects.filter(
        person=claim.person_id, purpose=BANK_CONSENT, withdrawn_at__gte=claim.created_at
    )
    return claim.entered_by_id is not None and (own.exists() or back.exists())


def _keep_account(
    row: Claim, bank: str, account: str | None, agrees: bool, consent_version: str, actor: User
) -> None:
    row.bank = bank
    if agrees:
        row.consent = give_consent(person=row.person, purpose=BANK_CONSENT, version=consent_version)
        if account is not None:
            row.account_sealed = account or None
        return
    if row.consent_id and row.entered_by_id and actor.pk == row.holder_id:
        record(action="credentials.take_back_account", target=row, actor=actor, organisation=row.employer)
    row.account_sealed, row.consent = None, None


@transaction.atomic
def declare_facts(*, claim: Claim, declared: Mapping[str, Any], actor: Asker) -> None:
    """Add to what the claimant says; what was said before of other facts stays. Raises ClaimRefused once it was handed in.

    Side effect: the row.
    """
    assert isinstance(actor, User)
    row = _mine(claim, actor)
    row.declared = {**row.declared, **declared}
    row.save(update_fields=["declared", "changed_at"])
    claim.declared = row.declared


@transaction.atomic
def add_paper(*, claim: Claim, slot: str, file: Attachment, actor: Asker) -> ClaimPaper:
    """Put a paper into a slot of a claim; one that lay there before stays as an older one.

    Raises ClaimRefused when the policy asks for no such paper, or the claim was handed in. Side effects: rows.
    """
    assert isinstance(actor, User)
    row = _mine(claim, actor)
    benefit = row.version.policy().benefit(row.benefit)
    if benefit is None or slot not in {one.name for one in benefit.documents}:
        raise ClaimRefused(_("This claim needs no such paper."))
    row.papers.current().filter(slot=slot).update(is_current=False)
    return ClaimPaper.objects.create(claim=row, slot=slot, file=file)


@transaction.atomic
def withdraw_claim(*, claim: Claim, actor: Asker) -> None:
    """Take a claim back. Nothing is paid for it; the same may be claimed again. Raises ClaimRefused where it is too late.

    Side effects: the state moves; what was typed of the bank is forgotten; an audit entry.
    """
    assert isinstance(actor, User)
    if ClaimState.WITHDRAWN not in MOVES[ClaimState(claim.state)]:
        raise ClaimRefused(_("This claim can no longer be withdrawn."))
    if actor.pk not in (claim.holder_id, claim.entered_by_id):
        raise ClaimRefused(_("Only the claimant withdraws a claim."))
    old = move(
        claim,
        ClaimState.WITHDRAWN,
        MOVES,
        account_sealed=None,
        bank="",
        stage="",
        stage_due_on=None,
        decided_at=timezone.now(),
    )
    record(
        action="credentials.withdraw_claim",
        target=claim,
        actor=actor,
        organisation=claim.employer,
        before={"state": old},
    )


def _mine(claim: Claim, actor: User) -> Claim:
    """The row, locked, while its claimant, or who enters it for them, still works on it."""
    row = (
        Claim.objects.select_for_update(no_key=True, of=("self",))
        .select_related("version__subsidy", "person")
        .get(pk=claim.pk)
    )
    if row.state not in MINE or actor.pk not in (row.holder_id, row.entered_by_id):
        raise ClaimRefused(_("This claim was handed in and cannot be changed now."))
    follow_policy(row)
    return row
