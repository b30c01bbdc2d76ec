"""People check in to one class: one after another for the cost of each, and two thousand at once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from config.bench.content import Stage
from config.bench.figures import Cost, p95_of
from config.bench.threads import MOST_SECONDS, WORKERS, at_once
from config.bench.visitor import Visitor
from core.models import Person, User
from lms.attendance.models import Attendance, Register
from lms.attendance.policy import Way, code_of, step_of
from lms.cohorts.models import Cohort
from lms.enrolments.models import Enrolment

A_ROUND = 61  # with the rounds that are not counted, two thousand in all
AT_ONCE = 2000


def check_ins(stage: Stage, number: int) -> Iterator[tuple[str, Cost]]:
    """What the scan with its page, and the button, cost each of them. Everybody has a phone of their own."""
    register = stage.register
    cohort = register.class_session.cohort
    for place, user in enumerate(_learners(cohort, f"storm{cohort.pk}-{number}-", A_ROUND)):
        yield from _check_in(_phone(user, f"10.1.{number % 250}.{place + 1}"), register)


@dataclass(frozen=True)
class Storm:
    """What came of it: seconds by the clock and of CPU time; the wait of the slowest but a twentieth, from the scan to
    the answer of the button; the rows that say who came, and what went wrong."""

    seconds: float
    cpu_seconds: float
    p95_ms: float
    noted: int
    failed: tuple[str, ...]

    @property
    def faults(self) -> list[str]:
        found = []
        if self.failed:
            found.append(f"storm: {len(self.failed)} check-ins failed, the first with {self.failed[0]}")
        if self.noted != AT_ONCE:
            found.append(f"storm: {self.noted} of {AT_ONCE} are noted as there")
        if self.seconds > MOST_SECONDS:
            found.append(f"storm: {self.seconds:.0f} s for all of them, over {MOST_SECONDS} s")
        return found

    def __str__(self) -> str:
        return (
            f"{AT_ONCE} check in to one class, {WORKERS} at a time: {self.seconds:.1f} s, "
            f"{AT_ONCE / self.seconds:.0f} a second, each in p95 {self.p95_ms:.0f} ms "
            f"({self.cpu_seconds:.1f} s of CPU time); {self.noted} noted, {len(self.failed)} failed"
        )


def storm(stage: Stage) -> Storm:
    """Let two thousand scan the code and press the button, as many at a time as the web server has threads."""
    register = stage.register
    cohort = register.class_session.cohort
    stem = f"storm{cohort.pk}-all-"
    phones = [
        _phone(user, f"10.{2 + place // 62_500}.{place // 250 % 250}.{place % 250 + 1}")
        for place, user in enumerate(_learners(cohort, stem, AT_ONCE))
    ]
    begun, cpu = time.perf_counter(), time.process_time()
    done = at_once(lambda phone: list(_check_in(phone, register)), phones)
    seconds, cpu_seconds = time.perf_counter() - begun, time.process_time() - cpu
    rows = Attendance.objects.filter(
        class_session=register.class_session_id, enrolment__person__user__email__startswith=stem
    )
    return Storm(
        seconds=seconds,
        cpu_seconds=cpu_seconds,
        p95_ms=p95_of([each.ms for each in done]),
        noted=rows.filter(checked_in_at__isnull=False).count(),
        failed=tuple(each.fault for each in done if each.fault),
    )


def _phone(user: User, address: str) -> Visitor:
    visitor = Visitor(address)
    visitor.sign_in(user)
    return visitor


def _check_in(phone: Visitor, register: Register) -> Iterator[tuple[str, Cost]]:
    klass = register.class_session
    door = reverse("lms:attendance-checkin", args=[klass.uid])
    code = code_of(register.secret, str(klass.uid), Way.IN, step_of(timezone.now()))
    scanned = phone.get(reverse("lms:attendance-scan", args=[klass.uid, code]), status=302)
    yield "checkin-scan", scanned.cost + phone.get(door).cost
    yield "checkin", phone.post(door).cost


def _learners(cohort: Cohort, stem: str, number: int) -> list[User]:
    """So many accounts, all of them enrolled; written past the verbs, which are not measured here."""
    users = User.objects.bulk_create(User(email=f"{stem}{place}@example.com") for place in range(number))
    people = Person.objects.bulk_create(
        Person(user=user, name="林一", pinyin="lin yi", is_sample=True) for user in users
    )
    Enrolment.objects.bulk_create(
        Enrolment(cohort=cohort, person=person, version_id=cohort.version_id, state="enrolled")
        for person in people
    )
    Cohort.objects.filter(pk=cohort.pk).update(seats_taken=F("seats_taken") + number)
    return users
