from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry, Notice
from core.people.queries import own_data
from core.states import IllegalMove
from credentials.hours import actions as hours
from lms.attendance import actions
from lms.attendance.actions import AttendanceRefused
from lms.attendance.queries import attended_of, own_classes
from lms.models import Attendance, ClassSession
from lms.timetable.actions import cancel_class, remind_classes
from tests.factories import make_attendance, make_class, make_cohort
from tests.lms.attendance.conftest import come


def asked(room, cast, **fields):
    defaults = {"klass": room.klass, "enrolment": room.one, "actor": cast.trainee, "reason": "值班"}
    return actions.ask_leave(**defaults | fields)


def test_leave_goes_to_the_teacher_and_into_the_register(room, cast):
    ClassSession.objects.filter(pk=room.klass.pk).update(instructor=cast.instructor.person)
    room.klass.refresh_from_db()
    request = asked(room, cast)
    assert Notice.objects.get(user=cast.instructor, kind="lms.absence_request").read_at is None
    actions.agree_request(request=request, actor=cast.instructor)
    row = Attendance.objects.get()
    assert (row.presence, row.minutes, row.reason) == ("on_leave", 0, "")
    assert Notice.objects.get(user=cast.instructor, kind="lms.absence_request").read_at is not None
    assert "请假" in Notice.objects.get(user=cast.trainee).title_in("zh-hans")
    with pytest.raises(IllegalMove):
        actions.refuse_request(request=request, actor=cast.instructor, reason="不行")


def test_a_proof_is_kept_with_the_request(room, cast):
    proof = SimpleUploadedFile("通知.pdf", b"%PDF-1.7 x")
    assert asked(room, cast, upload=proof).document.name == "通知.pdf"


def test_nobody_decides_on_their_own_request(room, cast):
    own = asked(room, cast)
    for act in (actions.agree_request, actions.refuse_request):
        with pytest.raises(AttendanceRefused):
            act(request=own, actor=cast.trainee, reason="可以")
    own.refresh_from_db()
    assert own.state == "asked"


def test_only_the_person_asks_and_takes_back(room, cast):
    request, ahead = asked(room, cast), make_class(room.cohort, days=3)
    for other in (cast.other_trainee, cast.administrator, cast.instructor):
        with pytest.raises(AttendanceRefused):
            asked(room, cast, klass=ahead, actor=other)
        with pytest.raises(AttendanceRefused):
            actions.ask_make_up(
                klass=room.klass, instead=room.elsewhere, enrolment=room.one, actor=other, reason="值班"
            )
        with pytest.raises(AttendanceRefused):
            actions.withdraw_request(request=request, actor=other)
    request.refresh_from_db()
    assert request.state == "asked"


def test_leave_is_asked_for_once_with_a_reason_and_in_time(room, cast):
    with pytest.raises(AttendanceRefused):
        asked(room, cast, reason="  ")
    past = make_class(room.cohort, days=-3)
    asked(room, cast, klass=past)
    with pytest.raises(AttendanceRefused):
        asked(room, cast, klass=make_class(room.cohort, days=-4))
    with pytest.raises(AttendanceRefused):
        asked(room, cast, klass=past)
    with pytest.raises(AttendanceRefused):
        asked(room, cast, klass=room.elsewhere)
    with pytest.raises(AttendanceRefused):
        asked(room, cast, klass=make_class(room.cohort, cancelled_at=timezone.now()))
    come(room.klass, cast.trainee)
    with pytest.raises(AttendanceRefused):
        asked(room, cast)


def test_after_a_refusal_with_its_reason_one_may_ask_again(room, cast):
    request = asked(room, cast)
    with pytest.raises(AttendanceRefused):
        actions.refuse_request(request=request, actor=cast.administrator, reason=" ")
    actions.refuse_request(request=request, actor=cast.administrator, reason="缺少证明")
    assert "缺少证明" in Notice.objects.get(user=cast.trainee).body_in("zh-hans")
    assert asked(room, cast).state == "asked"


def test_leave_can_be_taken_back_until_the_class_begins(room, cast):
    ahead = make_class(room.cohort, days=4)
    request = asked(room, cast, klass=ahead)
    actions.agree_request(request=request, actor=cast.administrator)
    actions.withdraw_request(request=request, actor=cast.trainee)
    assert Attendance.objects.get().presence == "expected"
    now = asked(room, cast)
    actions.agree_request(request=now, actor=cast.administrator)
    with pytest.raises(AttendanceRefused):
        actions.withdraw_request(request=now, actor=cast.trainee)


