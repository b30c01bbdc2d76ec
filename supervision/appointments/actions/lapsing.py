"""Telling in time that a designation ends."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from core.notices.actions import notify
from supervision.appointments.policy import STALE, TOLD, step_of
from supervision.supervisors.models import Designation


@transaction.atomic
def remind_lapses() -> int:
    """Tell supervisors 60 and 30 days before, and when it has run out, that their designation ends and no later one
    follows; once each. Returns how many were told. Safe to call at any time. Side effect: notices."""
    today = timezone.localdate()
    soon = today + datetime.timedelta(days=max(TOLD))
    rows = Designation.objects.filter(
        ends_on__lte=soon,
        ends_on__gte=today - datetime.timedelta(days=STALE),
        supervisor__person__user__is_active=True,
    ).select_related("supervisor__person__user__person")
    held: dict[int, datetime.date] = {}
    every = Designation.objects.filter(supervisor__in=rows.order_by().values("supervisor"))
    for supervisor, last in every.order_by().values_list("supervisor", "ends_on"):
        held[supervisor] = max(held.get(supervisor, datetime.date.min), last or datetime.date.max)
    told = 0
    for row in rows:
        assert row.ends_on is not None
        step = step_of(row.ends_on, today)
        if step is not None and held[row.supervisor_id] == row.ends_on:
            told += _tell_of_end(row, step)
    return told


def _tell_of_end(designation: Designation, step: int) -> bool:
    if step:
        title = gettext_noop("Your designation ends on %(last)s")
    else:
        title = gettext_noop("Your designation ran out on %(last)s")
    return bool(
        notify(
            user=designation.supervisor.person.user,
            kind="supervision.appointment",
            title=title,
            body=gettext_noop(
                "Ask for its renewal, with what you have learnt since. Your mentees stay with you."
            ),
            url=reverse("supervision:application-own"),
            source=f"supervision.remind_lapses:{designation.supervisor_id}:{designation.ends_on}:{step}",
            last=designation.ends_on,
        )
    )


def reconcile() -> list[str]:
    """Tell what the clock has left untold; says how many."""
    told = remind_lapses()
    return [f"designations that end: {told} told"] if told else []
