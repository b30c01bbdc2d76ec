"""What notices about a claim have asked for is done: nobody is reminded of it any more."""

from __future__ import annotations

import hashlib

from core.notices.actions import settle
from core.notices.models import Notice
from core.people.models import User
from credentials.claims.models import Claim
from credentials.policies.policy import Decision

OVERDUE = "credentials.claim-overdue:"
LEFT = "credentials.claim-left:"
FAILED = "credentials.payment-failed:"


def offer_source(decision: Decision) -> str:
    """How the source of every reminder of this offer begins: the same for each distance to its last day."""
    mark = f"{decision.policy}:{decision.benefit}:{decision.key}:{decision.last_day}"
    return f"credentials.offer:{hashlib.sha256(mark.encode()).hexdigest()[:32]}:"


def settle_handed_in(claim: Claim, decision: Decision) -> None:
    """The claim is handed in: the reminders of its offer and of its return ask for nothing more."""
    for source in (offer_source(decision), f"{LEFT}{claim.pk}:", f"credentials.claim:{claim.pk}:"):
        settle(source=source, user=claim.holder)


def settle_reviewed(claim: Claim, stage: str) -> None:
    """This stage is decided: whoever was told that it is overdue need not look any more."""
    source = f"{OVERDUE}{claim.pk}:{claim.round}:{stage}"
    settle(
        source=source, users=User.objects.filter(pk__in=Notice.objects.filter(source=source).values("user"))
    )


def settle_account(claim: Claim) -> None:
    """The account is corrected."""
    settle(source=f"{FAILED}{claim.pk}:", user=claim.holder)
