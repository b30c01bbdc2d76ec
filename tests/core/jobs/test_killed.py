"""`kill -9` in the middle of a job loses nothing and doubles nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from core.jobs.actions import claim_job, rescue_jobs, run_job, start_job
from core.jobs.states import JobState
from core.models import Job, Notice, User
from tests.core.jobs.worker import ITEMS, KIND, register

LEASE = 2.0  # seconds
PATIENCE = 60


def database_url() -> str:
    """Where the test's own database is, for a process that reads its settings from the environment."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    return f"postgres://{found['USER']}:{found['PASSWORD']}@{found['HOST']}:{found['PORT']}/{found['NAME']}"


def start_worker(job: Job, folder: Path) -> subprocess.Popen[bytes]:
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "VAR_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    command = [sys.executable, "-m", "tests.core.jobs.worker", str(job.pk), str(LEASE)]
    return subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment)


def wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_loses_and_doubles_nothing(tmp_path: Path) -> None:
    user = User.objects.create_user("owner@example.com")
    job = start_job(kind=KIND, title="rows", params={"user": user.pk}, actor=user, organisation=None)
    worker = start_worker(job, tmp_path)
    try:
        wait_until(lambda: Job.objects.get(pk=job.pk).done >= 20 or worker.poll() is not None)
        assert worker.poll() is None, "the worker ended before it could be killed"
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    half = Job.objects.get(pk=job.pk)
    assert half.state == JobState.RUNNING and 20 <= half.done < ITEMS
    assert 0 < Notice.objects.filter(user=user).count() < ITEMS

    register(pause=0)
    if half.lease_until and half.lease_until.timestamp() > time.time():
        assert claim_job(job.pk) is None, "nobody takes a job while its lease runs"
    wait_until(lambda: bool(rescue_jobs()))
    run_job(job.pk)

    done = Job.objects.get(pk=job.pk)
    assert (done.state, done.attempt, done.done, done.total) == (JobState.DONE, 2, ITEMS, ITEMS)
    rows = list(Notice.objects.filter(user=user).values_list("source", "title"))
    assert len({source for source, _ in rows}) == len(rows) == ITEMS
    assert set(Counter(title for _, title in rows)) == {"1", "2"}, "both attempts did their part"
