"""Starting, running, rescuing and cancelling jobs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.dispatch import Signal
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks.base import Task

from core.access.scope import Asker
from core.audit.actions import record
from core.jobs.backend import KIND as BACKGROUND
from core.jobs.models import Job, JobFailure
from core.jobs.queries import Place, places
from core.jobs.states import OPEN, JobState
from core.organisations.models import Organisation

log = logging.getLogger("xinhuo.jobs")
queued = Signal()  # tells core.tasks that a job row waits; carries job_id


class Fenced(Exception):
    """This worker no longer holds the job: its lease ran out and another attempt has begun, or it was cancelled."""


class ItemFailed(Exception):
    """One item cannot be done; the message says why in words for the person who started the job."""


@dataclass
class Run:
    """What a job's function sees of its job: the parameters, and the means to report. Every report renews the lease."""

    job: Job
    attempt: int
    failures: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def params(self) -> dict[str, Any]:
        return dict(self.job.params)

    def report(self, done: int, total: int) -> None:
        """Say how far the work is. Raises Fenced when the job is no longer this worker's."""
        self._write(done=min(done, total), total=total, lease_until=timezone.now() + settings.JOB_LEASE)

    def each(
        self,
        items: Iterable[Any],
        do: Callable[[Any], None],
        *,
        total: int,
        every: int = 20,
        label: Callable[[Any], tuple[str, str]] | None = None,
    ) -> None:
        """Do every item, reporting as it goes; an ItemFailed is noted against the item and the work goes on.

        `label` gives an item's key and name for the list of failures. `do` must be idempotent: after a crash the next attempt may meet an item that is already done.
        """
        self.report(0, total)
        for number, item in enumerate(items, start=1):
            try:
                do(item)
            except ItemFailed as failure:
                key, name = label(item) if label else (str(getattr(item, "pk", item)), str(item))
                self.failed(key, name, str(failure))
            if number % every == 0 or number == total:
                self.report(number, total)

    def failed(self, key: str, label: str, reason: str) -> None:
        """Note an item that cannot be done and why."""
        JobFailure.objects.update_or_create(
            job=self.job, key=key[:120], defaults={"label": label[:200], "reason": reason}
        )

    def _write(self, **changes: Any) -> None:
        mine = Job.objects.filter(pk=self.job.pk, attempt=self.attempt, state=JobState.RUNNING)
        if not mine.update(**changes):
            raise Fenced(f"job {self.job.pk} attempt {self.attempt}")
        for name, value in changes.items():
            setattr(self.job, name, value)


JobFunction = Callable[[Run], dict[str, Any]]
_functions: dict[str, JobFunction] = {}


def job_kind(
    kind: str, place: Callable[[Job], Place | None] | None = None
) -> Callable[[JobFunction], JobFunction]:
    """Register the function that does jobs of this kind; it returns the result shown on the job's page. `place` says
    what a job belongs to: its page leads there."""

    def register(function: JobFunction) -> JobFunction:
        _functions[kind] = function
        if place is not None:
            places[kind] = place
        return function

    return register


def start_job(
    *,
    kind: str,
    title: str,
    params: dict[str, Any],
    actor: Asker | None,
    organisation: Organisation | None,
    dedupe_key: str | None = None,
) -> Job:
    """Write the job row in the caller's transaction and queue it when that commits.

    With a `dedupe_key` the same work is not started twice while it is known: the existing job is returned.
    """
    fields = {
        "kind": kind,
        "title": title[:200],
        "params": params,
        "organisation": organisation,
        "created_by": actor if actor is not None and actor.is_authenticated else None,
    }
    if dedupe_key is None:
        job, made = Job.objects.create(**fields), True
    else:
        job, made = Job.objects.get_or_create(dedupe_key=dedupe_key, defaults=fields)
    if made:
        transaction.on_commit(lambda: queued.send(Job, job_id=job.pk))
    return job


