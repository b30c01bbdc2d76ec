"""What officers look at and take along: each look at a paper, and each list that leaves the site, is recorded."""

from __future__ import annotations

from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.access.predicates import by_rule
from core.access.scope import Asker
from core.attachments.models import Attachment
from core.audit.actions import record
from core.organisations.queries import tops_of
from core.people.models import User
from credentials.claims.actions.drafting import ClaimRefused
from credentials.claims.models import OFFICERS, Claim
from credentials.claims.watermark import CannotStamp, watermarked
from credentials.policies.queries.words import said


def stamp_words(claim: Claim, actor: User) -> str:
    """What stands across a paper: for which policy only, who looks at it, and the day. In Chinese, like the paper."""
    with override("zh-hans"):
        document = said(claim.version.policy().document)
        words = _("Only for the review of a claim under %(policy)s · %(officer)s · %(day)s")
        return words % {
            "policy": document,
            "officer": actor.get_full_name(),
            "day": timezone.localdate().isoformat(),
        }


def stamped(*, claim: Claim, file: Attachment, slot: str, actor: Asker) -> bytes:
    """The file with its watermark. Raises CannotStamp, and FileNotFoundError when the store has lost it. Side effect: an audit
    entry, before anything is shown."""
    assert isinstance(actor, User)
    with storages["private"].open(file.stored) as opened:
        content: bytes = opened.read()
    shown = watermarked(content, file.content_type, stamp_words(claim, actor))
    open_claim_paper(claim=claim, slot=slot, actor=actor, way="watermark")
    return shown


def can_stamp(*, claim: Claim, file: Attachment, actor: Asker) -> bool:
    """Whether this file can be shown with a watermark."""
    assert isinstance(actor, User)
    try:
        with storages["private"].open(file.stored) as opened:
            watermarked(opened.read(), file.content_type, stamp_words(claim, actor))
    except CannotStamp:
        return False
    return True


@transaction.atomic
def open_claim_paper(*, claim: Claim, slot: str, actor: Asker, way: str) -> None:
    """Somebody opens a paper of a claim: with its watermark, or the file itself, which who only reads does not take: they get
    ClaimRefused. Side effect: an audit entry."""
    if way == "file" and not by_rule(actor, "credentials.take_claimpaper", claim):
        raise ClaimRefused(_("Only administrators take a paper out without its watermark."))
    record(
        action="credentials.open_claim_paper",
        target=claim,
        actor=actor,
        organisation=claim.employer,
        after={"slot": slot, "opened": way},
    )


@transaction.atomic
def export_claims(*, actor: Asker, rows: int) -> None:
    """Somebody takes the list of claims out of the site: audited at the top of each of their trees."""
    for top in tops_of(actor, *OFFICERS):
        record(
            action="credentials.export_claims",
            target=top,
            actor=actor,
            organisation=top,
            after={"rows": rows},
        )
