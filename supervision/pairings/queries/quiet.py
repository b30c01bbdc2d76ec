"""Which pairs have gone quiet."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from supervision.pairings.models import Pairing
from supervision.pairings.states import Frequency, PairingState
from supervision.supervisors.states import TOOK_PLACE

QUIET_AFTER = timedelta(days=45)  # where the two have not agreed how often they meet


def quiet_pairings(now: datetime) -> QuerySet[Pairing]:
    """Active pairings without a session, or a confirmed gathering of both, for twice the time they agreed on, or for 45
    days. One query.

    `last_held` is the last of them, None where there never was one: then the first day of the pairing counts. After a
    pause the time is counted from its end (`rested_until`) on: while they rested, nobody asked them to meet.
    """
    rows = Pairing.objects.filter(state=PairingState.ACTIVE).annotate(
        last_session=Max("sessions__starts_at", filter=Q(sessions__state__in=TOOK_PLACE)),
        last_together=Subquery(_together().values("starts_at")[:1]),
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


def _together() -> QuerySet[Any]:
    """The gatherings in which both of a pairing were, the last first: each led it, or confirmed their part. Circles stand
    above pairings, so they are asked by name."""
    gatherings = apps.get_model("supervision", "Gathering").objects
    parts = apps.get_model("supervision", "Participation").objects.filter(
        gathering=OuterRef("pk"), state="confirmed"
    )
    rows = gatherings.filter(state="logged", counted_at__isnull=False)
    for one in ("supervisor", "mentee"):
        was_there = Exists(parts.filter(person=OuterRef(OuterRef(one))))
        rows = rows.filter(Q(leader=OuterRef(one)) | was_there)
    return rows.order_by("-starts_at")
