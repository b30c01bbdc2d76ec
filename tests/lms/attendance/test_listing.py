"""Participant lists of online meetings, from the upload to the names that are erased."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core.models import AuditEntry
from core.people.sealed import lookup_hash
from lms.attendance import actions
from lms.models import Attendance, ParticipantList
from tests.factories import make_enrolment, make_user
from tests.lms.attendance.conftest import come
from tests.lms.attendance.listing import listed, of, upload


@pytest.fixture
def meeting(room, cast):
    """Two trainees of one name, one with a known number; the trainee came twice, overlapping."""
    user = cast.trainee
    user.phone, user.phone_verified = "13900000001", True
    user.save()
    for _ in range(2):
        make_enrolment(room.cohort, make_user("王芳").person)
    starts = timezone.localtime(room.klass.starts_at)

    def at(minutes):
        return (starts + timedelta(minutes=minutes)).strftime("%Y-%m-%d %H:%M:%S")

    return [
        ("荷姐", "139 0000 0001", at(-10), at(30)),
        ("荷姐", "13900000001", at(20), at(50)),
        ("周一鸣", "", at(0), at(90)),
        ("王芳", "", at(0), at(90)),
        ("路人甲", "", at(0), at(90)),
        ("坏的", "", "昨天", ""),
    ]


def test_a_list_is_previewed_then_applied_and_a_second_time_changes_nothing(room, desk, meeting):
    preview = upload(desk, room, listed(meeting))
    page = desk.get(preview)
    assert not Attendance.objects.exists()
    assert [one.participant.name for _, one, _, _ in page.context["doubtful"]] == ["王芳", "路人甲"]
    assert {kind: len(people) for kind, _, people in page.context["groups"]}["matched"] == 2
    assert ParticipantList.objects.get().unread == [[8, "times"]]
    desk.post(preview)
    rows = {row.enrolment_id: row for row in Attendance.objects.all()}
    assert (rows[room.one.pk].minutes, rows[room.one.pk].method) == (50, "online")
    assert rows[room.two.pk].minutes == 90
    stamps = set(Attendance.objects.values_list("pk", "updated_at"))
    again = upload(desk, room, listed(meeting))
    assert {kind: len(people) for kind, _, people in desk.get(again).context["groups"]}["unchanged"] == 2
    desk.post(again)
    assert set(Attendance.objects.values_list("pk", "updated_at")) == stamps


def test_names_of_a_list_are_erased_thirty_days_after_the_class(room, desk, meeting):
    preview = upload(desk, room, listed(meeting))
    desk.post(preview)
    kept = ParticipantList.objects.get()
    assert "name:王芳" in kept.taken_for
    entry = AuditEntry.objects.get(action="lms.upload_list")
    assert entry.data["after"] == {"rows": 5, "unread": 1}
    with time_machine.travel(room.klass.ends_at + timedelta(days=29), tick=False):
        assert actions.erase_lists() == 0
    with time_machine.travel(room.klass.ends_at + timedelta(days=31), tick=False):
        assert actions.erase_lists() == 1
        assert actions.erase_lists() == 0
    kept.refresh_from_db()
    assert (kept.rows, kept.unread, kept.taken_for) == ([], [], {})
    minutes = set(Attendance.objects.values_list("pk", "minutes"))
    assert AuditEntry.objects.filter(action="lms.erase_lists").count() == 1
    assert "王芳" not in desk.get(preview).content.decode()
    desk.post(preview)
    kept.refresh_from_db()
    assert set(Attendance.objects.values_list("pk", "minutes")) == minutes
    assert not desk.get(preview).context["doubtful"]


def test_the_officer_says_who_a_name_is(room, desk, meeting):
    preview = upload(desk, room, listed(meeting))
    (field, _one, options, _picked), *_rest = desk.get(preview).context["doubtful"]
    pk = options[0][0]
    desk.post(preview, {field: str(pk), "who-99": "1", "who-x": "x"})
    assert Attendance.objects.get(enrolment=pk).minutes == 90


def test_no_number_is_kept_as_it_is(room, desk, meeting):
    upload(desk, room, listed(meeting))
    kept = str(ParticipantList.objects.get().rows)
    assert "13900000001" not in kept
    assert lookup_hash("phone", "13900000001") in kept


def test_whom_the_code_has_found_a_list_leaves_alone(room, desk, meeting, cast):
    come(room.klass, cast.trainee)
    preview = upload(desk, room, listed(meeting))
    desk.post(preview)
    assert Attendance.objects.get(enrolment=room.one).method == "qr"


@pytest.mark.parametrize(
    "headings",
    [
        ("姓名", "手机号码", "入会时间", "退会时间"),
        ("昵称", "手机", "首次入会时间", "最后退会时间"),
        ("Name (Original Name)", "Phone", "Join Time", "Leave Time"),
        ("参会者", "电话", "加入时间", "离开时间"),
    ],
)
def test_the_headings_of_several_services_are_known(room, desk, meeting, headings):
    upload(desk, room, listed(meeting, headings))
    assert len(ParticipantList.objects.get().rows) == 5


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04 broken", b"\xff\xfe\x00", "姓名,入会时间,退会时间\n王芳,昨天,今天\n".encode()],
)
def test_what_is_no_list_is_said_so(room, desk, content):
    answer = desk.post(of("upload", room.klass), {"file": SimpleUploadedFile("x.csv", content)})
    assert answer.context["form"].errors


def test_after_closing_a_list_wants_a_reason(room, desk, meeting, heard):
    with time_machine.travel(room.klass.ends_at + timedelta(minutes=1), tick=False):
        actions.close_register(klass=room.klass, actor=room.teacher)
    preview = upload(desk, room, listed(meeting))
    field, _one, options, _picked = desk.get(preview).context["doubtful"][0]
    refused = desk.post(preview, {field: str(options[0][0])})
    assert heard == []
    assert refused.context["doubtful"][0][3] == options[0][0]  # what was chosen is not chosen anew
    assert 'aria-describedby="list-fault"' in refused.content.decode()
    desk.post(preview, {"reason": "补传名单"})
    assert sorted((event.revision, event.minutes) for event in heard) == [(2, 50), (2, 90)]


def test_each_row_that_was_left_out_says_why(room, desk):
    text = (
        "用户昵称,入会时间,退会时间\n,2026-03-14 09:00,2026-03-14 10:00\n林小荷,九点,2026-03-14 10:00\n"
        "林小荷,2026-03-14 10:00,2026-03-14 09:00\n林小荷,2026-03-14 09:00,2026-03-14 10:00\n"
    )
    file = SimpleUploadedFile("list.csv", text.encode())
    page = desk.post(reverse("attendance:upload", args=[room.klass.pk]), {"file": file}, follow=True).text
    assert "第 2 行：没有姓名" in page
    assert "第 3 行：入会或退会时间无法识别" in page
    assert "第 4 行：退会时间早于入会时间" in page
    ParticipantList.objects.update(unread=[5])  # a list of the days before it said why
    kept = ParticipantList.objects.get()
    assert "第 5 行：姓名或时间无法识别" in desk.get(reverse("attendance:preview", args=[kept.pk])).text


def test_a_colleagues_number_in_ones_own_profile_brings_no_attendance(room, desk, cast):
    cast.trainee.phone = "13900000001"  # nobody has sent a code to it
    cast.trainee.save()
    starts = timezone.localtime(room.klass.starts_at)
    times = [(starts + timedelta(minutes=at)).strftime("%Y-%m-%d %H:%M:%S") for at in (0, 90)]
    preview = upload(desk, room, listed([("王别人", "13900000001", *times)]))
    assert len(desk.get(preview).context["doubtful"]) == 1
    desk.post(preview)
    assert not Attendance.objects.exists()


def test_a_year_that_no_meeting_was_held_in_is_no_time(room, desk):
    starts = timezone.localtime(room.klass.starts_at)
    came = f"{starts:%Y-%m-%d %H:%M:%S},{starts + timedelta(minutes=3):%Y-%m-%d %H:%M:%S}"
    text = f"用户昵称,入会时间,退会时间\n周一鸣,0001-01-01 00:00:00,9999-12-31 23:59:59\n林小荷,{came}\n"
    file = SimpleUploadedFile("list.csv", text.encode())
    page = desk.post(of("upload", room.klass), {"file": file}, follow=True).text
    assert "第 2 行：入会或退会时间无法识别" in page
    kept = ParticipantList.objects.get()
    assert desk.post(reverse("attendance:preview", args=[kept.pk])).status_code == 302


def test_a_row_with_a_time_that_has_not_come_yet_counts_for_nobody(room, desk):
    """A century in the meeting would be every class."""
    ahead = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%d %H:%M:%S")
    file = listed([("荷姐", "", "2000-01-01 00:00:00", ahead)])
    assert desk.post(of("upload", room.klass), {"file": file}).status_code == 200
    starts = timezone.localtime(room.klass.starts_at).strftime("%Y-%m-%d %H:%M:%S")
    now = timezone.localtime().strftime("%Y-%m-%d %H:%M:%S")
    upload(desk, room, listed([("荷姐", "", starts, ahead), ("周一鸣", "", starts, now)]))
    assert ParticipantList.objects.get().unread == [[3, "ahead"]]
