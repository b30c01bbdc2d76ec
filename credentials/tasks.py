"""The queue's side of credentials: it carries numbers of rows, the rows are the truth."""

import logging
from typing import Any

from celery import shared_task

from credentials.awards import actions as awards
from credentials.certificates import actions as certificates
from credentials.certificates import files
from credentials.claims import actions as claims
from credentials.forecasts import actions as forecasts
from credentials.hours import actions as hours
from credentials.internships import actions as internships
from credentials.issuing import actions as issuing
from credentials.payments import jobs as payments
from credentials.public_notices import actions as public_notices
from credentials.qualifications import actions as qualifications
from credentials.renewals import jobs as renewals
from credentials.talent import actions as talent

JOBS = (
    claims,
    forecasts,
    issuing,
    payments,
    renewals,
)  # imported: each registers its kinds of jobs with the worker

log = logging.getLogger("xinhuo.certificates")


@shared_task(name="credentials.render_file")
def render_file(certificate_id: int) -> None:
    files.render_file(certificate_id=certificate_id)


@shared_task(name="credentials.reconcile_hours")
def reconcile_hours() -> None:
    hours.reconcile()


@shared_task(name="credentials.reconcile_certificates")
def reconcile_certificates() -> None:
    certificates.reconcile()


@shared_task(name="credentials.close_notices")
def close_notices() -> None:
    public_notices.reconcile()


@shared_task(name="credentials.erase_objectors")
def erase_objectors() -> None:
    public_notices.erase_objectors()


@shared_task(name="credentials.reconcile_awards")
def reconcile_awards() -> None:
    awards.reconcile()


@shared_task(name="credentials.reconcile_noticed")
def reconcile_noticed() -> None:
    claims.reconcile_noticed()


@shared_task(name="credentials.remind_reviewers")
def remind_reviewers() -> None:
    claims.remind_reviewers()


@shared_task(name="credentials.remind_registrations")
def remind_registrations() -> None:
    qualifications.remind_registrations()


def queue_file(sender: object, certificate_id: int, **_: Any) -> None:
    """Hand the number to the queue. When the queue is down, the download or the reconciler makes the file."""
    try:
        render_file.delay(certificate_id)
    except Exception:
        log.warning(
            "certificate %s: the queue did not answer; the reconciler will make the file", certificate_id
        )


@shared_task(name="credentials.refresh_profiles")
def refresh_profiles(person_ids: list[int]) -> None:
    talent.refresh_profiles(person_ids=person_ids)


@shared_task(name="credentials.reconcile_pool")
def reconcile_pool() -> None:
    talent.reconcile()


def queue_refresh(sender: object, person_ids: tuple[int, ...], **_: Any) -> None:
    """Hand the numbers to the queue. When the queue is down, the reconciler finds what is untrue."""
    try:
        refresh_profiles.delay(list(person_ids))
    except Exception:
        talent.log.warning("talent pool: the queue did not answer; the reconciler will repair %s", person_ids)


@shared_task(name="credentials.remind_claimants")
def remind_claimants() -> None:
    claims.remind_claimants()


@shared_task(name="credentials.remind_interns")
def remind_interns() -> None:
    internships.remind_interns()
