"""The queue's side of lms."""

from celery import shared_task

from lms.assessments import actions as assessments
from lms.conversations.actions import announcements
from lms.timetable import actions as timetable


@shared_task(name="lms.expire_attempts")
def expire_attempts() -> None:
    assessments.expire_due()


@shared_task(name="lms.remind_classes")
def remind_classes() -> None:
    timetable.remind_classes()


@shared_task(name="lms.tell_announcements")
def tell_announcements() -> None:
    announcements.tell_due_announcements()
