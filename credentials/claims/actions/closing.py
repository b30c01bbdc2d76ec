"""A claimant who cannot sign in any more: what bars their other account is closed for them, and nothing of what was is changed."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.predicates import by_rule
from core.access.scope import Asker
from core.attachments.models import Attachment
from core.audit.actions import record
from core.notices.actions import notify
from core.people.actions import remove_id_number
from core.people.models import User
from core.people.queries import BOUND, is_bound_to
from core.states import move
from credentials.claims.actions.banking import come_back, is_account_open
from credentials.claims.actions.drafting import ClaimRefused
from credentials.claims.models import Claim, ClaimPaper
from credentials.claims.policy import CLOSING
from credentials.claims.queries.identity import has_claim_underway
from credentials.claims.states import ENDED, MOVES, ClaimState
from credentials.hours.actions import lock_people


def can_be_closed(claim: Claim) -> bool:
    """Whether there is anything to close: it waits for its claimant alone, or its account keeps the ID number of the person."""
    waits = claim.state == ClaimState.RETURNED or _has_failed(claim)
    return waits or (claim.state in ENDED and bool(claim.person.id_hash))


@transaction.atomic
def close_lost_account(*, claim: Claim, reason: str, proof: Attachment, actor: Asker) -> None:
    """Close for its claimant, who cannot sign in any more, a claim that waits for them: one that was returned, or whose money
    came back. The ID number is forgotten in this account, so that the person can keep it in another one and claim there.
    What was paid stays, and counts for them in whatever account.

    Raises ClaimRefused for whoever is no administrator of the authority, or is the claimant's own; without a reason; where
    there is nothing to close, and while another claim of the account is underway. Side effects, in order: the person's row
    is locked; the state moves; what was typed of the bank is forgotten; the proof; the number is forgotten; audit entries;
    the claimant is told.
    """
    assert isinstance(actor, User)
    lock_people(claim.person_id)
    row = Claim.objects.select_related("person__user", "employer", "authority", "holder").get(pk=claim.pk)
    if not by_rule(actor, "credentials.close_claim", row):
        raise ClaimRefused(_why_not_close(row, actor))
    if not reason.strip():
        raise ClaimRefused(_("Say how you know who it is, and why they cannot sign in."))
    if not can_be_closed(row):
        raise ClaimRefused(_("There is nothing to close: this claim does not wait for its claimant."))
    old = _withdraw(row, reason.strip()[:1000])
    if has_claim_underway(row.person):
        raise ClaimRefused(_("Another claim of this account is being handled: it is decided first."))
    ClaimPaper.objects.create(claim=row, slot=f"{CLOSING}{row.papers.count()}", file=proof)
    remove_id_number(person=row.person, actor=actor)
    record(
        action="credentials.close_lost_account",
        target=row,
        actor=actor,
        organisation=row.employer,
        before={"state": old},
        after={"state": row.state},
        reason=reason.strip()[:1000],
    )
    _tell(row)


def _why_not_close(claim: Claim, actor: Asker) -> str:
    """In words why this officer closes nothing for the claimant."""
    if claim.holder_id == actor.pk:
        return _("Nobody decides about their own claim.")
    if isinstance(actor, User) and is_bound_to(actor, claim.person):
        return str(BOUND)
    return _("Only administrators of the authority close a claim for somebody who cannot sign in any more.")


def _has_failed(claim: Claim) -> bool:
    return claim.state == ClaimState.APPROVED and is_account_open(claim)


def _withdraw(row: Claim, reason: str) -> str:
    """The state of before. What has ended stays as it is."""
    old = row.state
    if _has_failed(row):
        come_back(row)
    if row.state == ClaimState.RETURNED:
        gone: dict[str, Any] = {"account_sealed": None, "bank": "", "stage": "", "stage_due_on": None}
        move(row, ClaimState.WITHDRAWN, MOVES, reason=reason, decided_at=timezone.now(), **gone)
    return old


def _tell(row: Claim) -> None:
    notify(
        user=row.holder,
        kind="claim",
        title=gettext_noop("An office has closed this account for claims"),
        body=gettext_noop(
            "Claim %(serial)s: %(authority)s was told that you cannot sign in here any more, so that you can claim from another "
            "account. If that was not you, tell the office at once."
        ),
        url=row.get_absolute_url(),
        source=f"credentials.claim:{row.pk}:closed:{timezone.now().isoformat()}",
        urgent=True,
        serial=row.serial,
        authority=row.authority.name,
    )
