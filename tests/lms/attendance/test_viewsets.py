from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lms.attendance import actions
from lms.models import AbsenceRequest, Attendance, AttendanceRule, ClassSession
from tests.factories import make_attendance, make_class, make_enrolment, make_user
from tests.lms.attendance.conftest import come


@pytest.fixture
def desk(room):
    client = Client()
    client.force_login(room.teacher)
    return client


def of(name, klass):
    return reverse(f"attendance:{name}", args=[klass.pk])


def test_a_page_of_the_register_is_typed_and_saved_at_once(room, desk):
    starts = timezone.localtime(room.klass.starts_at)
    late = (starts + timedelta(minutes=20)).strftime("%H:%M")
    data = {
        f"presence-{room.one.pk}": "present",
        f"presence-{room.two.pk}": "late",
        f"came-{room.two.pk}": late,
        "method": "paper",
    }
    if (starts + timedelta(minutes=20)).date() == starts.date():
        desk.post(of("save", room.klass), data)
        rows = {row.enrolment_id: row for row in Attendance.objects.all()}
        assert (rows[room.one.pk].presence, rows[room.one.pk].method) == ("present", "paper")
        assert (rows[room.two.pk].presence, rows[room.two.pk].minutes) == ("late", 70)


def test_the_rest_was_present_leaves_those_known_alone(room, desk):
    make_attendance(room.klass, room.two, "on_leave")
    desk.post(of("save", room.klass), {"method": "paper", "all": "1"})
    rows = {row.enrolment_id: row.presence for row in Attendance.objects.all()}
    assert rows == {room.one.pk: "present", room.two.pk: "on_leave"}


def test_who_checked_in_meanwhile_is_not_overwritten(room, desk, cast):
    page = desk.get(of("register", room.klass))
    (entry,) = [entry for entry in page.context["rows"] if entry["line"].enrolment == room.one]
    come(room.klass, cast.trainee)
    data = {
        f"presence-{room.one.pk}": "absent",
        f"seen-{room.one.pk}": entry["seen"],
        f"shown-{room.one.pk}": entry["shown"],
        "method": "paper",
    }
    desk.post(of("save", room.klass), data)
    assert Attendance.objects.get().presence == "present"


def test_what_looks_as_it_was_shown_is_not_an_entry(room, desk, cast):
    come(room.klass, cast.trainee)
    entry = next(
        one
        for one in desk.get(of("register", room.klass)).context["rows"]
        if one["line"].enrolment == room.one
    )
    data = {f"{name}-{room.one.pk}": entry[name] for name in ("presence", "came", "left", "shown", "seen")}
    desk.post(of("save", room.klass), data | {"method": "paper"})
    row = Attendance.objects.get()
    assert (row.method, row.entered_by) == ("qr", None)


@pytest.mark.parametrize(
    "data",
    [
        {"came": "25:99"},
        {"came": "x" * 999},
        {"came": "11:00", "left": "10:00"},
        {"left": "\0"},
        {"presence": "officer"},
        {"method": "qr"},
        {"method": "officer"},
    ],
)
def test_what_cannot_be_comes_back_and_nothing_is_saved(room, desk, data):
    typed = {"presence": "present", "came": "", "left": ""} | data
    method = typed.pop("method", "paper")
    fields = {f"{name}-{room.one.pk}": value for name, value in typed.items()}
    answer = desk.post(of("save", room.klass), fields | {"method": method})
    assert answer.status_code in (200, 302)
    assert not Attendance.objects.exists()


def test_pages_of_a_hundred_cost_the_same(room, desk):
    desk.get(of("register", room.klass))
    with CaptureQueriesContext(connection) as few:
        desk.get(of("register", room.klass))
    for _ in range(30):
        make_attendance(room.klass, make_enrolment(room.cohort, make_user().person))
    with CaptureQueriesContext(connection) as many:
        assert len(desk.get(of("register", room.klass)).context["rows"]) == 32
    assert len(few) == len(many)


def test_the_list_of_classes_costs_the_same(room, desk):
    address = reverse("attendance:cohort", args=[room.cohort.pk])
    desk.get(address)
    with CaptureQueriesContext(connection) as few:
        desk.get(address)
    for number in range(5):
        klass = make_class(room.cohort, days=number + 1)
        make_attendance(klass, room.one)
        actions.ask_leave(klass=klass, enrolment=room.two, actor=room.two.person.user, reason="值班")
    with CaptureQueriesContext(connection) as many:
        page = desk.get(address)
    assert len(page.context["classes"]) == 6
    assert len(page.context["requests"]) == 5
    assert len(many) <= len(few) + 1


def test_requests_cost_the_same_for_whoever_does_not_decide(room, cast):
    """Whether they teach the class is asked of each row, and loads nobody."""
    client, address = Client(), reverse("attendance:cohort", args=[room.cohort.pk])
    client.force_login(cast.auditor)
    costs = []
    for number in range(1, 4):
        klass = make_class(room.cohort, days=number, instructor=make_user().person)
        actions.ask_leave(klass=klass, enrolment=room.two, actor=room.two.person.user, reason="值班")
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get(address).context["requests"]) == number
        costs.append(len(queries))
    assert len(set(costs)) == 1


