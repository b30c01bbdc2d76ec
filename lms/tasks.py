"""The queue's side of lms."""

from celery import shared_task

from lms import public
from lms.admissions import actions as admissions
from lms.analysis import jobs as analysing
from lms.approvals import actions as approvals
from lms.assessments import actions as assessments
from lms.assignments import actions as assignments
from lms.assignments import jobs as comparing
from lms.attendance import actions as attendance
from lms.conversations.actions import announcements
from lms.courses import jobs as linking
from lms.enrolments import actions as enrolments
from lms.enrolments import jobs
from lms.marking import jobs as regrading
from lms.packages import actions as packages
from lms.pathways import actions as pathways
from lms.surveys import actions as surveys
from lms.timetable import actions as timetable

JOBS = (
    analysing,
    attendance,
    comparing,
    linking,
    jobs,
    packages,
    regrading,
)  # imported: each registers its kinds of jobs with the worker


@shared_task(name="lms.expire_attempts")
def expire_attempts() -> None:
    assessments.expire_due()


@shared_task(name="lms.open_due_rounds")
def open_due_rounds() -> None:
    assignments.open_due_rounds()


@shared_task(name="lms.remind_classes")
def remind_classes() -> None:
    timetable.remind_classes()


@shared_task(name="lms.tell_announcements")
def tell_announcements() -> None:
    announcements.tell_due_announcements()


@shared_task(name="lms.release_places")
def release_places() -> None:
    admissions.release_places()


@shared_task(name="lms.settle_told")
def settle_told() -> None:
    approvals.settle_told()


@shared_task(name="lms.expire_pathways")
def expire_pathways() -> None:
    pathways.reconcile()
    pathways.expire_pathways()


@shared_task(name="lms.remind_deadlines")
def remind_deadlines() -> None:
    pathways.remind_deadlines()


@shared_task(name="lms.run_surveys")
def run_surveys() -> None:
    surveys.run_surveys()


@shared_task(name="lms.close_registers")
def close_registers() -> None:
    attendance.close_due()
    attendance.tell_forgotten()


@shared_task(name="lms.erase_lists")
def erase_lists() -> None:
    attendance.erase_lists()


@shared_task(name="lms.expire_offers")
def expire_offers() -> None:
    enrolments.expire_offers()


@shared_task(name="lms.warn_below_minimum")
def warn_below_minimum() -> None:
    enrolments.warn_below_minimum()


@shared_task(name="lms.reconcile")
def reconcile() -> None:
    public.reconcile()
