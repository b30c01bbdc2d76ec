from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import AuditEntry, User
from lms.attendance import actions
from lms.attendance.queries import open_registers_of
from lms.cohorts.actions import cancel_cohort
from lms.models import Attendance, CheckInFlag, ClassSession, Register
from tests.factories import give_role, make_attendance, make_enrolment, make_user
from tests.lms.attendance.conftest import come


def test_one_scan_writes_one_person_down(room, cast):
    assert come(room.klass, cast.trainee) == "done"
    row = Attendance.objects.get()
    assert (row.presence, row.method, row.minutes, row.revision) == ("present", "qr", 90, 0)
    assert row.in_step
    assert len(row.in_device) == 64
    entry = AuditEntry.objects.get(action="lms.check_in")
    assert entry.data["after"]["presence"] == "present"


def test_the_second_time_says_when_it_was(room, cast):
    come(room.klass, cast.trainee)
    before = Attendance.objects.get().checked_in_at
    assert come(room.klass, cast.trainee, device="another phone") == "already"
    assert Attendance.objects.get().checked_in_at == before


def test_a_phone_checks_one_person_in_and_the_teacher_sees_the_next(room, cast):
    assert come(room.klass, cast.trainee) == "done"
    for _ in range(3):
        assert come(room.klass, cast.other_trainee) == "shared"
    flag = CheckInFlag.objects.get()
    assert (flag.enrolment, flag.used_by.enrolment) == (room.two, room.one)
    assert come(room.klass, cast.other_trainee, device="their own") == "done"
    assert Attendance.objects.count() == 2


def test_whoever_takes_attendance_does_not_check_themselves_in(room, cast, tree):
    """Who may open the code's screen sees the code without being there."""
    give_role(cast.trainee, "instructor", tree["district"])
    assert come(room.klass, User.objects.get(pk=cast.trainee.pk)) == "own"
    assert not Attendance.objects.exists()
    give_role(cast.other_trainee, "instructor", tree["other_district"])  # of another tree: sees no code here
    assert come(room.klass, User.objects.get(pk=cast.other_trainee.pk), device="b") == "done"


def test_a_phone_without_a_number_of_ours_is_sent_back_to_the_screen(room, cast):
    assert come(room.klass, cast.trainee, device="") == "expired"
    assert not Attendance.objects.exists()


def test_who_does_not_belong_here_is_told_so(room, cast):
    assert come(room.klass, cast.outside_trainee) == "other_cohort"
    assert come(room.klass, cast.supervisor, device="b") == "not_enrolled"
    for number, state in enumerate(("applied", "waiting", "withdrawn", "refused")):
        user = make_user()
        make_enrolment(room.cohort, user.person, state)
        wanted = "not_admitted" if state in ("applied", "waiting") else "ended"
        assert come(room.klass, user, device=f"c{number}") == wanted
    assert not Attendance.objects.exists()


def test_who_left_and_was_admitted_again_may_come(room, cast):
    user = make_user()
    make_enrolment(room.cohort, user.person, "withdrawn")
    make_enrolment(room.cohort, user.person)
    assert come(room.klass, user) == "done"


def test_too_early_too_late_cancelled_and_closed(room, cast):
    early, late = room.klass.starts_at - timedelta(minutes=31), room.klass.ends_at + timedelta(minutes=1)
    assert come(room.klass, cast.trainee, at=early) == "too_early"
    assert come(room.klass, cast.trainee, at=late) == "over"
    ClassSession.objects.filter(pk=room.klass.pk).update(cancelled_at=room.now)
    assert come(room.klass, cast.trainee) == "cancelled"
    ClassSession.objects.update(cancelled_at=None)
    Register.objects.update(closed_at=room.now)
    assert come(room.klass, cast.trainee) == "closed"


def test_a_scan_is_good_for_five_minutes(room, cast):
    with time_machine.travel(room.now + timedelta(minutes=5, seconds=1), tick=False):
        assert come(room.klass, cast.trainee, at=room.now) == "expired"
    with time_machine.travel(room.now + timedelta(minutes=5), tick=False):
        assert come(room.klass, cast.trainee, at=room.now) == "done"
    assert Attendance.objects.get().checked_in_at == room.now


