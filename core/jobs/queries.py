"""What the page of a job shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.jobs.models import Job, JobFailure
from core.jobs.states import OPEN, JobState

FAILURES_SHOWN = 200
TONES = {
    JobState.QUEUED: "wait",
    JobState.RUNNING: "info",
    JobState.DONE: "good",
    JobState.FAILED: "bad",
    JobState.CANCELLED: "plain",
}
# What the results of jobs are called; a key that is not here is shown as it is.
RESULT_WORDS = {
    "people": _("People"),
    "issued": _("Issued"),
    "packed": _("Certificates in the file"),
    "of": _("Of"),
    "done": _("Done"),
    "skipped": _("Skipped"),
    "created": _("Created"),
    "changed": _("Changed"),
    "new": _("New"),
    "known": _("Already there"),
    "wrong": _("Wrong"),
    "applied": _("Taken over"),
    "completed": _("Completed"),
    "links": _("Links asked"),
    "not_asked": _("Links not asked"),
}
NOT_SHOWN = {"file"}


@dataclass(frozen=True)
class Place:
    """What a job or a table belongs to, such as a cohort: in words, and its page."""

    label: str
    url: str


places: dict[str, Callable[[Job], Place | None]] = {}
"""By the kind of job: where it belongs. Registered with the function that does it."""


@dataclass(frozen=True)
class JobSheet:
    """One job as its page shows it."""

    job: Job
    tone: str
    is_open: bool
    results: list[tuple[str, Any]]
    failures: list[JobFailure]
    failed: int
    has_file: bool


def place_of(job: Job) -> Place | None:
    """Where a job leads back to; None for a kind that belongs nowhere, and where what it was about is gone."""
    return places[job.kind](job) if job.kind in places else None


def sheet_of(job: Job) -> JobSheet:
    """Two queries at most: the failures and their number."""
    failures = list(job.failures.all()[: FAILURES_SHOWN + 1])
    failed = len(failures) if len(failures) <= FAILURES_SHOWN else job.failures.count()
    results = [
        (RESULT_WORDS.get(key, capfirst(key)), value)
        for key, value in job.result.items()
        if key not in NOT_SHOWN
    ]
    return JobSheet(
        job=job,
        tone=TONES.get(JobState(job.state), "plain"),
        is_open=job.state in OPEN,
        results=results,
        failures=failures[:FAILURES_SHOWN],
        failed=failed,
        has_file=bool(job.result_file) and job.state == JobState.DONE,
    )
