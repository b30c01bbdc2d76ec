"""The queue's side of supervision."""

from celery import shared_task

from supervision import public
from supervision.agreements import actions as agreements
from supervision.appointments import actions as appointments
from supervision.circles import actions as circles
from supervision.evaluations import actions as evaluations
from supervision.matching import actions as matching  # registers the jobs of rounds with the worker
from supervision.pairings import actions as pairings
from supervision.projects import actions as projects
from supervision.requests import actions as requests
from supervision.slots import actions as slots


@shared_task(name="supervision.reconcile")
def reconcile() -> None:
    public.reconcile()


@shared_task(name="supervision.remind_lapses")
def remind_lapses() -> None:
    appointments.remind_lapses()


@shared_task(name="supervision.watch_requests")
def watch_requests() -> None:
    requests.watch_requests()


@shared_task(name="supervision.remind_pairs")
def remind_pairs() -> None:
    pairings.end_pauses()
    pairings.tell_quiet()
    agreements.remind_reviews()
    evaluations.run_evaluations()


@shared_task(name="supervision.watch_meetings")
def watch_meetings() -> None:
    slots.remind_meetings()
    slots.lapse_proposals()
    slots.remind_to_record()
    circles.remind_of_hour()


@shared_task(name="supervision.remind_rounds")
def remind_rounds() -> None:
    matching.remind_rounds()


@shared_task(name="supervision.remind_circles")
def remind_circles() -> None:
    circles.remind_circles()
    projects.remind_deliverables()
