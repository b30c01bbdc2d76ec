"""`kill -9` in the middle of issuing for a cohort: the next attempt loses and doubles nothing."""

import hashlib
import random
import time
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.utils import timezone

from core.jobs.actions import run_job
from core.models import Job, Notice, Person, User
from credentials.issuing.actions import start_issue
from credentials.models import Certificate, SerialCounter, SigningKey
from tests.credentials.worker import kill_when, start
from tests.factories import give_role, make_cohort, make_enrolment, make_organisation, make_user

PEOPLE = 120
KILLS = 3
LEASE = 2.0  # seconds


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_a_cohort_whose_worker_was_killed_gets_every_certificate_once():
    district = make_organisation("和平区指导中心", tier="county", kind="centre")
    officer = make_user("单于明", district)
    give_role(officer, "administrator", district)
    cohort = make_cohort(district, capacity=PEOPLE)
    users = User.objects.bulk_create([User(email=f"a{number}@example.com") for number in range(PEOPLE)])
    for person in Person.objects.bulk_create([Person(user=user, name="林一") for user in users]):
        make_enrolment(cohort, person, "completed")
    job = start_issue(cohort=cohort, actor=officer)
    targets = sorted(random.sample(range(1, PEOPLE - 10), KILLS))  # at another moment in every run
    for target in targets:
        wait_for_lease(job)
        kill_when(start("job", job.pk, LEASE), lambda target=target: Certificate.objects.count() >= target)
        half = Job.objects.get(pk=job.pk)
        assert half.state == "running"
        assert not half.result_file
        assert Certificate.objects.count() < PEOPLE
    wait_for_lease(job)
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempt, job.done, job.total) == ("done", KILLS + 1, PEOPLE, PEOPLE)
    assert job.result["packed"] == PEOPLE
    assert Certificate.objects.values("enrolment").distinct().count() == Certificate.objects.count() == PEOPLE
    numbers = sorted(int(serial[8:14]) for serial in Certificate.objects.values_list("serial", flat=True))
    assert numbers == list(range(1, PEOPLE + 1))
    assert SerialCounter.objects.get().last == PEOPLE
    assert Notice.objects.filter(kind="certificate").count() == PEOPLE
    with storages["private"].open(job.result_file) as file, zipfile.ZipFile(file) as archive:
        packed = [hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()]
    assert sorted(packed) == sorted(Certificate.objects.values_list("sha256", flat=True))
    assert len(set(packed)) == PEOPLE
    key = SigningKey.objects.get()
    assert set(Certificate.objects.values_list("signed_with", flat=True)) == {key.pk}, (
        "all signed with the one key"
    )


def wait_for_lease(job: Job) -> None:
    while Job.objects.filter(pk=job.pk, lease_until__gt=timezone.now() - timedelta(milliseconds=10)).exists():
        time.sleep(0.05)