def test_leave_after_closing_corrects_the_register_without_hours(room, cast, heard):
    with time_machine.travel(room.klass.ends_at + timedelta(minutes=1), tick=False):
        actions.close_register(klass=room.klass, actor=room.teacher)
        actions.agree_request(request=asked(room, cast), actor=cast.administrator)
    row = Attendance.objects.get(enrolment=room.one)
    assert (row.presence, row.revision, heard) == ("on_leave", 1, [])


# --- make-up classes


@pytest.fixture
def missed(room):
    """A class that the trainee missed yesterday."""
    klass = make_class(room.cohort, days=-1, title="昨天的课")
    actions.open_register(klass=klass, actor=room.teacher)
    actions.close_register(klass=klass, actor=room.teacher)
    return klass


def let(room, missed, **fields):
    defaults = {"klass": missed, "instead": room.elsewhere, "enrolment": room.one, "reason": "补课"}
    return actions.let_make_up(**defaults | {"actor": room.teacher} | fields)


def close(room, klass):
    with time_machine.travel(klass.ends_at + timedelta(minutes=1), tick=False):
        actions.close_register(klass=klass, actor=room.teacher)


def test_a_missed_class_is_made_up_elsewhere_and_counts_at_home_once(room, cast, missed, heard):
    actions.open_register(klass=room.elsewhere, actor=room.teacher)
    assert come(room.elsewhere, cast.trainee) == "other_cohort"
    let(room, missed)
    assert come(room.elsewhere, cast.trainee) == "done"
    close(room, room.elsewhere)
    (event,) = heard
    assert (event.enrolment_id, event.class_id, event.minutes) == (room.one.pk, room.elsewhere.pk, 90)
    assert Attendance.objects.get(class_session=missed, enrolment=room.one).presence == "made_up"
    found = attended_of([room.one.pk])[room.one.pk]
    assert (found.minutes, found.attended, found.held) == (90, 1, 1)
    guest = Attendance.objects.get(class_session=room.elsewhere, enrolment=room.one)
    actions.enter_attendance(
        klass=room.elsewhere,
        entries=[actions.Entry(room.one.pk, "absent")],
        method="officer",
        actor=room.teacher,
        reason="代签",
    )
    guest.refresh_from_db()
    assert guest.presence == "absent"
    assert Attendance.objects.get(class_session=missed, enrolment=room.one).presence == "absent"
    assert attended_of([room.one.pk])[room.one.pk].attended == 0
    made_up = AuditEntry.objects.filter(action="lms.settle_make_up").order_by("pk")
    assert [item.data["after"]["presence"] for item in made_up] == ["made_up", "absent"]
    assert Attendance.objects.get(class_session=missed, enrolment=room.one).revision == 1
    assert hours.reconcile() == []


def test_the_trainee_asks_and_somebody_else_agrees(room, cast, missed):
    request = actions.ask_make_up(
        klass=missed, instead=room.elsewhere, enrolment=room.one, actor=cast.trainee, reason="出差"
    )
    with pytest.raises(AttendanceRefused):
        actions.agree_request(request=request, actor=cast.trainee)
    actions.agree_request(request=request, actor=cast.administrator)
    assert Attendance.objects.get(class_session=room.elsewhere).makes_up.class_session == missed


def test_a_class_ahead_is_made_up_only_with_leave_from_it(room, cast):
    ahead = make_class(room.cohort, days=4)
    facts = {"klass": ahead, "instead": make_class(room.other, days=5), "enrolment": room.one}
    with pytest.raises(AttendanceRefused):
        actions.ask_make_up(**facts, actor=cast.trainee, reason="出差")
    assert not own_class(room.one, ahead).may_make_up
    actions.agree_request(request=asked(room, cast, klass=ahead), actor=cast.administrator)
    assert own_class(room.one, ahead).may_make_up
    assert actions.ask_make_up(**facts, actor=cast.trainee, reason="出差").state == "asked"
    assert not own_class(room.one, ahead).may_make_up


def own_class(enrolment, klass):
    return next(own for own in own_classes(enrolment) if own.klass == klass)


def test_who_is_on_leave_does_not_ask_for_leave_again(room, cast):
    make_attendance(room.klass, room.one, "on_leave")
    assert not own_class(room.one, room.klass).may_ask_leave
    with pytest.raises(AttendanceRefused):
        asked(room, cast)


def test_a_guest_who_does_not_come_may_ask_for_another_class(room, cast, missed):
    request = let(room, missed)
    actions.open_register(klass=room.elsewhere, actor=room.teacher)
    close(room, room.elsewhere)
    request.refresh_from_db()
    assert request.state == "withdrawn"
    again = make_class(room.other, days=9)
    assert let(room, missed, instead=again).state == "agreed"


