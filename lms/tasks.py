"""The queue's side of lms."""

from celery import shared_task

from lms.assessments import actions as assessments
from lms.attendance import actions as attendance
from lms.timetable import actions as timetable


@shared_task(name="lms.expire_attempts")
def expire_attempts() -> None:
    assessments.expire_due()


@shared_task(name="lms.remind_classes")
def remind_classes() -> None:
    timetable.remind_classes()


@shared_task(name="lms.close_registers")
def close_registers() -> None:
    attendance.close_due()