def test_who_comes_late_counts_from_then_on(room, cast):
    late = room.klass.starts_at + timedelta(minutes=30)
    with time_machine.travel(late, tick=False):
        assert come(room.klass, cast.trainee) == "done"
    row = Attendance.objects.get()
    assert (row.presence, row.minutes) == ("late", 60)


def test_checking_out_needs_a_check_in_and_counts_until_then(room, cast):
    Register.objects.update(needs_check_out=True)
    assert come(room.klass, cast.trainee, act=actions.check_out) == "not_in"
    come(room.klass, cast.trainee)
    assert Attendance.objects.get().minutes == 0
    leaves = room.klass.starts_at + timedelta(minutes=60)
    with time_machine.travel(leaves, tick=False):
        assert come(room.klass, cast.trainee, act=actions.check_out) == "done"
        assert come(room.klass, cast.trainee, act=actions.check_out) == "already"
        assert come(room.klass, cast.other_trainee, device="b") == "done"
        assert come(room.klass, cast.other_trainee, act=actions.check_out) == "shared"
    row = Attendance.objects.get(enrolment=room.one)
    assert (row.presence, row.minutes, row.checked_out_at) == ("left_early", 60, leaves)


@pytest.mark.parametrize("learns_on", ["nowhere", "in another cohort"])
def test_who_is_in_a_class_checks_out_of_it_although_the_cohort_was_cancelled(room, cast, learns_on):
    Register.objects.update(needs_check_out=True)
    assert come(room.klass, cast.trainee) == "done"
    cancel_cohort(cohort=room.cohort, actor=cast.administrator, reason="人数不足")
    if learns_on == "in another cohort":
        make_enrolment(room.other, cast.trainee.person)
    assert come(room.klass, cast.other_trainee, device="b") == "ended"
    leaves = room.klass.starts_at + timedelta(minutes=60)
    with time_machine.travel(leaves, tick=False):
        assert open_registers_of(cast.trainee, leaves) == [room.register]
        assert come(room.klass, cast.trainee, act=actions.check_out) == "done"
        assert come(room.klass, cast.trainee, act=actions.check_out) == "already"
    assert Attendance.objects.get().minutes == 60


def test_whom_the_teacher_has_written_down_need_not_scan(room, cast):
    make_attendance(room.klass, room.one)
    assert come(room.klass, cast.trainee) == "already"
    assert Attendance.objects.get().method == "officer"


@pytest.mark.parametrize("presence", ["absent", "on_leave", "expected"])
def test_who_comes_after_all_is_there(room, cast, presence):
    make_attendance(room.klass, room.one, presence)
    assert come(room.klass, cast.trainee) == "done"
    assert Attendance.objects.get().presence == "present"


def test_a_check_in_costs_six_statements(room, cast):
    come(room.klass, cast.other_trainee, device="warm")
    with CaptureQueriesContext(connection) as captured:
        come(room.klass, cast.trainee)
    sent = [query["sql"] for query in captured if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    assert len(sent) == 6, sent


def test_the_register_of_a_cancelled_class_is_not_opened(room):
    ClassSession.objects.filter(pk=room.elsewhere.pk).update(cancelled_at=timezone.now())
    room.elsewhere.refresh_from_db()
    with pytest.raises(actions.AttendanceRefused):
        actions.open_register(klass=room.elsewhere, actor=room.teacher)


def test_opening_twice_keeps_the_secret_and_is_audited_once(room):
    again = actions.open_register(klass=room.klass, actor=room.administrator)
    assert again.secret == room.register.secret
    assert len(again.secret) == 40
    assert AuditEntry.objects.filter(action="lms.open_register").count() == 1
    other = actions.open_register(klass=room.elsewhere, actor=room.teacher)
    assert other.secret != again.secret
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM lms_register")
        assert not any(again.secret in row[0] for row in cursor.fetchall())
