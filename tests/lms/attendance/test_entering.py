"""Writing people down by hand, before and after the register is closed."""

from datetime import timedelta

import pytest

from core.models import AuditEntry, Notice
from credentials.hours import actions as hours
from credentials.models import HoursEntry
from lms.attendance import actions
from lms.attendance.queries import settled_attendances
from lms.enrolments.actions import complete_those_done
from lms.models import Attendance, Register
from tests.factories import make_attendance, make_enrolment, make_user
from tests.lms.attendance.conftest import come
from tests.lms.attendance.test_registers import shut


def entry(enrolment, presence, came=None, left=None, seen=None):
    return actions.Entry(enrolment.pk, presence, came, left, seen)


def test_a_correction_wants_a_reason_and_tells_the_next_revision(room, cast, heard):
    come(room.klass, cast.trainee)
    shut(room)
    with pytest.raises(actions.AttendanceRefused):
        actions.enter_attendance(
            klass=room.klass, entries=[entry(room.one, "absent")], method="paper", actor=room.teacher
        )
    actions.enter_attendance(
        klass=room.klass,
        entries=[entry(room.one, "absent")],
        method="paper",
        actor=room.teacher,
        reason="代签",
    )
    actions.enter_attendance(
        klass=room.klass,
        entries=[entry(room.one, "late", room.klass.starts_at + timedelta(minutes=30))],
        method="officer",
        actor=room.teacher,
        reason="查监控",
    )
    assert [(event.revision, event.minutes) for event in heard] == [(1, 90), (2, 0), (3, 60)]
    assert [event.minutes for event in settled_attendances()] == [60]
    row = Attendance.objects.get(enrolment=room.one)
    assert (row.revision, row.reason, row.entered_by) == (3, "查监控", room.teacher)
    assert Notice.objects.filter(user=cast.trainee, kind="lms.attendance_changed").count() == 2
    assert [
        item.data["reason"]
        for item in AuditEntry.objects.filter(action="lms.enter_attendance").order_by("pk")
    ] == [
        "代签",
        "查监控",
    ]


def test_what_does_not_change_makes_no_revision(room, cast, heard):
    make_attendance(room.klass, room.one, method="paper")
    shut(room)
    done = actions.enter_attendance(
        klass=room.klass,
        entries=[entry(room.one, "present")],
        method="paper",
        actor=room.teacher,
        reason="核对",
    )
    assert done.changed == 0
    assert len(heard) == 1


def test_other_words_for_the_same_minutes_are_no_revision_and_take_no_hours_back(room, cast, heard):
    Register.objects.update(counting="whole")
    come(room.klass, cast.trainee)
    shut(room)
    for presence, number in (("late", 1), ("left_early", 2)):
        actions.enter_attendance(
            klass=room.klass,
            entries=[entry(room.one, presence)],
            method="officer",
            actor=room.teacher,
            reason="核对",
        )
        assert Notice.objects.filter(user=cast.trainee, kind="lms.attendance_changed").count() == number
    assert [(event.revision, event.minutes) for event in heard] == [(1, 90)]
    assert Attendance.objects.get(enrolment=room.one).revision == 1
    assert hours.reconcile() == []
    assert HoursEntry.objects.get().minutes == 90


def test_a_row_written_before_the_job_settles_it_is_told(room, heard):
    make_attendance(room.klass, room.one, method="paper")
    Register.objects.filter(pk=room.klass.pk).update(closed_at=room.klass.ends_at)
    actions.enter_attendance(
        klass=room.klass,
        entries=[entry(room.one, "present")],
        method="officer",
        actor=room.teacher,
        reason="核对",
    )
    assert [(event.revision, event.minutes) for event in heard] == [(1, 90)]
    assert actions.reconcile() == []


def test_a_page_of_corrections_asks_once_who_is_done_now(room, django_capture_on_commit_callbacks):
    people = [make_enrolment(room.cohort, make_user().person) for _ in range(3)]
    shut(room)
    with django_capture_on_commit_callbacks() as callbacks:
        actions.enter_attendance(
            klass=room.klass,
            entries=[entry(one, "present") for one in people],
            method="paper",
            actor=room.teacher,
            reason="核对",
        )
    asked = [one for one in callbacks if getattr(one, "func", None) is complete_those_done]
    assert [sorted(one.keywords["enrolment_ids"]) for one in asked] == [[one.pk for one in people]]


def test_what_is_only_known_wants_a_reason_and_a_sheet_does_not(room):
    with pytest.raises(actions.AttendanceRefused):
        actions.enter_attendance(
            klass=room.klass, entries=[entry(room.one, "present")], method="officer", actor=room.teacher
        )
    done = actions.enter_attendance(
        klass=room.klass, entries=[entry(room.one, "present")], method="paper", actor=room.teacher
    )
    assert done.changed == 1


def test_nobody_enters_themselves_or_over_what_they_have_not_seen(room, cast):
    own = make_enrolment(room.cohort, cast.instructor.person)
    come(room.klass, cast.trainee)
    done = actions.enter_attendance(
        klass=room.klass,
        entries=[entry(own, "present"), entry(room.one, "absent", seen=""), entry(room.two, "late", seen="")],
        method="paper",
        actor=cast.instructor,
    )
    assert (done.changed, done.own, done.changed_meanwhile) == (1, ["曾可"], ["林小荷"])
    assert Attendance.objects.get(enrolment=room.one).presence == "present"


def test_a_stranger_is_not_written_into_a_class(room):
    stranger = make_enrolment(room.other, make_user().person)
    done = actions.enter_attendance(
        klass=room.klass,
        entries=[entry(stranger, "present"), entry(room.one, "made_up")],
        method="paper",
        actor=room.teacher,
    )
    assert done.changed == 0
