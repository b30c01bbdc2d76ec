"""Issuing the certificates of a whole cohort as a job: killed at any moment it loses and doubles nothing."""

from __future__ import annotations

import tempfile
import zipfile
from typing import Any

from django.core.files.base import File
from django.core.files.storage import storages
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.jobs.actions import ItemFailed, Run, job_kind, running_job, start_job
from core.jobs.models import Job
from core.jobs.queries import Place
from core.organisations.models import Organisation
from core.people.models import User
from core.states import Refused
from credentials.certificates.actions import issue
from credentials.certificates.files import open_file
from credentials.certificates.models import Certificate, PendingIssue
from credentials.certificates.queries import chain_of
from credentials.certificates.states import CertificateState
from credentials.issuing.queries import DryRow, Outlook, dry_run
from lms.public import cohorts_visible_to

KIND = "credentials.issue_cohort"
UNSAFE = str.maketrans(dict.fromkeys('\\/:*?"<>|', " "))  # what some system refuses in the name of a file


@transaction.atomic
def start_issue(*, cohort: Any, actor: Asker) -> Job:
    """Start the job that issues what the cohort's people have earned and packs all files.

    A second click while it waits or runs gets the same job. Side effects: job, audit.
    """
    Organisation.objects.select_for_update().get(
        pk=cohort.organisation_id
    )  # of two clicks the second waits here
    params = {"cohort": cohort.pk, "actor": actor.pk}
    if running := running_job(kind=KIND, params=params, actor=actor):
        return running
    job = start_job(
        kind=KIND,
        title=_("Certificates of %(cohort)s") % {"cohort": cohort.title_here},
        params=params,
        actor=actor,
        organisation=cohort.organisation,
    )
    record(
        action="credentials.start_issue",
        target=cohort,
        actor=actor,
        organisation=cohort.organisation,
        after={"job": job.pk},
    )
    return job


def _place(job: Job) -> Place:
    return Place(_("Certificates of this cohort"), reverse("issuing:cohort", args=[job.params["cohort"]]))


@job_kind(KIND, _place)
def issue_cohort(run: Run) -> dict[str, Any]:
    """Issue, render and pack. Every step finds what an earlier attempt has done and goes on from there.

    Whoever asked may have lost the right since: the job fails, with the sentence on its page.
    """
    actor = User.objects.select_related("person").get(pk=run.params["actor"])
    try:
        cohort = _require_cohort(run.params["cohort"], actor)
    except Refused as refusal:
        run.failed(str(run.params["cohort"]), run.job.title, str(refusal))
        raise
    rows = [row for row in dry_run(cohort, actor) if row.outlook != Outlook.NOT_YET]
    made: list[int] = []

    def do(row: DryRow) -> None:
        made.append(_issue_one(row, actor))

    run.each(rows, do, total=len(rows), label=lambda row: (str(row.enrolment_id), row.name))
    name = _pack(run, made) if made else ""
    return {"packed": len(made), "of": len(rows), "file": name}


def _require_cohort(pk: int, actor: User) -> Any:
    """The cohort, once the question that was asked at the click is asked again: between the two a role may have ended."""
    cohort = cohorts_visible_to(actor).filter(pk=pk).first()
    if cohort is None or not (actor.is_active and actor.has_perm("credentials.add_certificate", cohort)):
        raise Refused(
            _(
                "Nothing was issued: your role for this cohort has ended since you asked for it. Whoever administers it now can issue."
            )
        )
    return cohort


def _issue_one(row: DryRow, actor: User) -> int:
    """Issue one certificate with its file, or find the one that counts today; returns its key."""
    if row.event is None or (row.outlook == Outlook.CANNOT and row.is_own):
        raise ItemFailed(row.note)
    certificate = issue(event=row.event, actor=actor)
    if certificate is None:
        raise ItemFailed(PendingIssue.objects.get(enrolment_id=row.enrolment_id).reason_here)
    current = chain_of(certificate)[-1]
    if current.state == CertificateState.REVOKED:
        raise ItemFailed(_("The certificate %(serial)s was revoked.") % {"serial": current.serial})
    try:
        open_file(certificate=current).close()
    except FileNotFoundError:
        raise ItemFailed(_("The file of %(serial)s is missing from the store.") % {"serial": current.serial})
    return current.pk


def _pack(run: Run, certificates: list[int]) -> str:
    """The ZIP of all files, named by serial and holder. The row names it when it is whole, so it is whole or absent."""
    store = storages["private"]
    rows = Certificate.objects.filter(pk__in=certificates).order_by("serial")
    with tempfile.TemporaryFile() as scratch:
        with zipfile.ZipFile(scratch, "w", zipfile.ZIP_STORED) as archive:
            for number, row in enumerate(rows, start=1):
                with open_file(certificate=row) as file:
                    archive.writestr(_name_in_archive(row), file.read())
                if number % 100 == 0:
                    run.report(run.job.done, run.job.total)  # packing thousands takes longer than a lease
        scratch.seek(0)
        name = store.save(f"jobs/{run.job.pk}/{_archive_name(run)}", File(scratch))
    Job.objects.filter(pk=run.job.pk, attempt=run.attempt).update(result_file=name)
    return name.rsplit("/", 1)[-1]


def _archive_name(run: Run) -> str:
    """The file is named as the job is: after the cohort."""
    return f"{run.job.title.translate(UNSAFE).strip()[:80]}.zip"


def _name_in_archive(certificate: Certificate) -> str:
    return f"{certificate.serial} {certificate.name.translate(UNSAFE).strip()}.pdf"
