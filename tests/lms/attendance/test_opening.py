"""Nothing is recorded about a class before its check-in opens, and no list of it is taken over before it begins."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from lms.attendance import actions
from lms.attendance.policy import ClassFacts, list_refusal, opening_refusal
from lms.attendance.queries import forgotten
from lms.models import Attendance, AttendanceRule, ClassSession, ParticipantList, Register
from tests.factories import make_class
from tests.lms.attendance.test_listing import listed

STARTS = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
ENDS = STARTS + timedelta(minutes=90)


@pytest.fixture
def ahead(room):
    """A class of the cohort eighteen days from now, as its teacher sees it."""
    starts_at = room.now + timedelta(days=18)
    return make_class(room.cohort, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=90))


@pytest.fixture
def desk(room):
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(room.teacher)
    return client


@pytest.mark.parametrize(
    ("minutes", "facts", "records", "lists"),
    [
        (-31, {}, False, False),
        (-30, {}, True, False),
        (-1, {}, True, False),
        (0, {}, True, True),
        (0, {"is_cancelled": True}, False, False),
        (-31, {"is_closed": True}, True, True),
        (-31, {"opens_before": 60}, True, False),
    ],
)
def test_something_can_be_recorded_once_check_in_opens_and_a_list_once_the_class_begins(
    minutes, facts, records, lists
):
    klass, now = ClassFacts(STARTS, ENDS, **facts), STARTS + timedelta(minutes=minutes)
    assert (opening_refusal(klass, now=now) is None) is records
    assert (list_refusal(klass, now=now) is None) is lists


@pytest.mark.parametrize("method", ["paper", "officer"])
def test_nobody_is_written_down_for_a_class_that_is_days_away(room, ahead, method):
    entries = [actions.Entry(room.one.pk, "present")]
    with pytest.raises(actions.AttendanceRefused):
        actions.enter_attendance(
            klass=ahead, entries=entries, method=method, actor=room.teacher, reason="提前登记"
        )
    assert not Attendance.objects.exists()
    with time_machine.travel(ahead.starts_at - timedelta(minutes=30), tick=False):
        actions.enter_attendance(
            klass=ahead, entries=entries, method=method, actor=room.teacher, reason="已到教室"
        )
    assert Attendance.objects.get().presence == "present"


def test_a_register_opens_when_the_rule_of_its_cohort_says(room, ahead):
    before = timedelta(minutes=60)
    AttendanceRule.objects.create(cohort=room.cohort, opens_before_minutes=60)
    with time_machine.travel(ahead.starts_at - before - timedelta(seconds=1), tick=False):
        with pytest.raises(actions.AttendanceRefused):
            actions.open_register(klass=ahead, actor=room.teacher)
        assert not Register.objects.filter(pk=ahead.pk).exists()
    with time_machine.travel(ahead.starts_at - before, tick=False):
        assert actions.open_register(klass=ahead, actor=room.teacher).opened_at == timezone.now()


def test_a_register_of_a_class_that_was_put_off_can_be_written_on_its_new_day_only(room, desk):
    room.klass.starts_at, room.klass.ends_at = (
        room.now + timedelta(days=days, minutes=minutes) for days, minutes in ((7, 0), (7, 90))
    )
    room.klass.save()
    with pytest.raises(actions.AttendanceRefused):
        actions.open_register(klass=room.klass, actor=room.teacher)
    assert "起可以登记" in desk.get(reverse("attendance:register", args=[room.klass.pk])).content.decode()
    listed = desk.get(reverse("attendance:cohort", args=[room.cohort.pk])).content.decode()
    assert "未开始" in listed
    assert "进行中" not in listed
    screen = desk.get(reverse("lms:attendance-screen", args=[room.klass.uid])).content.decode()
    assert "起可以开始" in screen
    assert "screen__qr" not in screen


def test_the_page_of_a_class_ahead_is_read_only_and_says_when_it_opens(room, desk, ahead):
    address = reverse("attendance:register", args=[ahead.pk])
    shown = desk.get(address).content.decode()
    assert "起可以登记" in shown
    assert 'name="presence-' not in shown
    assert reverse("attendance:upload", args=[ahead.pk]) not in shown
    desk.post(reverse("attendance:save", args=[ahead.pk]), {"method": "paper", "all": "1"})
    assert not Attendance.objects.exists()
    with time_machine.travel(ahead.starts_at - timedelta(minutes=30), tick=False):
        desk.force_login(room.teacher)
        assert 'name="presence-' in desk.get(address).content.decode()


def test_a_list_is_refused_before_the_class_begins(room, desk, ahead):
    begins = timezone.localtime(ahead.starts_at)
    rows = [("周一鸣", "", f"{begins:%Y-%m-%d %H:%M:%S}", f"{begins + timedelta(hours=1):%Y-%m-%d %H:%M:%S}")]
    address = reverse("attendance:upload", args=[ahead.pk])
    assert 'type="file"' not in desk.get(address).content.decode()
    shown = desk.post(address, {"file": listed(rows)}).content.decode()
    assert "还没有参会名单" in shown
    assert not ParticipantList.objects.exists()
    kept = ParticipantList.objects.create(
        class_session=ahead,
        filename="a.xlsx",
        rows=[["周一鸣", "", begins.isoformat(), (begins + timedelta(hours=1)).isoformat()]],
        uploaded_by=room.teacher,
    )
    preview = reverse("attendance:preview", args=[kept.pk])
    assert "还没有参会名单" in desk.get(preview).content.decode()
    desk.post(preview, {})
    kept.refresh_from_db()
    assert kept.applied_at is None
    assert not Attendance.objects.exists()


def test_the_preview_of_a_list_names_those_whose_leave_is_not_decided(room, desk, cast):
    actions.ask_leave(klass=room.klass, enrolment=room.one, actor=cast.trainee, reason="入户")
    begins = timezone.localtime(room.klass.starts_at)
    rows = [
        [name, "", begins.isoformat(), (begins + timedelta(minutes=30)).isoformat()]
        for name in (cast.trainee.person.name, cast.other_trainee.person.name)
    ]
    kept = ParticipantList.objects.create(
        class_session=room.klass, filename="a.xlsx", rows=rows, uploaded_by=room.teacher
    )
    answer = desk.get(reverse("attendance:preview", args=[kept.pk]))
    assert (answer.context["asked"], answer.context["asked_names"]) == (1, cast.trainee.person.name)
    assert "申请了请假" in answer.content.decode()


def test_the_screen_of_a_class_ahead_says_when_check_in_can_be_opened(room, desk, ahead):
    address = reverse("lms:attendance-screen", args=[ahead.uid])
    shown = desk.get(address).content.decode()
    assert "起可以开始" in shown
    assert "<form id=" not in shown
    desk.post(address)
    assert not AuditEntry.objects.filter(action="lms.open_register", target_id=str(ahead.pk)).exists()
    with time_machine.travel(ahead.starts_at - timedelta(minutes=30), tick=False):
        desk.force_login(room.teacher)
        assert "<form id=" in desk.get(address).content.decode()
        desk.post(address)
    assert Register.objects.get(pk=ahead.pk).opened_at is not None


def test_a_class_put_off_after_its_register_was_opened_is_forgotten_and_nobody_absent(room):
    """The register was opened on the day that the class was not held; on its new day nobody has taken attendance."""
    later = room.now + timedelta(days=2)
    ClassSession.objects.filter(pk=room.klass.pk).update(
        starts_at=later, ends_at=later + timedelta(minutes=90)
    )
    with time_machine.travel(later + timedelta(days=3), tick=False):
        assert actions.close_due() == 0
        assert room.klass in forgotten(ClassSession.objects.all())
    assert not Attendance.objects.exists()
    with time_machine.travel(later, tick=False):
        actions.open_register(klass=ClassSession.objects.get(pk=room.klass.pk), actor=room.teacher)
    assert Register.objects.get(pk=room.klass.pk).opened_at == later
