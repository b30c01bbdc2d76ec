"""The numbers that stand on the application form: whole for the claimant alone, and looked at with a trace."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.people.models import User
from credentials.claims.actions.drafting import ClaimRefused
from credentials.claims.models import Claim


@dataclass(frozen=True)
class Numbers:
    """The ID and the account, whole; empty where there is none."""

    id_number: str
    account: str
    phone: str


@transaction.atomic
def print_claim(*, claim: Claim, actor: Asker) -> Numbers:
    """The whole numbers of a claimant for the paper that they have sealed. Audited before they are shown.

    Raises ClaimRefused for anybody else. Side effect: an audit entry.
    """
    assert isinstance(actor, User)
    if claim.holder_id != actor.pk:
        raise ClaimRefused(_("Only the claimant prints the form with whole numbers."))
    record(action="credentials.print_claim", target=claim, actor=actor, organisation=claim.employer)
    return Numbers(claim.person.id_number or "", claim.account_sealed or "", actor.phone or "")
