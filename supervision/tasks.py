"""The queue's side of supervision."""

from celery import shared_task

from supervision.agreements import actions as agreements
from supervision.pairings import actions as pairings


@shared_task(name="supervision.reconcile")
def reconcile() -> None:
    pairings.reconcile()


@shared_task(name="supervision.remind_pairs")
def remind_pairs() -> None:
    pairings.tell_quiet()
    agreements.remind_reviews()
