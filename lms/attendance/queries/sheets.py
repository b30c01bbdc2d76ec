"""What the sign-in sheet of a class says."""

from __future__ import annotations

from django.utils import timezone
from django.utils.formats import date_format

from lms.attendance.document import SheetFacts, SheetRow
from lms.attendance.queries.registers import belonging
from lms.timetable.models import ClassSession


def sheet_of(klass: ClassSession) -> SheetFacts:
    """The sheet to print, with everybody who belongs to the class (its cohort loaded). One query."""
    people = belonging(klass).select_related("person__employer")
    starts, ends = timezone.localtime(klass.starts_at), timezone.localtime(klass.ends_at)
    return SheetFacts(
        cohort=klass.cohort.title,
        title=klass.title,
        held=f"{date_format(starts.date())} {starts:%H:%M}–{ends:%H:%M}",
        place=klass.where,
        printed_on=timezone.localdate(),
        rows=tuple(
            SheetRow(one.person.name, str(one.person.employer or ""), one.cohort_id != klass.cohort_id)
            for one in people
        ),
    )
