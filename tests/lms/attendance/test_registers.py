from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from core.jobs.actions import run_job
from core.jobs.queries import place_of
from core.models import AuditEntry, Job, Notice
from lms.attendance import actions
from lms.attendance.actions import registers
from lms.attendance.queries import (
    attended_of,
    cohort_classes,
    counts_of,
    followed_of,
    forgotten_in,
    settled_attendances,
)
from lms.cohorts.actions import cancel_cohort
from lms.enrolments.policy import Attended
from lms.enrolments.queries import checklist_of
from lms.models import Attendance, AttendanceRule, ClassSession, Register
from lms.timetable.actions import NotPlanned, cancel_class, change_class
from lms.transfers.actions import transfer_enrolment
from tests.factories import (
    make_attendance,
    make_class,
    make_cohort,
    make_enrolment,
    make_register,
    make_user,
    make_version,
)
from tests.lms.attendance.conftest import come


def shut(room, klass=None, actor=None):
    klass = klass or room.klass
    with time_machine.travel(klass.ends_at + timedelta(minutes=1), tick=False):
        return actions.close_register(klass=klass, actor=actor or room.teacher)


def test_closing_settles_who_was_there_and_sets_the_rest_absent(room, cast, heard):
    come(room.klass, cast.trainee)
    shut(room)
    rows = {row.enrolment_id: row for row in Attendance.objects.filter(class_session=room.klass)}
    assert (rows[room.one.pk].minutes, rows[room.one.pk].revision) == (90, 1)
    assert (rows[room.two.pk].presence, rows[room.two.pk].minutes) == ("absent", 0)
    (event,) = heard
    assert (event.revision, event.minutes, event.method) == (1, 90, "qr")
    assert (event.person_id, event.enrolment_id) == (cast.trainee.person.pk, room.one.pk)
    assert (event.organisation_id, event.class_id) == (room.cohort.organisation_id, room.klass.pk)
    assert list(settled_attendances()) == heard


def test_a_register_closes_once_and_not_before_the_end(room, cast, heard):
    with pytest.raises(actions.AttendanceRefused):
        actions.close_register(klass=room.klass, actor=room.teacher)
    come(room.klass, cast.trainee)
    shut(room)
    shut(room)
    assert len(heard) == 1
    assert AuditEntry.objects.filter(action="lms.close_register").count() == 1


def moved(klass, **changes):
    return change_class(klass=klass, draft=replace(klass.draft, **changes), actor=None)


def test_a_class_that_somebody_was_in_does_not_begin_at_another_time(room, cast, heard):
    """Minutes rest on the times of the class: those told would stay, and those to come would be wrong."""
    tomorrow = {name: getattr(room.klass, name) + timedelta(days=1) for name in ("starts_at", "ends_at")}
    room.elsewhere.delete()  # its room would be in the way
    come(room.klass, cast.trainee)
    with pytest.raises(NotPlanned):
        moved(room.klass, **tomorrow)
    assert moved(room.klass, ends_at=room.klass.ends_at + timedelta(minutes=15)).minutes == 105
    room.klass.refresh_from_db()
    shut(room)
    with (
        time_machine.travel(room.klass.ends_at + timedelta(minutes=2), tick=False),
        pytest.raises(NotPlanned),
    ):
        moved(room.klass, **tomorrow)
    assert [event.minutes for event in heard] == [105]


def test_less_than_the_least_share_is_absent_once_it_is_closed(room, cast, heard):
    Register.objects.update(min_percent=60)
    with time_machine.travel(room.klass.starts_at + timedelta(minutes=50), tick=False):
        assert come(room.klass, cast.trainee) == "done"
    assert Attendance.objects.get().presence == "late"
    shut(room)
    row = Attendance.objects.get(enrolment=room.one)
    assert (row.presence, row.minutes, heard) == ("absent", 0, [])


def test_the_rule_of_a_cohort_goes_into_registers_that_are_not_open_yet(room, cast):
    waiting = make_class(room.cohort, days=5)
    planned = actions.register_of(klass=waiting)
    actions.change_attendance_rule(
        cohort=room.cohort, actor=cast.administrator, late_after_minutes=3, needs_check_out=True
    )
    planned.refresh_from_db()
    room.register.refresh_from_db()
    assert (planned.late_after_minutes, planned.needs_check_out) == (3, True)
    assert room.register.late_after_minutes == 10
    assert AttendanceRule.objects.get().late_after_minutes == 3
    entries = AuditEntry.objects.filter(action="lms.change_attendance_rule")
    assert entries.get().data["before"] == {"late_after_minutes": 10, "needs_check_out": False}
    actions.change_attendance_rule(cohort=room.cohort, actor=cast.administrator, late_after_minutes=3)
    assert entries.count() == 1


