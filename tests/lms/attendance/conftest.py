"""A class that runs now, its register open, and those who learn in its cohort."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from core.people.sealed import lookup_hash
from lms.attendance import actions
from lms.attendance.policy import step_of
from tests.factories import make_class, make_cohort, make_enrolment, make_version


@pytest.fixture
def heard():
    """The AttendanceSettled that were told, in order."""
    from lms.signals import attendance_settled

    events = []

    def hear(sender, event, **_):
        events.append(event)

    attendance_settled.connect(hear)
    yield events
    attendance_settled.disconnect(hear)


@pytest.fixture
def room(tree, cast):
    """The trainee and the other trainee learn in `cohort`, the outside trainee in `other` of the same course."""
    now = timezone.now().replace(microsecond=0)
    version = make_version()
    cohort = make_cohort(tree["district"], version, starts_on=timezone.localdate(now), capacity=200)
    other = make_cohort(tree["district"], version, title="秋季班")
    times = {"starts_at": now - timedelta(minutes=5), "ends_at": now + timedelta(minutes=85)}
    klass = make_class(cohort, **times)
    room = SimpleNamespace(
        now=now,
        cohort=cohort,
        other=other,
        klass=klass,
        elsewhere=make_class(other, title="接案与预估(二)", **times),
        one=make_enrolment(cohort, cast.trainee.person),
        two=make_enrolment(cohort, cast.other_trainee.person),
        guest=make_enrolment(other, cast.outside_trainee.person),
        teacher=cast.instructor,
        administrator=cast.administrator,
    )
    room.register = actions.open_register(klass=klass, actor=room.teacher)
    return room


def come(klass, user, device="phone", at=None, act=actions.check_in):
    """The answer of checking in (or out) with a code that was scanned at that moment."""
    at = at or timezone.now()
    found = act(
        class_id=klass.pk,
        person=user.person,
        actor=user,
        step=step_of(at),
        scanned_at=timezone.localtime(at),
        device=lookup_hash("device", device) if device else "",
    )
    return found.decision.answer


@pytest.fixture
def desk(room):
    client = Client()
    client.force_login(room.teacher)
    return client
