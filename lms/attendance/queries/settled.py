"""What the other apps are told of a settled attendance."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from lms.attendance.models import Attendance
from lms.attendance.states import Method
from lms.signals import AttendanceSettled


def settled_event(row: Attendance) -> AttendanceSettled:
    """The event that tells the other apps of a settled row (its class with cohort and version, its enrolment loaded)."""
    klass = row.class_session
    return AttendanceSettled(
        attendance_id=row.pk,
        revision=row.revision,
        person_id=row.enrolment.person_id,
        organisation_id=klass.cohort.organisation_id,
        class_id=klass.pk,
        enrolment_id=row.enrolment_id,
        title=klass.title,
        title_en=klass.title_en,
        cohort_title=klass.cohort.title,
        course_code=klass.cohort.version.code,
        minutes=row.minutes,
        starts_at=klass.starts_at,
        ends_at=klass.ends_at,
        method=row.method or Method.OFFICER,
    )


def settled_attendances() -> Iterator[AttendanceSettled]:
    """The newest event of every row that ever told one, so that a gap can be found. One query."""
    rows = (
        Attendance.objects.settled()
        .filter(Q(minutes__gt=0) | Q(revision__gt=1))
        .select_related("class_session__cohort__version", "enrolment")
        .order_by("pk")
    )
    return (settled_event(row) for row in rows.iterator(chunk_size=2000))
