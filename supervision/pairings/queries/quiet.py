"""Which pairs have gone quiet."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from supervision.pairings.models import Pairing
from supervision.pairings.states import Frequency, PairingState
from supervision.supervisors.states import TOOK_PLACE

QUIET_AFTER = timedelta(days=45)  # where the two have not agreed how often they meet


def quiet_pairings(now: datetime) -> QuerySet[Pairing]:
    """Active pairings without a session for twice the time they agreed on, or for 45 days. One query.

    `last_held` is the last session, None where there never was one: then the first day of the pairing counts.
    """
    rows = Pairing.objects.filter(state=PairingState.ACTIVE).annotate(
        last_held=Max("sessions__starts_at", filter=Q(sessions__state__in=TOOK_PLACE)),
        every_days=Max("agreements__every_days", filter=Q(agreements__state="accepted")),
    )
    allowed = [(Q(every_days=None), QUIET_AFTER)]
    allowed += [(Q(every_days=every), 2 * timedelta(days=every)) for every in Frequency.values]
    found = Q()
    for agreed, span in allowed:
        since = now - span
        never = Q(last_held=None, starts_on__lt=timezone.localtime(since).date())
        found |= agreed & (never | Q(last_held__lt=since))
    return rows.filter(found)
