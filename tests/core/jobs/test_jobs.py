"""Jobs: claimed by one, fenced off from the late, shown to whom they concern."""

from __future__ import annotations

import datetime
from threading import Barrier, Thread
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from core.jobs.actions import (
    Fenced,
    ItemFailed,
    Run,
    cancel_job,
    claim_job,
    job_kind,
    rescue_jobs,
    retry_job,
    run_job,
    start_job,
    start_once,
)
from core.jobs.states import MOVES, JobState
from core.models import AuditEntry, Job, Organisation, User

MINUTE = datetime.timedelta(minutes=1)


@job_kind("test.numbers")
def numbers(run: Run) -> dict[str, int]:
    """Ten numbers, of which the odd ones cannot be done."""

    def one(number: int) -> None:
        if number % 2:
            raise ItemFailed("odd")

    run.each(range(10), one, total=10)
    return {"done": 5, "file": 0}


@job_kind("test.broken")
def broken(run: Run) -> dict[str, int]:
    run.report(1, 3)
    raise RuntimeError("the printer is on fire")


def new_job(
    kind: str = "test.numbers", actor: User | None = None, organisation: Organisation | None = None
) -> Job:
    return start_job(kind=kind, title="数数", params={}, actor=actor, organisation=organisation)


@pytest.mark.django_db
def test_the_same_asked_again_is_my_job_while_it_goes_on_and_another_afterwards(
    cast: SimpleNamespace,
) -> None:
    def asked(actor: User, **params: object) -> Job:
        return start_once(kind="test.numbers", title="数数", params=params, actor=actor, organisation=None)

    first = asked(cast.trainee, of=[1, 2], on="2026-01-01")

    assert asked(cast.trainee, on="2026-01-01", of=[1, 2]) == first
    others = [
        asked(cast.trainee, of=[2, 1], on="2026-01-01"),
        asked(cast.other_trainee, of=[1, 2], on="2026-01-01"),
    ]
    assert first not in others
    for state in JobState.values:
        Job.objects.filter(pk=first.pk).update(state=state)
        again = asked(cast.trainee, of=[1, 2], on="2026-01-01")
        assert (again == first) is (state in ("queued", "running"))
        Job.objects.exclude(pk=first.pk).delete()


