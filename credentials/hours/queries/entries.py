"""Entries as they are shown, and what each of them rests on."""

from __future__ import annotations

from django.db.models import QuerySet

from core.access.scope import Asker
from credentials.hours.models import HoursEntry
from lms import public as lms
from supervision import public as supervision


def entries_for(user: Asker) -> QuerySet[HoursEntry]:
    """The entries that this user may read, with everything that a row of the list shows."""
    return HoursEntry.objects.visible_to(user).select_related("person", "organisation", "rule", "correction")


Evidence = lms.Evidence | lms.AttendanceEvidence | supervision.SessionEvidence | supervision.GatheringEvidence


def evidence_of(entry: HoursEntry, reader: Asker) -> Evidence | None:
    """What an entry rests on, asked of the app that it came from; None when that app does not know it.

    Whoever may read the entry may read this: times and results, never what was said or written. `reader` is led on to
    the register of a class only where they may see that.
    """
    source = entry.corrects.source if entry.corrects else entry.source
    where, number, *_ = [*source.split(":"), ""]
    if not number.isdecimal():
        return None
    if where == "lms.enrolment":
        return lms.evidence_of(int(number))
    if where == "lms.attendance":
        return lms.attendance_evidence_of(int(number), reader)
    if where == "supervision.session":
        return supervision.evidence_of(int(number))
    if where == "supervision.participation":
        return supervision.participation_evidence_of(int(number))
    if where == "supervision.gathering":
        return supervision.gathering_evidence_of(int(number))
    return None
