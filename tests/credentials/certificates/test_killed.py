"""`kill -9` between a completion and its certificate: afterwards everything is there, once."""

import pytest
from django.core.management import call_command

from core.models import Person, User
from credentials.models import Certificate, HoursEntry, SerialCounter
from lms.models import Enrolment
from tests.credentials.conftest import pdf_of
from tests.credentials.worker import kill_when, start
from tests.factories import make_cohort, make_enrolment, make_learned, make_organisation

PEOPLE = 60


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_completions_that_were_killed_in_the_middle_are_made_whole(capsys):
    cohort = make_cohort(make_organisation("和平区指导中心", tier="county", kind="centre"), capacity=PEOPLE)
    users = User.objects.bulk_create([User(email=f"a{number}@example.com") for number in range(PEOPLE)])
    for person in Person.objects.bulk_create([Person(user=user, name="林一") for user in users]):
        make_learned(make_enrolment(cohort, person))
    for target in (5, 30):
        kill_when(start("complete"), lambda target=target: Certificate.objects.count() >= target)
    half = Enrolment.objects.filter(state="completed").count()
    assert half < PEOPLE
    assert Certificate.objects.count() == HoursEntry.objects.count() == half, "all of it or nothing of it"
    call_command("reconcile", verbosity=0)
    assert Enrolment.objects.filter(state="completed").count() == PEOPLE
    assert Certificate.objects.values("enrolment").distinct().count() == Certificate.objects.count() == PEOPLE
    assert HoursEntry.objects.values("person", "source").distinct().count() == PEOPLE
    numbers = sorted(int(serial[8:14]) for serial in Certificate.objects.values_list("serial", flat=True))
    assert numbers == list(range(1, PEOPLE + 1))
    assert SerialCounter.objects.get().last == PEOPLE
    assert not Certificate.objects.without_file().exists()
    assert all(pdf_of(each).startswith(b"%PDF-") for each in Certificate.objects.all())
    capsys.readouterr()
    call_command("reconcile", verbosity=0)
    assert capsys.readouterr().out == ""
