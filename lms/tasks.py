"""The queue's side of lms."""

from celery import shared_task

from lms.assessments import actions as assessments
from lms.enrolments import actions as enrolments
from lms.timetable import actions as timetable


@shared_task(name="lms.expire_attempts")
def expire_attempts() -> None:
    assessments.expire_due()


@shared_task(name="lms.remind_classes")
def remind_classes() -> None:
    timetable.remind_classes()


@shared_task(name="lms.expire_offers")
def expire_offers() -> None:
    enrolments.expire_offers()


@shared_task(name="lms.warn_below_minimum")
def warn_below_minimum() -> None:
    enrolments.warn_below_minimum()