def test_who_looks_only_looks(room, cast):
    client = Client()
    client.force_login(cast.auditor)
    assert client.get(of("register", room.klass)).status_code == 200
    for name in ("save", "close", "upload"):
        assert client.post(of(name, room.klass), {"method": "paper", "all": "1"}).status_code == 404
    assert not Attendance.objects.exists()
    client.force_login(cast.outsider)
    assert client.get(of("register", room.klass)).status_code in (302, 404)


def test_the_register_is_closed_after_a_look(room, desk):
    with time_machine.travel(room.klass.ends_at + timedelta(minutes=1), tick=False):
        desk.force_login(room.teacher)
        assert desk.get(of("close", room.klass)).status_code == 200
        assert 'name="all"' in desk.get(of("register", room.klass)).text
        desk.post(of("close", room.klass))
        shown = desk.get(of("register", room.klass))
    assert shown.context["register"].closed_at
    assert 'name="all"' not in shown.text  # every change has its reason now
    room.register.refresh_from_db()
    assert room.register.is_closed
    assert desk.post(of("save", room.klass), {"method": "paper", "all": "1"}).status_code == 302


def test_the_register_offers_what_can_be_done_now(room, desk, cast):
    """The class can be said not to have been held as long as nobody is known to have been in it."""

    def offered():
        context = desk.get(of("register", room.klass)).context
        return context["may_close"], context["may_say_not_held"]

    assert offered() == (False, False)
    with time_machine.travel(room.klass.ends_at + timedelta(minutes=1), tick=False):
        desk.force_login(cast.administrator)
        assert offered() == (True, True)
        make_attendance(room.klass, room.one)
        assert offered() == (True, False)
        desk.post(of("close", room.klass))
        assert offered() == (False, False)


def test_the_sheet_is_a_pdf(room, desk):
    answer = desk.get(of("sheet", room.klass))
    assert answer.content.startswith(b"%PDF")
    assert answer["Content-Type"] == "application/pdf"


def test_requests_are_decided_from_the_register(room, desk, cast):
    klass = make_class(room.cohort, days=2)
    asked = actions.ask_leave(klass=klass, enrolment=room.one, actor=cast.trainee, reason="值班")
    address = of("decide", asked)
    desk.post(address, {"refuse": "1"})
    asked.refresh_from_db()
    assert asked.state == "asked"
    desk.post(address, {"agree": "1"})
    desk.post(address, {"refuse": "1", "reason": "不行"})
    asked.refresh_from_db()
    assert asked.state == "agreed"


def test_a_make_up_class_is_given(room, desk):
    missed = make_class(room.cohort, days=-1)
    address = reverse("attendance:make-up", args=[missed.pk, room.one.pk])
    assert desk.get(address).status_code == 200
    desk.post(address, {"instead": room.elsewhere.pk, "reason": "因公"})
    assert AbsenceRequest.objects.get().state == "agreed"


def test_the_rule_is_the_administrators(room, desk, cast):
    address = reverse("attendance:rule", args=[room.cohort.pk])
    assert desk.get(address).status_code == 404
    client = Client()
    client.force_login(cast.administrator)
    assert client.get(address).status_code == 200
    data = {
        "opens_before_minutes": 15,
        "late_after_minutes": 5,
        "counting": "whole",
        "min_percent": 101,
        "leave_days_after": 2,
        "closes_after_hours": 48,
        "check_out_after_minutes": 20,
    }
    assert client.post(address, data).context["form"].errors
    assert not AttendanceRule.objects.exists()
    client.post(address, data | {"min_percent": 50})
    assert AttendanceRule.objects.get().counting == "whole"


def test_a_guest_and_who_has_left_are_counted_on_both_pages_of_a_class(room, desk, cast):
    missed = make_attendance(room.elsewhere, room.guest, "absent")
    make_attendance(room.klass, room.guest, "expected", makes_up=missed)
    left = make_enrolment(room.cohort, make_user("已退出").person, state="withdrawn")
    make_attendance(room.klass, left, "present")
    make_class(room.cohort, days=9)
    listed = desk.get(reverse("attendance:cohort", args=[room.cohort.pk])).context["classes"]
    register = desk.get(of("register", room.klass)).context["counts"]
    assert [(counts.there, counts.total) for _, counts in listed] == [(1, 4), (0, 2)]
    assert listed[0][1] == register


def test_who_decides_in_the_list_of_the_cohort_stays_in_it(room, desk, cast):
    listed = reverse("attendance:cohort", args=[room.cohort.pk])
    for page, back in ((listed, {"back": "cohort"}), (of("register", room.klass), {})):
        asked = actions.ask_leave(klass=room.klass, enrolment=room.one, actor=cast.trainee, reason="入户")
        assert ('name="back"' in desk.get(page).text) is bool(back)
        address = reverse("attendance:decide", args=[asked.pk])
        assert desk.post(address, {"refuse": "1", "reason": "人手不够"} | back)["Location"] == page


def test_until_the_class_ends_the_register_says_when_one_came_and_no_minutes(room, desk, cast):
    come(room.klass, cast.trainee)
    came = timezone.localtime(Attendance.objects.get().checked_in_at)
    page = desk.get(of("register", room.klass)).content.decode()
    assert f"签到于{came:%H:%M}" in page and "凭签到码" in page and "扫码签到" not in page
    assert "分钟" not in page[page.index("签到于") - 200 : page.index("签到于")]
    ClassSession.objects.filter(pk=room.klass.pk).update(ends_at=timezone.now() - timedelta(seconds=1))
    page = desk.get(of("register", room.klass)).content.decode()
    assert "签到于" not in page and "分钟" in page