@pytest.mark.django_db
class TestRunning:
    def test_a_job_is_done_and_says_what_could_not_be(self) -> None:
        job = new_job()
        run_job(job.pk)
        job.refresh_from_db()
        assert (job.state, job.done, job.total, job.percent) == ("done", 10, 10, 100)
        assert [failure.label for failure in job.failures.all()] == ["1", "3", "5", "7", "9"]

    def test_a_job_that_breaks_says_why_and_can_be_started_again(self) -> None:
        job = new_job("test.broken")
        run_job(job.pk)
        job.refresh_from_db()
        assert job.state == "failed" and "on fire" in job.error
        user = User.objects.create_user("a@example.com")
        assert retry_job(job=job, actor=user) and not retry_job(job=job, actor=user)
        job.refresh_from_db()
        assert (job.state, job.error) == ("queued", "")

    def test_an_attempt_that_was_overtaken_can_write_nothing(self) -> None:
        job = new_job()
        first = claim_job(job.pk)
        assert first and claim_job(job.pk) is None
        Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - MINUTE)
        second = claim_job(job.pk)
        assert second and second.attempt == 2
        with pytest.raises(Fenced):
            first.report(5, 10)
        second.report(3, 10)
        job.refresh_from_db()
        assert job.done == 3

    def test_a_cancelled_job_stops_at_its_next_report(self) -> None:
        user = User.objects.create_user("a@example.com")
        job = new_job(actor=user)
        run = claim_job(job.pk)
        assert cancel_job(job=job, actor=user) and not cancel_job(job=job, actor=user)
        with pytest.raises(Fenced):
            run.report(1, 10)
        run_job(job.pk)
        job.refresh_from_db()
        assert job.state == "cancelled"
        assert AuditEntry.objects.filter(action="core.cancel_job").count() == 1

    def test_rescue_finds_what_waits_and_what_went_silent(self) -> None:
        waiting, silent, busy, done = (new_job() for _ in range(4))
        for job, lease in ((silent, -MINUTE), (busy, MINUTE)):
            claim_job(job.pk)
            Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() + lease)
        Job.objects.filter(pk=done.pk).update(state=JobState.DONE)
        assert waiting and rescue_jobs() == 2

    def test_the_same_work_is_not_started_twice(self) -> None:
        facts = {"kind": "test.numbers", "title": "x", "params": {}, "actor": None, "organisation": None}
        assert start_job(**facts, dedupe_key="cohort:1") == start_job(**facts, dedupe_key="cohort:1")

    def test_the_database_refuses_a_state_that_is_none(self) -> None:
        job = new_job()
        for change in ({"state": "asleep"}, {"done": 5, "total": 3}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Job.objects.filter(pk=job.pk).update(**change)

    def test_nothing_leads_out_of_the_last_states(self) -> None:
        assert MOVES[JobState.DONE] == MOVES[JobState.CANCELLED] == ()


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_of_eight_workers_one_gets_the_job() -> None:
    job, start, runs = new_job(), Barrier(8), []

    def worker() -> None:
        start.wait()
        runs.append(claim_job(job.pk))
        connection.close()

    threads = [Thread(target=worker) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(run is not None for run in runs) == 1 and len(runs) == 8


@pytest.fixture
def job(cast: SimpleNamespace, tree: dict[str, Organisation]) -> Job:
    return new_job(actor=cast.administrator, organisation=tree["district"])


def test_the_page_asks_again_only_while_the_job_is_open(
    client: Client, cast: SimpleNamespace, job: Job
) -> None:
    client.force_login(cast.administrator)
    for path in (f"/jobs/{job.pk}/", f"/jobs/{job.pk}/progress/"):
        assert f'hx-get="/jobs/{job.pk}/progress/"' in client.get(path).content.decode()
    run_job(job.pk)
    body = client.get(f"/jobs/{job.pk}/progress/").content.decode()
    assert "hx-get" not in body and body.count("odd") == 5


def test_stopping_and_starting_again_by_their_buttons(
    client: Client, cast: SimpleNamespace, job: Job
) -> None:
    client.force_login(cast.administrator)
    assert client.get(f"/jobs/{job.pk}/cancel/").status_code == 405
    for _ in range(2):
        assert client.post(f"/jobs/{job.pk}/cancel/").status_code == 302
    job.refresh_from_db()
    assert job.state == "cancelled"
    Job.objects.filter(pk=job.pk).update(state="failed", error="x")
    client.post(f"/jobs/{job.pk}/retry/")
    job.refresh_from_db()
    assert job.state == "queued"


def test_the_file_is_for_those_who_see_the_job(client: Client, cast: SimpleNamespace, job: Job) -> None:
    name = storages["private"].save("jobs/名单.zip", ContentFile(b"PK"))
    Job.objects.filter(pk=job.pk).update(result_file=name)
    client.force_login(cast.administrator)
    assert client.get(f"/jobs/{job.pk}/file/").status_code == 404  # not finished
    Job.objects.filter(pk=job.pk).update(state="done")
    assert b"".join(client.get(f"/jobs/{job.pk}/file/").streaming_content) == b"PK"
    client.force_login(cast.outsider)
    assert client.get(f"/jobs/{job.pk}/file/").status_code == 404


@pytest.mark.parametrize(
    ("part", "sees", "acts"),
    [
        ("administrator", True, True),
        ("city_administrator", True, True),
        ("auditor", True, False),
        ("outsider", False, False),
        ("trainee", False, False),
    ],
)
def test_who_sees_and_who_stops(
    client: Client, cast: SimpleNamespace, job: Job, part: str, sees: bool, acts: bool
) -> None:
    client.force_login(getattr(cast, part))
    assert (client.get(f"/jobs/{job.pk}/").status_code == 200) is sees
    assert (client.post(f"/jobs/{job.pk}/cancel/").status_code == 302) is acts


def test_the_desk_lists_the_jobs_in_scope(client: Client, cast: SimpleNamespace, job: Job) -> None:
    client.force_login(cast.administrator)
    assert f"/jobs/{job.pk}/" in client.get("/admin/jobs/").content.decode()
    client.force_login(cast.outsider)
    assert f"/jobs/{job.pk}/" not in client.get("/admin/jobs/").content.decode()