def test_forgotten_registers_close_by_themselves_and_untouched_ones_stay(room, cast, heard):
    come(room.klass, cast.trainee)
    untouched = actions.register_of(klass=make_class(room.cohort, days=-9))
    with time_machine.travel(room.klass.ends_at + timedelta(hours=23), tick=False):
        assert actions.close_due() == 0
    with time_machine.travel(room.klass.ends_at + timedelta(hours=25), tick=False):
        assert actions.close_due() == 1
        assert actions.close_due() == 0
    untouched.refresh_from_db()
    assert untouched.closed_at is None
    assert len(heard) == 1


def test_many_people_are_settled_by_a_job(room, monkeypatch, heard, django_capture_on_commit_callbacks):
    monkeypatch.setattr(registers, "AT_ONCE", 1)
    monkeypatch.setattr(registers, "CHUNK", 2)
    for enrolment in (room.one, room.two, make_enrolment(room.cohort, make_user().person)):
        make_attendance(room.klass, enrolment)
    shut(room)
    assert not Attendance.objects.settled().exists()
    assert heard == []
    job = Job.objects.get(kind="lms.settle_register")
    run_job(job.pk)
    assert len(heard) == Attendance.objects.settled().count() == 3
    job.refresh_from_db()
    assert job.state == "done"
    assert place_of(job).url == reverse("attendance:register", args=[room.klass.pk])


def test_what_a_crash_left_unsettled_is_found(room, heard):
    make_attendance(room.klass, room.one)
    Register.objects.filter(pk=room.klass.pk).update(closed_at=room.now - timedelta(hours=1))
    assert actions.reconcile() == [f"class {room.klass.pk}: 1 attendances settled"]
    assert actions.reconcile() == []
    assert len(heard) == 1


def test_what_somebody_attended(room, cast, heard):
    past = [make_class(room.cohort, days=-number) for number in (1, 2, 3, 4, 5)]
    ClassSession.objects.filter(pk=past[3].pk).update(is_required=False)
    for number, klass in enumerate(past[:4]):
        make_register(klass)
        if number != 1:
            make_attendance(klass, room.one)
        actions.close_register(klass=klass, actor=None)
    found = attended_of([room.one.pk, room.two.pk, 0])
    assert (found[room.one.pk].attended, found[room.one.pk].held) == (2, 3)
    assert (found[room.one.pk].minutes, found[room.one.pk].percent) == (270, 67)
    assert (found[room.two.pk].attended, found[room.two.pk].held) == (0, 3)
    assert found[0].held == 0
    late = make_enrolment(room.cohort, make_user().person)
    assert attended_of([late.pk])[late.pk].held == 0


def test_absences_in_a_row_end_with_leave_or_attendance(room):
    past = [make_class(room.cohort, days=-number) for number in (4, 3, 2, 1)]
    for klass, presence in zip(past, ("absent", "present", "absent", "absent"), strict=True):
        make_register(klass)
        make_attendance(klass, room.one, presence)
        make_attendance(klass, room.two, "on_leave" if klass == past[-1] else "absent")
        actions.close_register(klass=klass, actor=None)
    found = followed_of([room.one.pk, room.two.pk, 0])
    assert {pk: missed for pk, (missed, _last) in found.items()} == {room.one.pk: 2, room.two.pk: 0, 0: 0}


def test_the_last_class_that_somebody_was_in_is_known_before_its_register_is_closed(room):
    first, second = make_class(room.cohort, days=-3), make_class(room.cohort, days=-1)
    make_attendance(first, room.one)
    make_attendance(second, room.one, "absent")
    make_attendance(second, room.two, "on_leave")
    last = {pk: when for pk, (_missed, when) in followed_of([room.one.pk, room.two.pk]).items()}
    assert last == {room.one.pk: first.starts_at, room.two.pk: None}


ALL_CLASSES = {"lessons": False, "quizzes": False, "attendance_percent": 100}


@pytest.fixture
def strict(tree, cast, room):
    """A cohort whose course asks for every class: the trainee was in the one that is over, and `last` is to come."""
    cohort = make_cohort(tree["district"], make_version(rule=ALL_CLASSES), title="全勤班")
    held = make_class(cohort, days=-1)
    make_register(held, closed_at=held.ends_at)
    one, two = (make_enrolment(cohort, user.person) for user in (cast.trainee, cast.other_trainee))
    make_attendance(held, one, settled_at=held.ends_at, revision=1)
    make_attendance(held, two, "absent", settled_at=held.ends_at, revision=1)
    return SimpleNamespace(cohort=cohort, last=make_class(cohort, days=5), one=one, two=two)


