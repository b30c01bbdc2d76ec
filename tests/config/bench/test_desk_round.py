"""A round inside the product is taken from its rows to the pairings, and what is over its budget or wrong is said."""

from __future__ import annotations

import time
from dataclasses import replace

from config.bench.content import Stage
from config.bench.desk_round import DeskRound, desk_round
from config.bench.worker import Took
from core.jobs.actions import run_job
from core.models import ServiceField


def here(job_id):
    began = time.process_time()
    run_job(job_id)
    return Took(time.process_time() - began, 100)


def test_every_pair_of_a_round_becomes_a_pairing_and_both_are_told(tree, cast) -> None:
    for number in range(3):
        ServiceField.objects.get_or_create(
            code=f"bench-{number}", name=f"领域{number}", name_en=f"Field {number}"
        )
    stage = Stage(enrolments=[], halfway=None, officer=cast.city_administrator)  # type: ignore[arg-type]
    found = desk_round(stage, here, supervisors=5, mentees=30)
    assert (found.matched, found.paired, found.told, found.gap) == (30, 30, 60, 0)
    assert found.faults == []
    assert "30 pairs published in " in str(found)


def test_what_is_over_or_wrong_is_a_fault() -> None:
    good = DeskRound(0.5, 12, 2, 9, 3, 200, 30, 30, 0, 60)
    assert good.faults == []
    assert len(replace(good, paired=29, told=57, gap=3).faults) == 3
    assert replace(good, publishing=10.0, peak_mb=600).faults == [
        "round at the desk, publish: 10.0 s, over 9 s",
        "round at the desk: 600 MB, over 500 MB",
    ]
