"""What the other apps are told of a settled attendance, and may show of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from core.access.scope import Asker
from lms.attendance.models import Attendance, Register
from lms.attendance.states import Method
from lms.enrolments.states import LEARNING
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


@dataclass(frozen=True)
class AttendanceEvidence:
    """One person in one class as its register stands today; `register_url` and `own_url` are "" where the reader has none."""

    attendance_id: int
    class_title: str
    starts_at: datetime
    ends_at: datetime
    presence_label: str
    came_at: datetime | None
    left_at: datetime | None
    minutes: int
    closed_at: datetime | None
    register_url: str
    own_url: str


def attendance_evidence_of(attendance_id: int, reader: Asker) -> AttendanceEvidence | None:
    """What the ledger may show of an attendance; None when there is none of this number. Two queries.

    Whoever asks decides first whether the reader may see the entry that rests on it. The register itself, with everybody
    in it, is named only to whom it is open; the trainee is led to their own attendance.
    """
    rows = Attendance.objects.select_related("class_session__register", "enrolment__person")
    row = rows.filter(pk=attendance_id).first()
    if row is None:
        return None
    klass = row.class_session
    register = getattr(klass, "register", None)
    is_open = Register.objects.visible_to(reader).filter(pk=klass.pk).exists()
    is_own = reader.pk is not None and row.enrolment.person.user_id == reader.pk
    is_own = is_own and row.enrolment.state in LEARNING  # the page is there as long as the place
    return AttendanceEvidence(
        attendance_id=row.pk,
        class_title=klass.title_here,
        starts_at=klass.starts_at,
        ends_at=klass.ends_at,
        presence_label=row.get_presence_display(),
        came_at=row.checked_in_at,
        left_at=row.checked_out_at,
        minutes=row.minutes,
        closed_at=register.closed_at if register else None,
        register_url=reverse("attendance:register", args=[klass.pk]) if is_open else "",
        own_url=reverse("lms:attendance-own", args=[row.enrolment_id]) if is_own else "",
    )
