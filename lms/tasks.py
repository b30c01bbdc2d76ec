"""The queue's side of lms."""

from celery import shared_task

from lms.admissions import actions as admissions
from lms.assessments import actions as assessments
from lms.timetable import actions as timetable


@shared_task(name="lms.expire_attempts")
def expire_attempts() -> None:
    assessments.expire_due()


@shared_task(name="lms.remind_classes")
def remind_classes() -> None:
    timetable.remind_classes()


@shared_task(name="lms.release_places")
def release_places() -> None:
    admissions.release_places()
