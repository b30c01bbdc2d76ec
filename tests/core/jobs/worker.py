"""A worker in a process of its own: `python -m tests.core.jobs.worker <job> <lease in seconds>`.

Each item makes one row, unique per job and item, so that whatever is lost or doubled can be counted.
"""

from __future__ import annotations

import sys
import time
from datetime import timedelta

KIND = "test.rows"
ITEMS = 120


def register(pause: float) -> None:
    from core.jobs.actions import Run, job_kind
    from core.models import Notice

    @job_kind(KIND)
    def rows(run: Run) -> dict[str, int]:
        """A row an item; done again it finds the row that is there."""

        def one(number: int) -> None:
            source = f"job:{run.job.pk}:{number}"
            Notice.objects.get_or_create(
                user_id=run.params["user"],
                source=source,
                defaults={"kind": "test", "title": str(run.attempt)},
            )
            time.sleep(pause)

        run.each(range(ITEMS), one, total=ITEMS, every=5)
        return {"created": ITEMS}


def main() -> None:
    import django

    django.setup()
    from django.conf import settings

    from core.jobs.actions import run_job

    settings.JOB_LEASE = timedelta(seconds=float(sys.argv[2]))
    register(pause=0.03)
    run_job(int(sys.argv[1]))


if __name__ == "__main__":
    main()