def test_only_a_class_ahead_of_the_same_course_stands_for_another(room, cast, missed):
    wrong = [
        make_class(room.cohort, days=2),
        make_class(room.other, days=-2),
        make_class(room.other, days=2, cancelled_at=timezone.now()),
    ]
    for klass in wrong:
        with pytest.raises(AttendanceRefused):
            let(room, missed, instead=klass)
    let(room, missed)
    with pytest.raises(AttendanceRefused):
        let(room, missed, instead=make_class(room.other, days=3))


def test_of_the_two_classes_only_one_is_attended(room, cast, missed):
    """The class can be made up beforehand; whoever has been in one of the two is refused in the other."""
    today = room.klass
    third = make_cohort(room.cohort.organisation, room.cohort.version, title="冬季班")
    before = make_class(third, starts_at=today.starts_at, ends_at=today.ends_at)
    actions.open_register(klass=before, actor=room.teacher)
    let(room, today, instead=before)
    assert come(before, cast.trainee) == "done"
    assert come(today, cast.trainee, device="b") == "made_up"
    with pytest.raises(AttendanceRefused):
        actions.enter_attendance(
            klass=today, entries=[actions.Entry(room.one.pk, "present")], method="paper", actor=room.teacher
        )


def test_who_was_in_their_own_class_is_refused_in_the_other(room, cast):
    let(room, room.klass)
    actions.open_register(klass=room.elsewhere, actor=room.teacher)
    assert come(room.klass, cast.trainee) == "done"
    assert come(room.elsewhere, cast.trainee, device="b") == "made_up"


def test_an_agreed_make_up_class_can_be_taken_back_until_it_is_attended(room, cast, missed):
    request = let(room, missed)
    actions.withdraw_request(request=request, actor=cast.trainee)
    assert not Attendance.objects.filter(class_session=room.elsewhere).exists()
    request = let(room, missed)
    actions.open_register(klass=room.elsewhere, actor=room.teacher)
    come(room.elsewhere, cast.trainee)
    with pytest.raises(AttendanceRefused):
        actions.withdraw_request(request=request, actor=cast.trainee)


def test_who_was_there_has_nothing_to_make_up(room, cast):
    make_attendance(room.klass, room.one)
    with pytest.raises(AttendanceRefused):
        let(room, room.klass)


def test_ones_own_data_holds_attendance_and_requests(room, cast):
    come(room.klass, cast.trainee)
    asked(room, cast, klass=make_class(room.cohort, days=2))
    found = own_data(cast.trainee.person)["attendance"]
    assert [(row.get("presence"), row.get("asked")) for row in found] == [("present", None), (None, "leave")]


def test_a_guest_hears_what_becomes_of_the_class_in_which_they_make_one_up(room, cast):
    """Of the reminder, a change and the cancellation, as everybody who learns there does."""
    instead = make_class(room.other, days=3)
    missed = make_class(room.cohort, days=-1)
    actions.let_make_up(
        klass=missed, enrolment=room.one, instead=instead, reason="出差", actor=cast.administrator
    )
    with time_machine.travel(instead.starts_at - timedelta(days=1), tick=False):
        remind_classes()
    cancel_class(klass=instead, actor=cast.administrator, reason="停电")
    told = Notice.objects.filter(user=cast.trainee).values_list("kind", flat=True)
    assert {"lms.class_tomorrow", "lms.class_cancelled"} <= set(told)


def test_who_arranges_a_make_up_class_twice_reads_when_it_is_and_is_not_offered_it_again(room, cast, missed):
    row = Attendance.objects.get(class_session=missed, enrolment=room.one)
    assert row.presence == "absent"
    let(room, missed)
    with pytest.raises(AttendanceRefused, match=room.other.title) as refused:
        let(room, missed)
    assert room.one.person.name in str(refused.value)
    assert "你" not in str(refused.value)
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(room.teacher)
    shown = client.get(reverse("attendance:register", args=[missed.pk])).content.decode()
    assert reverse("attendance:make-up", args=[missed.pk, room.one.pk]) not in shown
    assert f"，{room.other.title}" in shown


def test_who_arranges_a_make_up_class_for_somebody_who_asks_is_sent_to_the_request(room, cast, missed):
    actions.ask_make_up(
        klass=missed, instead=room.elsewhere, enrolment=room.one, actor=cast.trainee, reason="出差"
    )
    with pytest.raises(AttendanceRefused, match=room.one.person.name):
        let(room, missed)
