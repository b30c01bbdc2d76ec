"""Comparing the works of an assignment with one another, as a job with progress."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.core.files.storage import storages
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.jobs.actions import Run, job_kind, start_once
from core.jobs.models import Job
from core.jobs.queries import Place
from lms.assignments.actions import NotPossible
from lms.assignments.models import SimilarityReport, Submission
from lms.assignments.policy.likeness import LONGEST, MOST_TEXTS, compare
from lms.assignments.queries import latest_works
from lms.cohorts.models import Cohort
from lms.courses.versions import AssignmentVersion, assignment_at
from lms.questions.formats.docx import open_paper
from lms.questions.formats.results import FileRefused

COMPARE = "lms.compare_submissions"
THRESHOLD = 30  # per cent, unless the teacher asks for another
EVERY = 10  # works, between two reports of the job
PICTURE = re.compile(r"\[\[picture:[^\]]*\]\]")


@transaction.atomic
def compare_submissions(
    *, cohort: Cohort, assignment: AssignmentVersion, threshold: int, actor: Asker
) -> Job:
    """Compare the works that were handed in. A second click gets the job of the first.

    Raises NotPossible for a threshold that is no per cent. Side effects: an audit entry; the job, whose report takes the
    place of the one before.
    """
    if not 1 <= threshold <= 100:
        raise NotPossible(_("Choose a share between 1 and 100 per cent."))
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=cohort.pk)
    record(
        action="lms.compare_submissions",
        target=cohort,
        actor=actor,
        organisation=cohort.organisation,
        after={"threshold": threshold},
    )
    return start_once(
        kind=COMPARE,
        title=_("Compare works: %(title)s") % {"title": assignment.title_here},
        params={"cohort": cohort.pk, "key": str(assignment.key), "threshold": threshold},
        actor=actor,
        organisation=cohort.organisation,
    )


def _place(job: Job) -> Place:
    return Place(
        _("Similarity report"),
        reverse("assignments:likeness", args=[job.params["cohort"], job.params["key"]]),
    )


@job_kind(COMPARE, _place)
def compare_works(run: Run) -> dict[str, Any]:
    """Read the works, compare them, keep the report. Run again it makes the same report."""
    cohort, key = Cohort.objects.get(pk=run.params["cohort"]), UUID(run.params["key"])
    assignment = assignment_at(cohort.version_id, key)
    works = list(latest_works(cohort, key).values())[:MOST_TEXTS]
    texts, unread = {}, 0
    run.report(0, len(works))
    for number, work in enumerate(works, start=1):
        texts[work.pk], left = text_of(work)
        unread += left
        if number % EVERY == 0:
            run.report(number, len(works))
    run.report(len(works), len(works))
    common = strip_tags(assignment.html)
    found = compare(texts, threshold=run.params["threshold"], common=common)
    pairs = [
        {"first": row.first, "second": row.second, "share": row.share, "passages": row.passages}
        for row in found
    ]
    SimilarityReport.objects.update_or_create(
        cohort=cohort,
        key=key,
        defaults={
            "threshold": run.params["threshold"],
            "compared": len(texts),
            "unread": unread,
            "pairs": pairs,
            "made_at": timezone.now(),
            "made_by_id": run.job.created_by_id,
        },
    )
    return {"done": len(texts)}


def text_of(work: Submission) -> tuple[str, int]:
    """What was written, that of its Word files included, and how many files could not be read."""
    texts, unread = [work.text], 0
    for file in work.kept_files:
        if PurePath(file.attachment.stored).suffix != ".docx":
            unread += 1
            continue
        try:
            with storages["private"].open(file.attachment.stored) as stored:
                lines = open_paper(stored.read()).lines
        except (FileRefused, FileNotFoundError):
            unread += 1
        else:
            texts.append(PICTURE.sub("", "\n".join(lines)))
    return "\n".join(texts)[:LONGEST], unread
