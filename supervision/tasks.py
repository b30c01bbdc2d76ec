"""The queue's side of supervision."""

from celery import shared_task

from supervision.pairings import actions as pairings


@shared_task(name="supervision.reconcile")
def reconcile() -> None:
    pairings.reconcile()
