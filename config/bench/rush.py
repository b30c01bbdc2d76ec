"""The rush: far more applicants than places, many at once, and a big cohort that is cancelled. Measured once."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from config.bench.content import CODE, Stage, invented_people
from config.bench.threads import WORKERS, Done, at_once
from config.demo.teaching import Plan, open_cohorts
from core.models import Organisation, Person
from lms.cohorts.models import Cohort
from lms.courses.models import CoursePage
from lms.enrolments.states import EnrolmentState
from lms.public import apply, cancel_cohort

APPLICANTS, SEATS, CANCELLED = 2000, 200, 500


@dataclass(frozen=True)
class Rush:
    """What came of it, in seconds by the clock and of CPU time; `unfair` says in sentences what nobody may suffer."""

    seconds: float
    cpu_seconds: float
    seated: int
    waiting: int
    unfair: tuple[str, ...]
    cancel_seconds: float
    told: int

    @property
    def faults(self) -> list[str]:
        found = [f"rush: {sentence}" for sentence in self.unfair]
        if self.told != CANCELLED:
            found.append(f"rush: {self.told} of {CANCELLED} were told that their cohort is cancelled")
        return found

    def __str__(self) -> str:
        order = "NOT in order" if self.unfair else "in order"
        return (
            f"{APPLICANTS} applicants for {SEATS} seats, {WORKERS} at a time: {self.seconds:.1f} s, "
            f"{self.cpu_seconds:.1f} s of CPU time ({self.cpu_seconds * 1000 / APPLICANTS:.1f} ms each); "
            f"{self.seated} seated, {self.waiting} waiting {order}\n"
            f"cohort of {CANCELLED} cancelled: {self.cancel_seconds:.2f} s of CPU time, {self.told} told"
        )


def rush(stage: Stage) -> Rush:
    """Let 2,000 people apply for 200 places, many at the same time; then cancel a cohort of 500."""
    people = invented_people("rush", APPLICANTS)
    cohort = _cohort(stage, SEATS, "rush")
    begun, cpu = time.perf_counter(), time.process_time()
    done = at_once(lambda person: apply(cohort=cohort, person=person, actor=person.user), people)
    seconds, cpu_seconds = time.perf_counter() - begun, time.process_time() - cpu
    cohort.refresh_from_db()
    in_line = [row.place for row in cohort.enrolments.waiting().with_place()]
    unfair = _unfair(cohort, dict(zip((person.pk for person in people), done, strict=True)))
    if in_line != list(range(1, APPLICANTS - SEATS + 1)):
        unfair.append("the numbers on the waiting list are not 1, 2, 3 and so on")
    cancelled, cancel_seconds = _cancel(stage, invented_people("rush", CANCELLED))
    return Rush(
        seconds=seconds,
        cpu_seconds=cpu_seconds,
        seated=cohort.seats_taken,
        waiting=len(in_line),
        unfair=tuple(unfair),
        cancel_seconds=cancel_seconds,
        told=cancelled.enrolments.filter(person__user__notices__kind="lms.enrolment_cancelled").count(),
    )


def _unfair(cohort: Cohort, done: Mapping[int, Done]) -> list[str]:
    rows = cohort.enrolments.order_by("applied_at", "pk").values_list("person_id", "state")
    found = unfair(list(rows), done, SEATS)
    if cohort.seats_taken != SEATS:
        found.append(f"{cohort.seats_taken} seats are counted, not {SEATS}")
    return found


def unfair(rows: Sequence[tuple[int, str]], done: Mapping[int, Done], seats: int) -> list[str]:
    """What is unfair about these enrolments (person and state, in the order of arrival), in sentences.

    Everybody is in once, exactly the first `seats` have a place, everybody else waits. Nobody stands behind somebody
    who began only after they had their answer; of those who ask at the same moment either may be first.
    """
    found = [f"{len(failed)} failed, the first with {failed[0]}"] if (failed := _failed(done)) else []
    people = [person for person, _ in rows]
    if len(set(people)) < len(people):
        found.append("somebody is in twice")
    if set(people) != set(done):
        found.append(f"{len(set(people))} of {len(done)} are in")
    first = [state for _, state in rows]
    if first != [EnrolmentState.APPLIED] * seats + [EnrolmentState.WAITING] * (len(rows) - seats):
        found.append(f"the places did not go to exactly the first {seats}")
    latest = 0.0
    for person in people:
        if done[person].ended < latest:
            found.append("somebody was overtaken who had their answer before the other began")
            break
        latest = max(latest, done[person].began)
    return found


def _failed(done: Mapping[int, Done]) -> list[str]:
    return [each.fault for each in done.values() if each.fault]


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
