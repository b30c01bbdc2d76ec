"""The queue's side of core: it carries numbers of rows, the rows are the truth."""

from typing import Any

from celery import shared_task

from core.attachments import actions as attachments
from core.imports import actions as imports
from core.jobs import actions as jobs
from core.notices import actions as notices
from core.organisations import actions as organisations
from core.people import actions as people


@shared_task(name="core.run_job")
def run_job(job_id: int) -> None:
    jobs.run_job(job_id)


@shared_task(name="core.rescue_jobs")
def rescue_jobs() -> None:
    jobs.rescue_jobs()


@shared_task(name="core.send_letters")
def send_letters() -> None:
    notices.send_due_letters()


@shared_task(name="core.sync_groups")
def sync_groups() -> None:
    organisations.sync_due_groups()


@shared_task(name="core.forget_unconfirmed")
def forget_unconfirmed() -> None:
    people.forget_unconfirmed()


@shared_task(name="core.erase_old_files")
def erase_old_files() -> None:
    imports.erase_old_files()


@shared_task(name="core.erase_unused_files")
def erase_unused_files() -> None:
    attachments.erase_unused()


def queue_job(sender: object, job_id: int, **_: Any) -> None:
    """Hand the job's number to the queue. When the queue is down the row waits for the reconciler."""
    try:
        run_job.delay(job_id)
    except Exception:
        jobs.log.warning("job %s: the queue did not answer; the reconciler will start it", job_id)
