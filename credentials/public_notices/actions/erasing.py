"""Forgetting who has objected."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.predicates import by_rule
from core.access.scope import Asker
from core.people.models import User
from credentials.public_notices.actions.objecting import note
from credentials.public_notices.actions.opening import NoticeRefused
from credentials.public_notices.models import Objection
from credentials.public_notices.queries import objections_by, objectors_due
from credentials.public_notices.states import ObjectionState


@transaction.atomic
def erase_objector(*, objection: Objection, actor: Asker | None, reason: str = "") -> Objection:
    """Empty the name, the contact and the account of whoever objected; what was said and the answer stay, since the decision
    rests on them. Done again, it does nothing. Raises NoticeRefused as long as the office has not answered: it may have to
    ask back, and for an `actor` who may not by the rule. Side effects: the row; an audit entry without what was erased."""
    row = Objection.objects.select_for_update(of=("self",)).select_related("notice__organisation").get(pk=objection.pk)  # fmt: skip
    if actor is not None and not by_rule(actor, "credentials.erase_objector", row):
        raise NoticeRefused(
            _("Who objected is erased by administrators of the office, and by nobody themself.")
        )
    if row.state == ObjectionState.OPEN:
        raise NoticeRefused(_("Answer it first: as long as it is open, the office may have to ask back."))
    if row.erased_at is None:
        row.name, row.contact, row.filed_by, row.erased_at = "", "", None, timezone.now()
        row.save(update_fields=["name", "contact", "filed_by", "erased_at"])
        note("credentials.erase_objector", row, actor, reason=reason.strip())
    return row


def erase_objectors(today: datetime.date | None = None) -> list[str]:
    """Forget everybody whose objection was answered long enough ago (OBJECTOR_DAYS_KEPT); a line when there were some."""
    rows = list(objectors_due(today or timezone.localdate()))
    for row in rows:
        erase_objector(objection=row, actor=None)
    return [f"objectors erased: {len(rows)}"] if rows else []


def forget_objector(*, user: User) -> int:
    """An account is deleted: who it was is erased from their answered objections; open ones keep the name and the contact
    that were given for them until they are answered and the time is over. Returns how many were erased."""
    rows = list(objections_by(user).exclude(state=ObjectionState.OPEN))
    for row in rows:
        erase_objector(objection=row, actor=None)
    return len(rows)
