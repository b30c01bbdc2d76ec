"""Classes, registers and attendance."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

if TYPE_CHECKING:
    from lms.models import Attendance, CalendarFeed, ClassSession, Cohort, Enrolment, Register
    from lms.signals import AttendanceSettled


def make_class(cohort: Cohort, days: float = 1, minutes: int = 90, **fields: object) -> ClassSession:
    """A class of the cohort, at nine in the morning so many days from today, or from its own start on."""
    from lms.models import ClassSession

    morning = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=days)
    defaults = {"title": "接案与预估", "title_en": "Intake", "place": "示例市民政局", "room": "301"}
    starts = fields.get("starts_at", morning)
    times = {"starts_at": starts, "ends_at": starts + timedelta(minutes=minutes)}
    return ClassSession.objects.create(cohort=cohort, **defaults | times | fields)


def make_feed(**owner: object) -> CalendarFeed:
    """The calendar of a `person` or a `cohort`, with a secret address."""
    from lms.models import CalendarFeed

    feed = CalendarFeed(**owner)
    feed.token = uuid.uuid4().hex
    feed.save()
    return feed


def make_register(klass: ClassSession, **fields: object) -> Register:
    """The register of a class, opened when its check-in opens."""
    from lms.models import Register

    defaults = {"opened_at": klass.starts_at - timedelta(minutes=30)}
    return Register.objects.create(class_session=klass, **defaults | fields)


def make_attendance(
    klass: ClassSession, enrolment: Enrolment, presence: str = "present", **fields: object
) -> Attendance:
    """What is known of one person in a class, entered by hand; there are 90 minutes for who was there."""
    from lms.models import Attendance

    there = presence in ("present", "late", "left_early")
    defaults = {"method": "officer", "minutes": klass.minutes if there else 0, "presence": presence}
    return Attendance.objects.create(class_session=klass, enrolment=enrolment, **defaults | fields)


def make_settled(
    enrolment: Enrolment, revision: int = 1, minutes: int = 90, **fields: object
) -> AttendanceSettled:
    """What lms tells when an attendance is settled: a class of ninety minutes yesterday at nine."""
    from lms.signals import AttendanceSettled

    morning = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(days=1)
    defaults = {
        "attendance_id": 7,
        "person_id": enrolment.person_id,
        "organisation_id": enrolment.cohort.organisation_id,
        "class_id": 3,
        "enrolment_id": enrolment.pk,
        "title": "接案与预估",
        "title_en": "Intake",
        "cohort_title": enrolment.cohort.title,
        "course_code": "course",
        "starts_at": morning,
        "ends_at": morning + timedelta(minutes=90),
        "method": "qr",
    }
    return AttendanceSettled(revision=revision, minutes=minutes, **defaults | fields)
