"""The queue's side of supervision."""

from celery import shared_task

from supervision.pairings import actions as pairings
from supervision.requests import actions as requests


@shared_task(name="supervision.reconcile")
def reconcile() -> None:
    pairings.reconcile()


@shared_task(name="supervision.watch_requests")
def watch_requests() -> None:
    requests.watch_requests()
