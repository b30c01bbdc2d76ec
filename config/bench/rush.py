"""The rush: far more applicants than places, and a big cohort that is cancelled. Measured once, in CPU time."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.utils import timezone

from config.bench.content import CODE, Stage
from config.demo.names import invented_name
from config.demo.teaching import Plan, open_cohorts
from core.models import Organisation, Person, User
from lms.cohorts.models import Cohort
from lms.courses.models import CoursePage
from lms.enrolments.states import EnrolmentState
from lms.public import apply, cancel_cohort

APPLICANTS, SEATS, CANCELLED = 2000, 200, 500


@dataclass(frozen=True)
class Rush:
    """What came of it. Seconds of CPU time; `is_fair`: exactly the first have a place, all others wait in their order."""

    seconds: float
    seated: int
    waiting: int
    is_fair: bool
    cancel_seconds: float
    told: int

    def __str__(self) -> str:
        order = "in order" if self.is_fair else "NOT in order"
        return (
            f"{APPLICANTS} applicants for {SEATS} seats: {self.seconds:.1f} s of CPU time "
            f"({self.seconds * 1000 / APPLICANTS:.1f} ms each); {self.seated} seated, {self.waiting} waiting {order}\n"
            f"cohort of {CANCELLED} cancelled: {self.cancel_seconds:.2f} s of CPU time, {self.told} told"
        )


def rush(stage: Stage) -> Rush:
    """Let 2,000 people apply for 200 places, one after the other; then cancel a cohort of 500."""
    people = _people(stage, APPLICANTS)
    cohort = _cohort(stage, SEATS, "rush")
    begun = time.process_time()
    for person in people:
        apply(cohort=cohort, person=person, actor=person.user)
    seconds = time.process_time() - begun
    rows = list(cohort.enrolments.order_by("pk").values_list("person_id", "state"))
    states = [EnrolmentState.APPLIED] * SEATS + [EnrolmentState.WAITING] * (APPLICANTS - SEATS)
    in_line = [row.place for row in cohort.enrolments.waiting().with_place()]
    fair = rows == [(person.pk, state) for person, state in zip(people, states, strict=True)]
    cohort.refresh_from_db()
    cancelled, cancel_seconds = _cancel(stage, _people(stage, CANCELLED))
    return Rush(
        seconds=seconds,
        seated=cohort.seats_taken,
        waiting=len(in_line),
        is_fair=fair and in_line == list(range(1, len(in_line) + 1)),
        cancel_seconds=cancel_seconds,
        told=cancelled.enrolments.filter(person__user__notices__kind="lms.enrolment_cancelled").count(),
    )


def _cancel(stage: Stage, people: list[Person]) -> tuple[Cohort, float]:
    cohort = _cohort(stage, CANCELLED, "cancel")
    for person in people:
        apply(cohort=cohort, person=person, actor=person.user)
    begun = time.process_time()
    cancel_cohort(cohort=cohort, actor=stage.officer, reason="测速")
    return cohort, time.process_time() - begun


def _cohort(stage: Stage, seats: int, kind: str) -> Cohort:
    course = CoursePage.objects.get(code=CODE)
    by = Organisation.objects.get(pk=stage.officer.roles.get().organisation_id)
    plan = Plan(kind, f"抢名额 {kind} {timezone.now():%Y%m%d%H%M%S%f}", "", seats, -1, 9, 20, 60)
    return open_cohorts(course, [plan], by, stage.officer)[kind]


def _people(stage: Stage, number: int) -> list[Person]:
    first = User.objects.count()
    users = User.objects.bulk_create(
        [User(email=f"rush{first + place}@example.com") for place in range(number)]
    )
    names = [invented_name(200_000 + place) for place in range(number)]
    people = [Person(user=user, name=name, is_sample=True) for user, name in zip(users, names, strict=True)]
    Person.objects.bulk_create(people)
    return list(Person.objects.filter(user__in=users).select_related("user__person").order_by("pk"))
