"""The queue's side of lms."""

from celery import shared_task

from lms.assessments import actions as assessments


@shared_task(name="lms.expire_attempts")
def expire_attempts() -> None:
    assessments.expire_due()
