"""Which pairs have gone quiet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from supervision.pairings.models import Pairing
from supervision.pairings.states import Frequency, PairingState
from supervision.supervisors.states import TOOK_PLACE

QUIET_AFTER = timedelta(days=45)  # where the two have not agreed how often they meet

Together = Callable[[str, str], QuerySet[Any]]
_together: list[Together] = []


def met_also_in(function: Together) -> None:
    """Name the function that knows where else two people meet. A pairing knows nothing of circles; the app joins the two.

    It is given the columns of the outer row that name the two, and returns rows with `starts_at`, the last first."""
    _together[:] = [function]


def quiet_pairings(now: datetime) -> QuerySet[Pairing]:
    """Active pairings without a session, or a confirmed gathering of both, for twice the time they agreed on, or for 45
    days. One query.

    `last_held` is the last of them, None where there never was one: then the first day of the pairing counts. After a
    pause the time is counted from its end (`rested_until`) on: while they rested, nobody asked them to meet.
    """
    rows = Pairing.objects.filter(state=PairingState.ACTIVE).annotate(
        last_session=Max("sessions__starts_at", filter=Q(sessions__state__in=TOOK_PLACE)),
        last_together=Subquery(_together[0]("supervisor", "mentee").values("starts_at")[:1]),
        every_days=Max("agreements__every_days", filter=Q(agreements__state="accepted")),
        rested_until=Max("pauses__ended_at"),
    )
    rows = rows.annotate(
        last_held=Greatest(
            Coalesce("last_session", "last_together"), Coalesce("last_together", "last_session")
        )
    )
    allowed = [(Q(every_days=None), QUIET_AFTER)]
    allowed += [(Q(every_days=every), 2 * timedelta(days=every)) for every in Frequency.values]
    found = Q()
    for agreed, span in allowed:
        since = now - span
        never = Q(last_held=None, starts_on__lt=timezone.localtime(since).date())
        awake = Q(rested_until=None) | Q(rested_until__lt=since)
        found |= agreed & awake & (never | Q(last_held__lt=since))
    return rows.filter(found)


def quiet_since(row: Any) -> date:
    """The day from which on a pairing of `quiet_pairings` is quiet: when both were last in one, or the end of a later pause."""
    days = [timezone.localtime(moment).date() for moment in (row.last_held, row.rested_until) if moment]
    return max(days, default=row.starts_on)
