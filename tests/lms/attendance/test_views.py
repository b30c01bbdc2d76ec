import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from lms.attendance import actions
from lms.attendance.policy import Way, code_of, digits_of, step_of
from lms.models import AbsenceRequest, Attendance, CheckInFlag, ClassSession, Register
from tests.factories import make_attendance, make_class


def scan_of(room, at=None, klass=None, way=Way.IN, register=None):
    klass = klass or room.klass
    secret = (register or room.register).secret
    code = code_of(secret, str(klass.uid), way, step_of(at or room.now))
    return reverse("lms:attendance-scan", args=[klass.uid, code])


def door_of(room, klass=None):
    return reverse("lms:attendance-checkin", args=[(klass or room.klass).uid])


@pytest.fixture
def still(room):
    """The clock stands still at the moment of the room."""
    with time_machine.travel(room.now, tick=False) as traveller:
        yield traveller


@pytest.fixture
def phone(cast):
    client = Client()
    client.force_login(cast.trainee)
    return client


def said(response):
    return response.context["answer"]


def test_scan_press_and_the_result_stays(room, still, phone):
    answer = phone.get(scan_of(room), follow=True)
    assert said(answer) == "ready"
    assert phone.post(door_of(room)).status_code == 302
    for _ in range(2):
        answer = phone.get(door_of(room))
        assert said(answer) == "already"
        assert "林小荷" in answer.text
    assert Attendance.objects.get().enrolment == room.one


def test_who_signs_in_after_the_scan_is_checked_in_as_of_the_scan(room, still, cast):
    phone = Client()
    answer = phone.get(scan_of(room))
    door = phone.get(answer["Location"])
    assert door["Location"].startswith("/accounts/login/?next=")
    still.shift(timedelta(minutes=4))
    phone.force_login(cast.trainee)  # keeps the session of the browser, as a sign-in does
    assert said(phone.get(door_of(room))) == "ready"
    phone.post(door_of(room))
    assert Attendance.objects.get().checked_in_at == room.now


def test_a_scan_of_long_ago_is_no_scan(room, still, phone):
    phone.get(scan_of(room))
    still.shift(timedelta(minutes=6))
    assert said(phone.get(door_of(room))) == "expired"
    phone.post(door_of(room))
    assert not Attendance.objects.exists()


def test_a_forwarded_picture_has_expired(room, still, phone):
    address = scan_of(room)
    still.shift(timedelta(seconds=41))
    answer = phone.get(address)
    assert said(answer) == "expired"
    assert "scans" not in phone.session


def test_a_copied_device_is_refused_for_the_second_person(room, still, phone, cast):
    phone.get(scan_of(room))
    phone.post(door_of(room))
    second = Client()
    second.cookies["device"] = phone.cookies["device"].value
    second.force_login(cast.other_trainee)
    assert said(second.get(scan_of(room), follow=True)) == "shared"
    assert CheckInFlag.objects.get().enrolment == room.two
    assert said(second.post(door_of(room))) == "shared"
    assert Attendance.objects.count() == 1


def test_a_forged_device_is_none(room, still, phone):
    phone.get(scan_of(room))
    phone.cookies["device"] = "x" * 32 + ":made:up"
    assert said(phone.post(door_of(room))) == "expired"


@pytest.mark.parametrize("code", ["x", "i1-aaaa", "o" * 200, "i-", "签到"])
def test_a_forged_code_opens_nothing_and_makes_no_session(room, phone, code):
    address = reverse("lms:attendance-scan", args=[room.klass.uid, code])
    assert said(phone.get(address)) == "forged"
    stranger = Client()
    assert said(stranger.get(address)) == "forged"
    assert not stranger.cookies.get("sessionid")


def test_a_class_without_a_register_has_no_code(room, phone):
    assert said(phone.get(scan_of(room, klass=room.elsewhere))) == "forged"


