"""What happens by itself as time passes: reminders before and after a meeting, and proposals that lapse."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from supervision.slots.actions.closing import lapse_meeting
from supervision.slots.actions.rows import tell
from supervision.slots.models import Meeting
from supervision.slots.policy import DAY_BEFORE, reminder_due

WORDS = {
    "day": gettext_noop("Tomorrow or today: your session with %(name)s on %(when)s"),
    "hour": gettext_noop("Soon: your session with %(name)s on %(when)s"),
}
BODY = gettext_noop("Place and link stand on its page. If you cannot come, say so there.")


def remind_meetings() -> int:
    """Remind both of what begins within a day and within an hour, exactly once each; returns how many reminders.

    Each is claimed by compare-and-set before anybody is told, so that two workers never remind twice.
    """
    now, told = timezone.now(), 0
    rows = Meeting.objects.planned().filter(starts_at__gt=now, starts_at__lte=now + DAY_BEFORE)
    for row in rows.filter(hour_told_at=None).with_people().order_by("pk"):
        due = reminder_due(
            row.starts_at,
            row.planned_at or row.created_at,
            now,
            day_told=row.day_told_at is not None,
            hour_told=row.hour_told_at is not None,
        )
        if due:
            told += _remind_once(row, due)
    return told


@transaction.atomic
def _remind_once(row: Meeting, due: str) -> int:
    field = f"{due}_told_at"
    claimed = Meeting.objects.planned().filter(pk=row.pk, **{field: None}).update(**{field: timezone.now()})
    if not claimed:
        return 0
    for person in (row.pairing.supervisor.person, row.pairing.mentee):
        tell(row, person, f"remind:{due}", WORDS[due], BODY, urgent=due == "hour")
    return 1


def remind_to_record() -> int:
    """Remind the supervisor once of a meeting that passed SUPERVISION_RECORD_REMIND_DAYS ago and is not recorded."""
    before = timezone.now() - datetime.timedelta(days=settings.SUPERVISION_RECORD_REMIND_DAYS)
    rows = Meeting.objects.planned().filter(ends_at__lte=before, record_told_at=None)
    return sum(_remind_of_record(row) for row in rows.with_people().order_by("pk"))


@transaction.atomic
def _remind_of_record(row: Meeting) -> int:
    rows = Meeting.objects.planned().filter(pk=row.pk, record_told_at=None)
    if not rows.update(record_told_at=timezone.now()):
        return 0
    title = gettext_noop("The session on %(when)s with %(name)s is not recorded yet")
    body = gettext_noop("Record it, or say that it did not take place.")
    tell(row, row.pairing.supervisor.person, "to_record", title, body)
    return 1


def lapse_proposals() -> int:
    """End the proposals whose time has come without an answer; returns how many."""
    rows = list(Meeting.objects.proposed().filter(starts_at__lte=timezone.now()).order_by("pk"))
    for row in rows:
        lapse_meeting(meeting=row)
    return len(rows)
