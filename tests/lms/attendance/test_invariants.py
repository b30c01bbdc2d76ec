"""What must never happen is refused by the database, whoever writes."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from lms.attendance import actions
from lms.models import AbsenceRequest, Attendance, Register
from tests.factories import make_attendance, make_class
from tests.lms.attendance.conftest import come


@pytest.fixture
def request_(room, cast):
    return actions.ask_leave(klass=room.klass, enrolment=room.one, actor=cast.trainee, reason="值班")


def refused(rows, **values):
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**values)


def test_a_missed_class_is_attended_once_elsewhere(room):
    missed = make_attendance(make_class(room.cohort, days=-1), room.one, "absent")
    make_attendance(room.elsewhere, room.one, makes_up=missed)
    second = make_attendance(make_class(room.other, days=3), room.one, "absent", makes_up=missed)
    refused(Attendance.objects.filter(pk=second.pk), presence="late")


def test_what_is_decided_was_decided_by_somebody_else(room, cast, request_):
    rows = AbsenceRequest.objects.filter(pk=request_.pk)
    now, officer = timezone.now(), cast.administrator
    refused(rows, state="agreed")
    refused(rows, state="refused", decided_at=now)
    refused(rows, decided_at=now, decided_by=officer)
    refused(rows, state="agreed", decided_at=now, decided_by=cast.trainee)
    assert rows.update(state="agreed", decided_at=now, decided_by=officer) == 1
    assert rows.update(state="withdrawn") == 1


def test_a_register_that_is_closed_was_open(room):
    rows = Register.objects.filter(pk=room.klass.pk)
    refused(rows, opened_at=None, closed_at=timezone.now())


# --- and the verbs say so in words


def test_a_second_booking_for_the_same_missed_class_lets_nobody_in(room, cast):
    """The first one was given up, then corrected: the second one is refused at the door and by hand."""
    missed = make_attendance(make_class(room.cohort, days=-1), room.one, "absent")
    make_attendance(make_class(room.other, days=-2), room.one, makes_up=missed)
    guest = make_attendance(room.elsewhere, room.one, "expected", makes_up=missed)
    actions.open_register(klass=room.elsewhere, actor=room.teacher)
    assert come(room.elsewhere, cast.trainee) == "made_up"
    with pytest.raises(actions.AttendanceRefused):
        actions.enter_attendance(
            klass=room.elsewhere,
            entries=[actions.Entry(room.one.pk, "present")],
            method="paper",
            actor=room.teacher,
        )
    guest.refresh_from_db()
    assert guest.presence == "expected"


def test_a_booking_that_came_to_nothing_does_not_undo_the_one_that_was_attended(room):
    past, later = make_class(room.other, days=-3), make_class(room.other, days=-2)
    missed = make_attendance(make_class(room.cohort, days=-5), room.one, "absent")
    given_up = make_attendance(past, room.one, "absent", makes_up=missed)
    make_attendance(later, room.one, makes_up=missed)
    for klass in (past, later):
        actions.open_register(klass=klass, actor=room.teacher)
        actions.close_register(klass=klass, actor=room.teacher)
    missed.refresh_from_db()
    assert missed.presence == "made_up"
    actions.enter_attendance(
        klass=past,
        entries=[actions.Entry(given_up.enrolment_id, "on_leave")],
        method="officer",
        actor=room.teacher,
        reason="补假条",
    )
    missed.refresh_from_db()
    assert missed.presence == "made_up"
