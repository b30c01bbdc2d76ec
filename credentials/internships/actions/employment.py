"""Proving the employment that follows an internship, and verifying, returning or withdrawing the proof."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.access.scope import Asker
from core.attachments.actions import kept_file
from core.attachments.models import Attachment
from core.organisations.models import Organisation
from core.states import move
from credentials.internships.actions.refusals import InternshipRefused, require_holder, require_officer, why
from credentials.internships.actions.telling import ask_officers, note, settle_officers, tell_student
from credentials.internships.models import EmploymentProof, Internship
from credentials.internships.queries import has_opened_proof
from credentials.internships.states import PROOF_MOVES, InternshipState, ProofState


@dataclass(frozen=True)
class Employment:
    """What somebody says of their employment; `until` is the last day that is proved, and `is_ended` that it was the last."""

    employer_name: str
    region: str
    is_in_field: bool
    starts_on: datetime.date
    until: datetime.date
    is_ended: bool = False
    employer: Organisation | None = None


@transaction.atomic
def declare_employment(
    *, internship: Internship, said: Employment, contract: Any, insurance: Any = None, actor: Asker
) -> EmploymentProof:
    """Prove where one is employed after an internship, until a day. Whoever is still employed later proves it again.

    Raises InternshipRefused for anybody else, before the internship has ended, when the days cannot be, or while another
    proof waits. Side effects: the papers; a row; an audit entry; notices to the officers who can verify it.
    """
    require_holder(internship, actor)
    _require_possible(internship, said)
    try:
        with transaction.atomic():
            proof = EmploymentProof.objects.create(
                internship=internship,
                holder_id=internship.holder_id,
                employer=said.employer,
                employer_name=said.employer_name.strip(),
                region_id=said.region,
                is_in_field=said.is_in_field,
                starts_on=said.starts_on,
                ends_on=said.until if said.is_ended else None,
                still_on=None if said.is_ended else said.until,
                contract=kept_file(file=contract, actor=actor),
                insurance=kept_file(file=insurance, actor=actor) if insurance else None,
            )
    except IntegrityError:
        raise InternshipRefused(
            _("A proof of yours waits to be verified. Withdraw it first, or wait for the answer.")
        ) from None
    days = {"starts_on": said.starts_on.isoformat(), "until": said.until.isoformat()}
    note("credentials.declare_employment", proof, actor, after=days | {"region": said.region})
    ask_officers(
        proof,
        gettext_noop("%(name)s has handed in a proof of employment"),
        gettext_noop("Compare it with its papers, and verify it or return it."),
        "declared",
    )
    return proof


def _require_possible(internship: Internship, said: Employment) -> None:
    if internship.state != InternshipState.ENDED:
        raise InternshipRefused(_("Employment is proved once the internship has ended."))
    if not said.employer_name.strip():
        raise InternshipRefused(_("Write who employs you."), "employer_name")
    if said.starts_on <= internship.ends_on:
        raise InternshipRefused(_("The employment begins after the internship."), "starts_on")
    if said.until < said.starts_on:
        raise InternshipRefused(_("The last day must not be before the first."), "until")
    if said.until > timezone.localdate():
        raise InternshipRefused(
            _("This day lies in the future. Prove what has been, and the rest later."), "until"
        )


def open_employment_paper(*, proof: EmploymentProof, paper: Attachment, actor: Asker) -> None:
    """Somebody looks at a paper of a proof. Side effect: an audit entry, but for the person themself."""
    if actor.pk != proof.holder_id:
        note("credentials.open_employment_paper", proof, actor, after={"paper": paper.pk})


@transaction.atomic
def verify_employment(*, proof: EmploymentProof, actor: Asker) -> EmploymentProof:
    """Say that a proof is as its papers say. Never one's own, and not without having opened them.

    Raises InternshipRefused, StaleState or IllegalMove. Side effects: the state; an audit entry; a notice.
    """
    require_officer(proof.internship, actor)
    if proof.state == ProofState.DECLARED and not has_opened_proof(proof, actor):
        raise InternshipRefused(_("Open every paper first: you confirm that they say so."))
    move(proof, ProofState.VERIFIED, PROOF_MOVES, verified_by_id=actor.pk, decided_at=timezone.now())
    note("credentials.verify_employment", proof, actor, after={"state": "verified"})
    settle_officers(proof)
    tell_student(
        proof,
        gettext_noop("Your employment has been verified"),
        gettext_noop("See how many months are proved by now."),
        "verified",
    )
    return proof


@transaction.atomic
def return_employment(*, proof: EmploymentProof, reason: str, actor: Asker) -> EmploymentProof:
    """Say what is wrong with a proof; the person hands in another. Raises InternshipRefused, StaleState or IllegalMove."""
    require_officer(proof.internship, actor)
    reason = why(reason)
    old = move(proof, ProofState.RETURNED, PROOF_MOVES, reason=reason, decided_at=timezone.now())
    note("credentials.return_employment", proof, actor, before={"state": old}, reason=reason)
    settle_officers(proof)
    tell_student(
        proof,
        gettext_noop("Your proof of employment was returned"),
        gettext_noop("Reason: %(reason)s. Correct it and hand it in again."),
        "returned",
    )
    return proof


@transaction.atomic
def withdraw_employment(*, proof: EmploymentProof, actor: Asker) -> EmploymentProof:
    """Take a proof of one's own back that nobody has verified. Raises InternshipRefused, StaleState or IllegalMove."""
    require_holder(proof.internship, actor)
    move(proof, ProofState.WITHDRAWN, PROOF_MOVES, decided_at=timezone.now())
    note("credentials.withdraw_employment", proof, actor)
    settle_officers(proof)
    return proof
