"""Both are reminded before the review of their agreement."""

from __future__ import annotations

import datetime

from django.utils import timezone
from django.utils.translation import gettext_noop

from core.notices.models import Notice
from supervision.agreements.actions.rows import tell
from supervision.agreements.models import (
    Agreement,
)
from supervision.pairings.states import PairingState

REVIEW_AHEAD = datetime.timedelta(days=14)


def remind_reviews() -> int:
    """Remind both two weeks before the review of their agreement, once; returns how many pairs were reminded now."""
    today = timezone.localdate()
    due = Agreement.objects.in_force().filter(review_on__gte=today, review_on__lte=today + REVIEW_AHEAD)
    told = 0
    for row in due.filter(pairing__state=PairingState.ACTIVE).with_people():
        if Notice.objects.filter(source=f"supervision.agreement:{row.pk}:review").exists():
            continue
        for person in (row.pairing.supervisor.person, row.pairing.mentee):
            tell(
                row,
                person,
                "review",
                gettext_noop("Your supervision agreement is to be reviewed on %(day)s"),
                gettext_noop("Look together at what you have reached, and whether the agreement still fits."),
                day=row.review_on,
            )
        told += 1
    return told
