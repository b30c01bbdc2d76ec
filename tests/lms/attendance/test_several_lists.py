"""Several participant lists of one meeting: what they add up to for each, and what takes nothing away."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from lms.attendance import actions
from lms.models import Attendance, ParticipantList
from tests.factories import make_enrolment, make_user
from tests.lms.attendance.listing import listed, upload


@pytest.fixture
def lists(room, desk):
    """Hands in a list of (name, joined, left) in minutes of the class; applies it unless told otherwise, with whom the
    doubtful names are said to be. Its preview."""
    starts = timezone.localtime(room.klass.starts_at)

    def at(minutes):
        return (starts + timedelta(minutes=minutes)).strftime("%Y-%m-%d %H:%M:%S")

    def hand_in(*rows, who=(), applies=True):
        preview = upload(desk, room, listed([(name, "", at(came), at(left)) for name, came, left in rows]))
        if applies:
            fields = [field for field, _, _, _ in desk.get(preview).context["doubtful"]]
            desk.post(preview, dict(zip(fields, map(str, who), strict=False)))
        return preview

    return hand_in


def minutes_of(enrolment):
    return Attendance.objects.get(enrolment=enrolment).minutes


def stay_of(room, enrolment):
    row = Attendance.objects.get(enrolment=enrolment)
    return [
        round((time - room.klass.starts_at).total_seconds() / 60)
        for time in (row.checked_in_at, row.checked_out_at)
    ]


@pytest.mark.parametrize(
    ("halves", "minutes", "stay"),
    [
        ([(0, 45), (50, 90)], 85, [0, 90]),
        ([(50, 90), (0, 45)], 85, [0, 90]),
        ([(0, 60), (30, 90)], 90, [0, 90]),
        ([(0, 60), (20, 40)], 60, [0, 60]),
        ([(-30, 20), (30, 40), (80, 120)], 40, [-30, 120]),
    ],
)
def test_the_lists_of_a_meeting_that_broke_off_add_up_and_overlaps_count_once(
    room, lists, halves, minutes, stay
):
    for half in halves:
        lists(("周一鸣", *half))
    assert (minutes_of(room.two), stay_of(room, room.two)) == (minutes, stay)


def test_a_list_that_is_not_applied_counts_for_nothing(room, lists):
    lists(("周一鸣", 0, 45), applies=False)
    lists(("周一鸣", 50, 90))
    assert minutes_of(room.two) == 40


def test_the_preview_says_which_lists_are_counted_together(room, desk, lists):
    first = lists(("周一鸣", 0, 45), applies=False)
    assert "此前采用" not in desk.get(first).text
    desk.post(first)
    second = lists(("周一鸣", 40, 90), applies=False)
    page = desk.get(second)
    assert "参会成员.xlsx" in page.text.split("此前采用过", 1)[1]
    assert "本名单 50，此前采用 45" in page.text
    [(_, one)] = page.context["groups"][0][2]
    assert (one.minutes, one.alone, one.before) == (90, 50, 45)


def test_after_closing_the_second_half_takes_nothing_back(room, desk, lists, heard):
    lists(("周一鸣", 0, 45))
    with time_machine.travel(room.klass.ends_at + timedelta(minutes=1), tick=False):
        actions.close_register(klass=room.klass, actor=room.teacher)
    desk.post(lists(("周一鸣", 50, 90)), {"reason": "会议中断后的名单"})
    assert [(event.revision, event.minutes) for event in heard] == [(1, 45), (2, 85)]


def test_who_was_chosen_for_a_doubtful_name_stays_counted(room, desk, lists):
    first = lists(("小周", 0, 45), who=[room.two.pk])
    lists(("周一鸣", 50, 90))
    assert minutes_of(room.two) == 85
    page = desk.get(first)
    assert f'<option value="{room.two.pk}" selected>' in page.text
    desk.post(first)  # from a page of the time before somebody chose
    assert minutes_of(room.two) == 85
    lists(("周一鸣", 45, 50))
    assert minutes_of(room.two) == 90


def test_a_name_that_was_taken_for_the_wrong_person_can_be_left_out_again(room, desk, lists):
    first = lists(("小周", 0, 45), who=[room.two.pk])
    desk.post(first, {"who-0": ""})
    lists(("周一鸣", 50, 90))
    assert minutes_of(room.two) == 40


def test_a_namesake_who_comes_later_takes_no_minutes_away(room, lists):
    lists(("周一鸣", 0, 45))
    make_enrolment(room.cohort, make_user("周一鸣").person)
    lists(("周一鸣", 50, 90), who=[room.two.pk])
    assert minutes_of(room.two) == 85


def test_what_was_written_by_hand_since_stands_above_the_earlier_lists(room, lists):
    lists(("周一鸣", 0, 45))
    entry = actions.Entry(room.two.pk, "absent")
    actions.enter_attendance(
        klass=room.klass, entries=[entry], method="officer", actor=room.teacher, reason="不是本人"
    )
    lists(("周一鸣", 50, 90))
    assert minutes_of(room.two) == 40


@pytest.mark.parametrize(
    ("second", "minutes"), [((50, 90), 85), ((0, 45), 45), ((30, 60), 60), ((0, 90), 90), ((10, 20), 45)]
)
@pytest.mark.parametrize("lost", [{"rows": [], "taken_for": {}}, {"taken_for": {}}])
def test_a_list_that_can_no_longer_be_read_takes_nothing_away(room, desk, lists, second, minutes, lost):
    lists(("小周", 0, 45), who=[room.two.pk])
    ParticipantList.objects.update(**lost)  # its names were erased, or it is of before the choices were kept
    assert minutes_of(room.two) == 45
    preview = lists(("周一鸣", *second), applies=False)
    assert "部分名单" in desk.get(preview).text
    desk.post(preview)
    assert minutes_of(room.two) == minutes


def test_nobody_brings_minutes_to_themselves_by_a_list_that_a_colleague_adds_to(room, desk, lists, cast):
    make_enrolment(room.cohort, room.teacher.person)
    name = room.teacher.person.name
    lists((name, 0, 45))
    assert not Attendance.objects.exists()
    desk.force_login(cast.administrator)
    for span in ((50, 70), (70, 90)):
        lists((name, *span))
    assert Attendance.objects.get().minutes == 40
