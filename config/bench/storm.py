"""People check in to one class, one after another as fast as the server can: two thousand in thirty rounds."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from config.bench.content import Stage
from config.bench.figures import Cost
from config.bench.visitor import Visitor
from core.models import Person, User
from lms.attendance.policy import Way, code_of, step_of
from lms.cohorts.models import Cohort
from lms.enrolments.models import Enrolment

A_ROUND = 61  # with the rounds that are not counted, two thousand in all


def storm(stage: Stage, number: int) -> Iterator[tuple[str, Cost]]:
    """What the scan with its page, and the button, cost each of them. Everybody has a phone of their own."""
    register = stage.register
    klass = register.class_session
    door = reverse("lms:attendance-checkin", args=[klass.uid])
    for place, user in enumerate(_learners(klass.cohort, number)):
        visitor = Visitor(f"10.1.{number % 250}.{place + 1}")
        visitor.sign_in(user)
        code = code_of(register.secret, str(klass.uid), Way.IN, step_of(timezone.now()))
        scanned = visitor.get(reverse("lms:attendance-scan", args=[klass.uid, code]), status=302)
        yield "checkin-scan", scanned.cost + visitor.get(door).cost
        yield "checkin", visitor.post(door).cost


def _learners(cohort: Cohort, number: int) -> list[User]:
    """Accounts for one round, all of them enrolled; written past the verbs, which are not measured here."""
    stem = f"storm{cohort.pk}-{number}-"
    users = User.objects.bulk_create(User(email=f"{stem}{place}@example.com") for place in range(A_ROUND))
    people = Person.objects.bulk_create(
        Person(user=user, name="林一", pinyin="lin yi", is_sample=True) for user in users
    )
    Enrolment.objects.bulk_create(
        Enrolment(cohort=cohort, person=person, version_id=cohort.version_id, state="enrolled")
        for person in people
    )
    Cohort.objects.filter(pk=cohort.pk).update(seats_taken=F("seats_taken") + A_ROUND)
    return users
