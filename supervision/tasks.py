"""The queue's side of supervision."""

from celery import shared_task

from supervision.appointments import actions as appointments
from supervision.pairings import actions as pairings


@shared_task(name="supervision.reconcile")
def reconcile() -> None:
    pairings.reconcile()
    appointments.reconcile()


@shared_task(name="supervision.remind_lapses")
def remind_lapses() -> None:
    appointments.remind_lapses()