@pytest.mark.parametrize("way", ["cancelled", "optional"])
def test_without_the_last_class_whoever_was_in_all_others_is_done(
    strict, cast, way, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        if way == "cancelled":
            cancel_class(klass=strict.last, actor=cast.administrator, reason="老师生病")
        else:
            moved(strict.last, is_required=False)
    strict.one.refresh_from_db()
    strict.two.refresh_from_db()
    assert (strict.one.state, strict.two.state) == ("completed", "enrolled")


def test_a_class_that_somebody_is_in_is_held_to_its_end(room, cast, heard):
    come(room.klass, cast.trainee)
    with pytest.raises(NotPlanned, match="请修改结束时间"):
        cancel_class(klass=room.klass, actor=room.administrator, reason="老师生病")
    shut(room)
    assert [event.minutes for event in heard] == [90]


def test_a_class_that_has_begun_or_is_to_begin_is_cancelled_as_long_as_nobody_has_been_in_it(room, cast):
    assert cancel_class(klass=room.klass, actor=room.administrator, reason="老师生病")
    with time_machine.travel(room.elsewhere.starts_at - timedelta(minutes=10), tick=False):
        actions.open_register(klass=room.elsewhere, actor=room.teacher)
        assert come(room.elsewhere, cast.outside_trainee) == "done"
        assert cancel_class(klass=room.elsewhere, actor=room.administrator, reason="停电")


def test_who_is_in_a_class_when_the_cohort_is_cancelled_keeps_their_minutes(room, cast, heard):
    come(room.klass, cast.trainee)
    cancel_cohort(cohort=room.cohort, actor=cast.administrator, reason="人数不足")
    room.klass.refresh_from_db()
    assert room.klass.cancelled_at is None
    with time_machine.travel(room.klass.ends_at + timedelta(hours=25), tick=False):
        assert actions.close_due() == 1
    assert [event.minutes for event in heard] == [90]


def condition_of(enrolment):
    (found,) = checklist_of(enrolment).conditions
    return found


def test_what_was_attended_before_a_transfer_counts_after_it(strict, tree, cast):
    """One of one in the old cohort, then two to come in the new one, where another was over before."""
    to = make_cohort(tree["district"], strict.cohort.version, title="周末班")
    over = make_class(to, days=-2)
    make_register(over, opened_at=over.starts_at)
    for days in (4, 6):
        make_class(to, days=days)
    type(strict.one).objects.filter(pk=strict.one.pk).update(decided_at=timezone.now() - timedelta(days=9))
    transfer_enrolment(enrolment=strict.one, target=to, reason="上班时间变了", actor=cast.administrator)
    strict.one.refresh_from_db()
    assert attended_of([strict.one.pk])[strict.one.pk] == Attended(90, 1, 1)
    found = condition_of(strict.one)
    assert (found.is_lost, found.advice.values["left"], found.advice.values["total"]) == (False, 2, 3)
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        actions.close_register(klass=over, actor=cast.administrator)
    assert not Attendance.objects.filter(class_session=over).exists()  # it was over when the person came
    assert attended_of([strict.one.pk])[strict.one.pk].held == 1


def test_who_is_admitted_after_a_class_has_not_missed_it(room, cast):
    late = make_enrolment(
        room.cohort, make_user().person, decided_at=room.klass.ends_at + timedelta(minutes=1)
    )
    with time_machine.travel(room.klass.ends_at + timedelta(hours=1), tick=False):
        actions.close_register(klass=room.klass, actor=room.teacher)
    rows = Attendance.objects.filter(class_session=room.klass)
    assert set(rows.values_list("enrolment", flat=True)) == {room.one.pk, room.two.pk}
    assert not Attendance.objects.filter(enrolment=late).exists()
    klass = ClassSession.objects.select_related("register").get(pk=room.klass.pk)
    assert (counts_of(klass).total, counts_of(klass).open) == (2, 0)
    assert [(counts.total, counts.open) for _, counts in cohort_classes(room.cohort)] == [(2, 0)]


def test_a_forgotten_register_is_said_told_once_and_counted(strict, cast):
    held = make_class(strict.cohort, days=-3, instructor=cast.instructor.person)
    found = condition_of(strict.one)
    assert found.standing.values["unrecorded"] == 1
    assert found.advice.values["to_come"] == 1
    assert list(forgotten_in([strict.cohort.pk])) == [(strict.cohort.pk, 1)]
    for _ in range(2):
        assert actions.tell_forgotten() == 1
    told = Notice.objects.filter(kind="lms.register_forgotten")
    assert {notice.user for notice in told} == {cast.instructor, cast.administrator}
    with time_machine.travel(held.ends_at + timedelta(hours=23), tick=False):
        assert not forgotten_in([strict.cohort.pk])


def test_an_officer_says_that_a_class_was_not_held(strict, cast, client, django_capture_on_commit_callbacks):
    held = make_class(strict.cohort, days=-3)
    strict.last.delete()
    client.force_login(cast.instructor)
    register, page = (
        reverse("attendance:register", args=[held.pk]),
        reverse("timetable:cancel", args=[held.pk]),
    )
    assert page not in client.get(register).text
    client.force_login(cast.administrator)
    assert page in client.get(register).text
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page, {"reason": "停电"})
    strict.one.refresh_from_db()
    assert strict.one.state == "completed"
    assert not forgotten_in([strict.cohort.pk])
    assert not Notice.objects.filter(kind="lms.class_cancelled").exists()