def test_without_a_scan_the_class_is_only_there_for_its_own(room, phone, cast):
    assert said(phone.get(door_of(room))) == "expired"
    assert phone.post(door_of(room))["Location"] == reverse("lms:attendance-type")
    outside = Client()
    outside.force_login(cast.outside_trainee)
    assert outside.get(door_of(room)).status_code == 404
    assert outside.post(door_of(room))["Location"] == reverse("lms:attendance-type")
    assert not Attendance.objects.exists()


def test_a_person_of_another_cohort_is_told_the_way(room, still, cast):
    outside = Client()
    outside.force_login(cast.outside_trainee)
    assert said(outside.get(scan_of(room), follow=True)) == "other_cohort"


def test_an_account_that_is_nobody_is_turned_away_gently(room, still, django_user_model):
    user = django_user_model.objects.create_user("nobody@example.com")
    client = Client()
    client.force_login(user)
    assert client.get(scan_of(room), follow=True).status_code == 200


def test_a_confirmed_check_in_costs_at_most_eight_statements(
    room, still, phone, django_assert_max_num_queries
):
    other = Client()
    phone.get(scan_of(room), follow=True)
    with django_assert_max_num_queries(10):  # with the two that frame a savepoint
        phone.post(door_of(room))
    assert other


# --- digits


def typed(client, room, digits):
    return client.post(reverse("lms:attendance-type"), {"code": digits})


def test_digits_do_the_same(room, still, phone):
    digits = digits_of(room.register.secret, str(room.klass.uid), Way.IN, step_of(room.now))
    answer = typed(phone, room, f"{digits[:3]} {digits[3:]}")
    assert answer["Location"] == door_of(room)
    phone.post(door_of(room))
    assert Attendance.objects.count() == 1


def test_digits_of_a_class_that_is_not_ones_own_are_just_wrong(room, still, cast):
    outside = Client()
    outside.force_login(cast.outside_trainee)
    digits = digits_of(room.register.secret, str(room.klass.uid), Way.IN, step_of(room.now))
    assert typed(outside, room, digits).context["form"].errors


def test_digits_cannot_be_guessed_all_night(room, still, phone, cast):
    digits = digits_of(room.register.secret, str(room.klass.uid), Way.IN, step_of(room.now))
    wrong = "000000" if digits != "000000" else "111111"
    answers = [typed(phone, room, wrong).status_code for _ in range(12)]
    assert answers.count(429) == 2
    neighbour = Client()
    neighbour.force_login(cast.other_trainee)  # behind the same address
    assert typed(neighbour, room, wrong).status_code == 200


@pytest.mark.parametrize(
    "text", ["", "12345", "1234567", "abcdef", "一二三四五六", "１２３４５６", "0" * 500]
)
def test_what_is_not_six_digits_is_said_so(room, phone, text):
    assert typed(phone, room, text).context["form"].errors["code"]


# --- the screen


@pytest.fixture
def teacher(room):
    client = Client()
    client.force_login(room.teacher)
    return client


def test_the_screen_is_opened_by_a_button_and_shows_a_code_that_works(room, still, teacher, phone):
    screen = reverse("lms:attendance-screen", args=[room.elsewhere.uid])
    assert "lms:attendance" not in teacher.get(screen).text
    assert not Register.objects.filter(pk=room.elsewhere.pk).exists()
    teacher.post(screen)
    page = teacher.get(reverse("lms:attendance-code", args=[room.klass.uid])).text
    address = re.search(r'href="http://testserver(/learn/checkin/[^"]+)"', page)[1]
    assert said(phone.get(address, follow=True)) == "ready"
    phone.post(door_of(room))
    page = teacher.get(reverse("lms:attendance-code", args=[room.klass.uid])).text
    assert "林小荷" in page


def test_the_code_on_the_screen_changes(room, still, teacher):
    address = reverse("lms:attendance-code", args=[room.klass.uid])
    first = teacher.get(address).context["address"]
    assert teacher.get(address).context["address"] == first
    still.shift(timedelta(seconds=20))
    assert teacher.get(address).context["address"] != first


