"""The sample registers: past classes with those who came, came late, were on leave or missed them, and what is asked for."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.utils import timezone

from config.demo.teaching import as_of
from core.models import User
from core.people.sealed import lookup_hash
from lms.attendance.actions import (
    agree_request,
    ask_leave,
    check_in,
    close_register,
    let_make_up,
    open_register,
)
from lms.attendance.models import Attendance
from lms.attendance.policy import step_of
from lms.attendance.queries import make_up_choices
from lms.cohorts.models import Cohort
from lms.enrolments.models import Enrolment
from lms.timetable.models import ClassSession

# Of thirteen people in a row: minutes after the beginning at which each comes; None stays away, "leave" has asked.
ARRIVALS = (-12, -9, -8, -6, -4, -3, -2, 2, 5, 26, None, "leave", -1)


def take_attendance(cohorts: Iterable[Cohort], teacher: User) -> None:
    """Take attendance in the past classes of these cohorts. Idempotent: a class with a register stays as it is."""
    for cohort in cohorts:
        past = cohort.classes.standing().filter(ends_at__lt=timezone.now(), register=None)
        for number, klass in enumerate(past.select_related("cohort__organisation", "instructor__user")):
            _hold(klass, number, teacher)
        _ask(cohort, teacher)


def _hold(klass: ClassSession, number: int, teacher: User) -> None:
    """One class from the first leave to the closing of its register."""
    learners = list(_learners(klass.cohort))
    plan = [ARRIVALS[(place + 5 * number) % len(ARRIVALS)] for place in range(len(learners))]
    with as_of(klass.starts_at - datetime.timedelta(days=1)):
        for learner, arrival in zip(learners, plan, strict=True):
            if arrival == "leave":
                asked = ask_leave(
                    klass=klass,
                    enrolment=learner,
                    actor=learner.person.user,
                    reason="站里值班，已与站长说明（示例）。",
                )
                agree_request(request=asked, actor=teacher)
    with as_of(klass.starts_at - datetime.timedelta(minutes=20)):
        open_register(klass=klass, actor=teacher)
    for learner, arrival in zip(learners, plan, strict=True):
        if isinstance(arrival, int):
            with as_of(klass.starts_at + datetime.timedelta(minutes=arrival)):
                _come(klass, learner)
    with as_of(klass.ends_at + datetime.timedelta(minutes=10)):
        close_register(klass=klass, actor=teacher)


def _come(klass: ClassSession, learner: Enrolment) -> None:
    now = timezone.localtime()
    check_in(
        class_id=klass.pk,
        person=learner.person,
        actor=learner.person.user,
        step=step_of(now),
        scanned_at=now,
        device=lookup_hash("device", f"demo-{learner.person_id}"),
    )


def _ask(cohort: Cohort, teacher: User) -> None:
    """One who asks for leave from the next class, and one who makes the last one up elsewhere."""
    ahead = cohort.classes.standing().filter(starts_at__gt=timezone.now()).first()
    learners = list(_learners(cohort))
    if ahead is None or not learners or ahead.requests.exists():
        return
    first = learners[0]
    ask_leave(klass=ahead, enrolment=first, actor=first.person.user, reason="街道临时有入户任务（示例）。")
    missed = (
        cohort.classes.filter(attendances__presence="absent", attendances__enrolment__in=learners)
        .order_by("-starts_at")
        .first()
    )
    row = missed and missed.attendances.filter(presence="absent", enrolment__in=learners).first()
    if row is None or missed is None or not isinstance(row, Attendance):
        return
    learner = next(one for one in learners if one.pk == row.enrolment_id)
    instead = make_up_choices(learner).first()
    if instead is not None:
        let_make_up(
            klass=missed, instead=instead, enrolment=learner, actor=teacher, reason="错过的内容补上（示例）。"
        )


def _learners(cohort: Cohort) -> Iterable[Enrolment]:
    rows = cohort.enrolments.learning().select_related("person__user", "cohort__organisation")
    return rows.order_by("pk")
