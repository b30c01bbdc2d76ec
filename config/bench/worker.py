"""A process of its own that runs one job, as a worker does, and says what it took. Imports nothing that needs Django."""

from __future__ import annotations

import multiprocessing
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection

from core.jobs.memory import peak_mb


@dataclass(frozen=True)
class Took:
    """Seconds of CPU time for the job alone; the most memory in MB that its process ever held, start included."""

    seconds: float
    peak_mb: float


def in_worker(job_id: int) -> Took:
    """Run the job in a fresh process with the settings and files of this one. Raises EOFError when it dies."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(job_id, theirs))
    process.start()
    theirs.close()
    took: Took = ours.recv()
    process.join()
    return took


def _run(job_id: int, answer: Connection) -> None:
    import django

    django.setup()
    from core.jobs.actions import run_job

    begun = time.process_time()
    run_job(job_id)
    answer.send(Took(time.process_time() - begun, peak_mb()))
