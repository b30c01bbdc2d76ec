"""The queue's side of cms."""

from celery import shared_task

from cms.pages.actions import publish_due


@shared_task(name="cms.publish_due")
def publish_due_pages() -> None:
    publish_due()
