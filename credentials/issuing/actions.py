"""Issuing the certificates of a whole cohort as a job: killed at any moment it loses and doubles nothing."""

from __future__ import annotations

import tempfile
import zipfile
from typing import Any

from django.core.files.base import File
from django.core.files.storage import storages
from django.db import transaction
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.jobs.actions import ItemFailed, Run, job_kind, start_job
from core.jobs.models import Job
from core.people.models import User
from credentials.certificates.actions import issue, render_file
from credentials.certificates.models import Certificate, PendingIssue
from credentials.issuing.queries import DryRow, dry_run
from lms.public import cohorts_visible_to

KIND = "credentials.issue_cohort"


@transaction.atomic
def start_issue(*, cohort: Any, actor: Asker) -> Job:
    """Start the job that issues what the cohort's people have earned and packs all files. Side effects: job, audit."""
    job = start_job(
        kind=KIND,
        title=_("Certificates of %(cohort)s") % {"cohort": cohort.title},
        params={"cohort": cohort.pk, "actor": actor.pk},
        actor=actor,
        organisation=cohort.organisation,
    )
    record(action="credentials.start_issue", target=cohort, actor=actor, organisation=cohort.organisation, after={"job": job.pk})
    return job


@job_kind(KIND)
def issue_cohort(run: Run) -> dict[str, Any]:
    """Issue, render and pack. Every step finds what an earlier attempt has done and goes on from there."""
    actor = User.objects.get(pk=run.params["actor"])
    cohort = cohorts_visible_to(actor).get(pk=run.params["cohort"])
    rows = dry_run(cohort)
    made: list[int] = []

    def do(row: DryRow) -> None:
        if row.event.person_id == getattr(getattr(actor, "person", None), "pk", None):
            raise ItemFailed(_("Nobody issues a certificate to themselves. Ask a colleague to do it."))
        certificate = issue(event=row.event, actor=actor)
        if certificate is None:
            hold = PendingIssue.objects.get(enrolment_id=row.event.enrolment_id)
            raise ItemFailed(hold.reason)
        render_file(certificate_id=certificate.pk)
        made.append(certificate.pk)

    run.each(rows, do, total=len(rows), label=lambda row: (str(row.event.enrolment_id), row.name))
    name = _pack(run.job, made)
    return {"issued": len(made), "of": len(rows), "file": name}


def _pack(job: Job, certificates: list[int]) -> str:
    """The ZIP of all files, named by serial and holder; written beside and then moved, so that it is whole or absent."""
    store = storages["private"]
    with tempfile.TemporaryFile() as scratch:
        with zipfile.ZipFile(scratch, "w", zipfile.ZIP_STORED) as archive:
            for row in Certificate.objects.filter(pk__in=certificates).order_by("serial"):
                with store.open(row.file) as file:
                    archive.writestr(f"{row.serial} {row.name.replace('/', ' ')}.pdf", file.read())
        scratch.seek(0)
        name = store.save(f"jobs/{job.pk}/certificates.zip", File(scratch))
    Job.objects.filter(pk=job.pk, attempt=job.attempt).update(result_file=name)
    return name.rsplit("/", 1)[-1]
