"""What credentials does when the other apps speak: one line each, idempotent by a unique key on the source."""

from typing import Any

from credentials.certificates import actions as certificates
from credentials.hours import actions as hours
from lms.signals import AttendanceSettled, CourseCompleted
from supervision.signals import ParticipationAmended, ParticipationConfirmed, SessionAmended, SessionConfirmed


def on_course_completed(sender: object, event: CourseCompleted, **_: Any) -> None:
    hours.credit_course(event=event)
    certificates.issue(event=event)


def on_attendance_settled(sender: object, event: AttendanceSettled, **_: Any) -> None:
    hours.credit_attendance(event=event)


def on_session_confirmed(sender: object, event: SessionConfirmed, **_: Any) -> None:
    hours.credit_session(event=event)


def on_session_amended(sender: object, event: SessionAmended, **_: Any) -> None:
    hours.credit_session(event=event)


def on_participation_confirmed(sender: object, event: ParticipationConfirmed, **_: Any) -> None:
    hours.credit_participation(event=event)


def on_participation_amended(sender: object, event: ParticipationAmended, **_: Any) -> None:
    hours.credit_participation(event=event)
