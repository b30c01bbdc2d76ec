"""Invitation codes."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.states import Refused
from lms.admissions.models import (
    InvitationCode,
)
from lms.admissions.policy import PAST, new_code
from lms.cohorts.models import Cohort


@transaction.atomic
def make_code(
    *,
    cohort: Cohort,
    actor: Asker,
    uses_allowed: int = 1,
    expires_at: datetime | None = None,
    note: str = "",
) -> InvitationCode:
    """Make a code with which so many people may apply. Raises Refused for an end that is past. Side effect: an audit
    entry, which does not hold the code."""
    if expires_at is not None and expires_at <= timezone.now():
        raise Refused(_(PAST))
    row = InvitationCode.objects.create(
        cohort=cohort,
        code=new_code(),
        uses_allowed=uses_allowed,
        expires_at=expires_at,
        note=note.strip(),
        created_by_id=actor.pk,
    )
    after = {"uses_allowed": uses_allowed, "expires_at": expires_at, "note": row.note}
    record(action="lms.make_code", target=row, actor=actor, organisation=cohort.organisation, after=after)
    return row


@transaction.atomic
def revoke_code(*, code: InvitationCode, actor: Asker) -> bool:
    """Take a code back: nobody applies with it any more; False when that was done. Side effect: an audit entry."""
    now = timezone.now()
    if not InvitationCode.objects.filter(pk=code.pk, revoked_at=None).update(revoked_at=now):
        return False
    facts = {"uses": code.uses, "note": code.note}
    record(
        action="lms.revoke_code", target=code, actor=actor, organisation=code.cohort.organisation, after=facts
    )
    return True