def test_whoever_has_no_network_is_written_down_and_gets_the_same_minutes(room, still, teacher, cast):
    """The screen says so, and what the teacher enters counts as a check-in does."""
    assert (
        "没有网络或没带手机？请老师登记"
        in teacher.get(reverse("lms:attendance-code", args=[room.klass.uid])).text
    )
    entered = {f"presence-{room.one.pk}": "present", "method": "officer", "reason": "手机没有网络"}
    teacher.post(reverse("attendance:save", args=[room.klass.pk]), entered)
    row = Attendance.objects.get(enrolment=room.one)
    assert (row.presence, row.minutes, row.reason) == ("present", 90, "手机没有网络")


def test_what_is_to_come_has_not_begun_and_english_has_its_own_titles(room, phone):
    make_class(room.cohort, days=3, title="将来的课", title_en="To come")
    page = phone.get(own_of(room)).text
    assert "未开始" in page
    phone.cookies["django_language"] = "en"
    page = phone.get(own_of(room)).text
    assert "To come" in page
    assert "将来的课" not in page


def test_after_the_class_the_screen_asks_no_more(room, still, teacher):
    still.move_to(room.klass.ends_at + timedelta(minutes=1))
    teacher.force_login(room.teacher)  # nobody sat there for longer than a desk stays open
    assert teacher.get(reverse("lms:attendance-code", args=[room.klass.uid])).status_code == 286


def test_the_screen_is_the_teachers(room, cast):
    address = reverse("lms:attendance-screen", args=[room.klass.uid])
    for part, wanted in {
        "instructor": 200,
        "administrator": 200,
        "city_administrator": 200,
        "auditor": 404,
        "trainee": 404,
        "supervisor": 404,
        "outsider": 404,
        "finance": 404,
    }.items():
        client = Client()
        client.force_login(getattr(cast, part))
        assert client.get(address).status_code == wanted, part
    ClassSession.objects.filter(pk=room.klass.pk).update(instructor=cast.supervisor.person)
    client = Client()
    client.force_login(cast.supervisor)
    assert client.get(address).status_code == 200


def test_checking_out_has_its_own_code(room, still, teacher, phone):
    Register.objects.update(needs_check_out=True)
    phone.get(scan_of(room))
    phone.post(door_of(room))
    still.move_to(room.klass.ends_at)
    teacher.force_login(room.teacher)
    page = teacher.get(reverse("lms:attendance-code", args=[room.klass.uid]) + "?way=out")
    address = page.context["address"].partition("testserver")[2]
    assert said(phone.get(address, follow=True)) == "ready"
    phone.post(door_of(room))
    row = Attendance.objects.get()
    assert (row.checked_out_at, row.minutes) == (room.klass.ends_at, 90)


def test_who_leaves_after_the_end_checks_out_for_half_an_hour(room, still, teacher, phone):
    Register.objects.update(needs_check_out=True)
    phone.get(scan_of(room))
    phone.post(door_of(room))
    still.move_to(room.klass.ends_at + timedelta(minutes=29))
    teacher.force_login(room.teacher)
    page = teacher.get(reverse("lms:attendance-code", args=[room.klass.uid]))
    assert page.context["is_out"]  # by itself: nobody comes after the end
    address = page.context["address"].partition("testserver")[2]
    phone.force_login(room.one.person.user)
    assert said(phone.get(address, follow=True)) == "ready"
    phone.post(door_of(room))
    row = Attendance.objects.get()
    assert (row.checked_out_at, row.minutes) == (timezone.now(), 90)
    still.move_to(room.klass.ends_at + timedelta(minutes=30, seconds=1))
    teacher.force_login(room.teacher)
    assert teacher.get(reverse("lms:attendance-code", args=[room.klass.uid])).status_code == 286


def test_six_digits_check_out_after_the_end_too(room, still, phone):
    Register.objects.update(needs_check_out=True)
    phone.get(scan_of(room))
    phone.post(door_of(room))
    still.move_to(room.klass.ends_at + timedelta(minutes=20))
    phone.force_login(room.one.person.user)
    digits = digits_of(room.register.secret, str(room.klass.uid), Way.OUT, step_of(timezone.now()))
    assert typed(phone, room, digits)["Location"] == door_of(room)
    assert said(phone.get(door_of(room))) == "ready"


