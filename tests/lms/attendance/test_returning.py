"""Whoever leaves a cohort and comes back on the same day has been in the class that goes on."""

from datetime import timedelta

import pytest
import time_machine

from core.models import AuditEntry
from lms.attendance import actions
from lms.attendance.policy import Answer
from lms.enrolments.actions import apply, approve, withdraw
from lms.models import Attendance, Enrolment
from tests.factories import make_attendance, make_class
from tests.lms.attendance.conftest import come


@pytest.fixture
def returned(room, cast):
    """The trainee checks in, is taken out and admitted again while the class goes on; the new enrolment."""
    assert come(room.klass, cast.trainee) == Answer.DONE
    return come_back(room, cast)


def come_back(room, cast):
    withdraw(enrolment=Enrolment.objects.get(pk=room.one.pk), actor=room.administrator, reason="误操作")
    again = apply(cohort=room.cohort, person=cast.trainee.person, actor=cast.trainee).enrolment
    approve(enrolment=again, actor=room.administrator)
    return again


def test_the_check_in_goes_with_the_person(room, cast, returned):
    row = Attendance.objects.get(class_session=room.klass, enrolment__person=cast.trainee.person)
    assert (row.enrolment, row.presence) == (returned, "present")
    assert AuditEntry.objects.filter(action="lms.bring_along").count() == 1
    with time_machine.travel(room.klass.ends_at + timedelta(minutes=1), tick=False):
        actions.close_register(klass=room.klass, actor=room.teacher)
    rows = Attendance.objects.filter(enrolment__person=cast.trainee.person)
    assert [(each.presence, each.minutes > 0) for each in rows] == [("present", True)]


def test_what_is_over_or_of_another_cohort_stays_where_it_was(room, cast):
    over = make_class(
        room.cohort, starts_at=room.now - timedelta(hours=3), ends_at=room.now - timedelta(hours=2)
    )
    make_attendance(over, room.one, presence="present", checked_in_at=over.starts_at, method="qr")
    come_back(room, cast)
    assert Attendance.objects.get(class_session=over).enrolment == room.one
