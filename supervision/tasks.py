"""The queue's side of supervision."""

from celery import shared_task

from supervision import public
from supervision.agreements import actions as agreements
from supervision.appointments import actions as appointments
from supervision.circles import actions as circles
from supervision.evaluations import actions as evaluations
from supervision.matching import actions as matching
from supervision.pairings import actions as pairings
from supervision.projects import actions as projects
from supervision.reports import actions as reports
from supervision.requests import actions as requests
from supervision.slots import actions as slots

JOBS = (matching, reports)  # imported: each registers its kinds of jobs with the worker


@shared_task(name="supervision.reconcile")
def reconcile() -> None:
    public.reconcile()


@shared_task(name="supervision.remind_lapses")
def remind_lapses() -> None:
    appointments.remind_lapses()


@shared_task(name="supervision.watch_requests")
def watch_requests() -> None:
    requests.watch_requests()


@shared_task(name="supervision.end_pauses")
def end_pauses() -> None:
    pairings.end_pauses()


@shared_task(name="supervision.tell_quiet")
def tell_quiet() -> None:
    pairings.tell_quiet()


@shared_task(name="supervision.remind_reviews")
def remind_reviews() -> None:
    agreements.remind_reviews()


@shared_task(name="supervision.run_evaluations")
def run_evaluations() -> None:
    evaluations.run_evaluations()


@shared_task(name="supervision.remind_meetings")
def remind_meetings() -> None:
    slots.remind_meetings()


@shared_task(name="supervision.lapse_proposals")
def lapse_proposals() -> None:
    slots.lapse_proposals()


@shared_task(name="supervision.remind_to_record")
def remind_to_record() -> None:
    slots.remind_to_record()


@shared_task(name="supervision.remind_of_hour")
def remind_of_hour() -> None:
    circles.remind_of_hour()


@shared_task(name="supervision.remind_rounds")
def remind_rounds() -> None:
    matching.remind_rounds()


@shared_task(name="supervision.remind_circles")
def remind_circles() -> None:
    circles.remind_circles()


@shared_task(name="supervision.remind_deliverables")
def remind_deliverables() -> None:
    projects.remind_deliverables()