# --- one's own


def own_of(room):
    return reverse("lms:attendance-own", args=[room.one.pk])


def test_the_page_says_what_counts(room, phone, django_assert_max_num_queries):
    for number in range(5):
        klass = make_class(room.cohort, days=-1 - number)
        make_attendance(klass, room.one)
        actions.open_register(klass=klass, actor=room.teacher)
        actions.close_register(klass=klass, actor=room.teacher)
    phone.get(own_of(room))
    with django_assert_max_num_queries(11):
        page = phone.get(own_of(room))
    assert page.context["attended"].percent == 100
    assert len(page.context["classes"]) == 6


def test_the_class_that_runs_has_a_button_for_phones_that_cannot_scan(room, still, phone, cast):
    address = f'href="{reverse("lms:attendance-type")}"'
    timetable = reverse("lms:timetable-mine")
    for page in (timetable, own_of(room)):
        assert address in phone.get(page).text
    outside = Client()
    outside.force_login(cast.outside_trainee)
    ClassSession.objects.filter(pk=room.elsewhere.pk).update(cancelled_at=room.now)
    assert address not in outside.get(timetable).text
    actions.check_in(
        class_id=room.klass.pk, person=cast.trainee.person, actor=cast.trainee, step=1, scanned_at=room.now,
        device="d",
    )  # fmt: skip
    assert address not in phone.get(own_of(room)).text
    Register.objects.update(needs_check_out=True)
    still.move_to(room.klass.ends_at + timedelta(minutes=10))
    phone.force_login(cast.trainee)
    assert address in phone.get(own_of(room)).text
    still.move_to(room.klass.ends_at + timedelta(minutes=31))
    phone.force_login(cast.trainee)
    assert address not in phone.get(own_of(room)).text


def test_only_ones_own_page_is_there(room, cast):
    for part in ("other_trainee", "instructor", "administrator"):
        client = Client()
        client.force_login(getattr(cast, part))
        assert client.get(own_of(room)).status_code == 404


def test_leave_is_asked_for_with_a_proof_that_only_those_concerned_open(room, phone, cast):
    ahead = make_class(room.cohort, days=3)
    address = reverse("lms:attendance-leave", args=[room.one.pk, ahead.uid])
    assert phone.get(address).status_code == 200
    assert phone.post(address, {"reason": ""}).context["form"].errors
    proof = SimpleUploadedFile("通知.png", b"\x89PNG\r\n\x1a\n rest")
    assert phone.post(address, {"reason": "值班", "document": proof})["Location"] == own_of(room)
    request = AbsenceRequest.objects.get()
    file = reverse("lms:attendance-document", args=[request.pk])
    assert b"".join(phone.get(file)).startswith(b"\x89PNG")
    for part, wanted in {"administrator": 200, "other_trainee": 404, "outsider": 404}.items():
        client = Client()
        client.force_login(getattr(cast, part))
        answer = client.get(file)
        assert answer.status_code == wanted, part
        b"".join(answer)
    opened = AuditEntry.objects.filter(action="lms.open_leave_document")
    assert [entry.user for entry in opened] == [
        cast.administrator
    ]  # the person's own look is nobody's business
    assert phone.post(address, {"reason": "再来"}).context["form"].non_field_errors()
    phone.post(reverse("lms:attendance-withdraw", args=[request.pk]))
    request.refresh_from_db()
    assert request.state == "withdrawn"


def test_a_make_up_class_is_asked_for(room, phone):
    missed = make_class(room.cohort, days=-1)
    address = reverse("lms:attendance-make-up", args=[room.one.pk, missed.uid])
    assert phone.post(address, {"instead": "0", "reason": "x"}).context["form"].errors
    answer = phone.post(address, {"instead": room.elsewhere.pk, "reason": "出差"})
    assert answer["Location"] == own_of(room)
    assert AbsenceRequest.objects.get().instead == room.elsewhere
