"""Work in a process of its own, so that it can be killed for real: `python -m tests.credentials.worker …`.

`complete`        completes every enrolment that is learned, one after the other, and makes its file
`job <id> <s>`    runs a job with a lease of so many seconds
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta

PATIENCE = 60


def start(*words: object) -> subprocess.Popen[bytes]:
    """The same database and the same files as the test's own, in another process."""
    from django.conf import settings

    from tests.core.jobs.test_killed import database_url

    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "VAR_DIR": str(settings.VAR_DIR),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    command = [sys.executable, "-m", "tests.credentials.worker", *map(str, words)]
    return subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment)


def kill_when(worker: subprocess.Popen[bytes], happened: Callable[[], bool]) -> None:
    """`kill -9` as soon as it happened; a worker that ended before was no test."""
    deadline = time.monotonic() + PATIENCE
    try:
        while not happened():
            assert worker.poll() is None, "the worker ended before it could be killed"
            assert time.monotonic() < deadline, "it did not happen in time"
            time.sleep(0.01)
        assert worker.poll() is None, "the worker ended before it could be killed"
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()


def main(what: str, *words: str) -> None:
    import django

    django.setup()
    from django.conf import settings

    from core.jobs.actions import run_job
    from credentials.certificates.files import render_file
    from credentials.models import Certificate
    from lms.enrolments.actions import complete_if_done
    from lms.models import Enrolment

    if what == "job":
        settings.JOB_LEASE = timedelta(seconds=float(words[1]))
        run_job(int(words[0]))
        return
    for enrolment in Enrolment.objects.order_by("pk"):
        complete_if_done(enrolment=enrolment)
        render_file(certificate_id=Certificate.objects.get(enrolment=enrolment).pk)


if __name__ == "__main__":
    main(*sys.argv[1:])