def running_job(*, kind: str, params: dict[str, Any], actor: Asker | None) -> Job | None:
    """The job of this account that does the same still, None where there is none: a second click gets it instead of another.

    Whoever starts one holds a lock that two clicks share, so that the second finds the job of the first. Compared here,
    since not every database compares JSON by what it means.
    """
    mine = Job.objects.filter(kind=kind, created_by=actor.pk if actor else None, state__in=sorted(OPEN))
    return next((job for job in mine if job.params == params), None)


def start_once(
    *, kind: str, title: str, params: dict[str, Any], actor: Asker | None, organisation: Organisation | None
) -> Job:
    """My job that does this still, else a new one (see `running_job`, `start_job`): what is asked again after that has ended
    is done again."""
    return running_job(kind=kind, params=params, actor=actor) or start_job(
        kind=kind, title=title, params=params, actor=actor, organisation=organisation
    )


def claim_job(job_id: int) -> Run | None:
    """Take a queued job, or one whose lease ran out; None when somebody else has it or it is finished."""
    now = timezone.now()
    free = Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, lease_until__lt=now)
    job = Job.objects.filter(pk=job_id).first()
    if job is None:
        return None
    taken = Job.objects.filter(free, pk=job_id, attempt=job.attempt).update(
        state=JobState.RUNNING,
        attempt=F("attempt") + 1,
        lease_until=now + settings.JOB_LEASE,
        started_at=job.started_at or now,
        error="",
    )
    if not taken:
        return None
    job.refresh_from_db()
    return Run(job=job, attempt=job.attempt)


def run_job(job_id: int) -> None:
    """Claim the job and do it. A function that raises leaves the job failed, with the reason on its page."""
    run = claim_job(job_id)
    if run is None:
        return
    try:
        function = _functions[run.job.kind]
        result = function(run)
        run._write(
            state=JobState.DONE, result=result, finished_at=timezone.now(), done=F("total"), lease_until=None
        )
    except Fenced:
        log.info("job %s: another attempt has taken over", job_id)
    except Exception as error:
        log.exception("job %s failed", job_id)
        Job.objects.filter(pk=job_id, attempt=run.attempt, state=JobState.RUNNING).update(
            state=JobState.FAILED,
            error=f"{type(error).__name__}: {error}"[:2000],
            finished_at=timezone.now(),
            lease_until=None,
        )


def rescue_jobs() -> int:
    """Queue again every job that waits or whose worker went silent; returns how many. Safe to call at any time."""
    due = Job.objects.filter(
        Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, lease_until__lt=timezone.now())
    ).values_list("pk", flat=True)
    for job_id in due:
        queued.send(Job, job_id=job_id)
    return len(due)


@transaction.atomic
def retry_job(*, job: Job, actor: Asker) -> bool:
    """Queue a failed job again, with a clean list of failures; False when it is not failed any more. Audited."""
    changed = Job.objects.filter(pk=job.pk, state=JobState.FAILED).update(
        state=JobState.QUEUED, finished_at=None, error=""
    )
    if changed:
        job.failures.all().delete()
        record(action="core.retry_job", target=job, actor=actor, organisation=job.organisation)
        transaction.on_commit(lambda: queued.send(Job, job_id=job.pk))
    return bool(changed)


@transaction.atomic
def cancel_job(*, job: Job, actor: Asker) -> bool:
    """Stop a job that waits or runs; its worker notices at the next report. What is done stays done. Audited."""
    changed = Job.objects.filter(pk=job.pk, state__in=[JobState.QUEUED, JobState.RUNNING]).update(
        state=JobState.CANCELLED, finished_at=timezone.now(), lease_until=None
    )
    if changed:
        record(action="core.cancel_job", target=job, actor=actor, organisation=job.organisation)
    return bool(changed)


@job_kind(BACKGROUND)
def background_task(run: Run) -> dict[str, Any]:
    """Do one of Wagtail's background tasks. Whatever else the row names is refused."""
    task = import_string(run.params["task"])
    if not isinstance(task, Task):
        raise TypeError(f"{run.params['task']} is not a background task")
    task.call(*run.params["args"], **run.params["kwargs"])
    return {}
