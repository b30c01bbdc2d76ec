"""The trainee's and the instructor's timetable, with leave, make-up classes and what is cancelled."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from core.models import Notice
from lms.attendance.actions import agree_request, ask_leave, let_make_up, withdraw_request
from lms.models import CalendarFeed
from lms.timetable.actions import remind_classes
from tests.factories import make_class, make_enrolment, make_feed
from tests.lms.timetable.steps import LINK, page


def test_today_comes_first_and_what_is_past_stands_on_its_own_page(client, cohort, cast):
    make_enrolment(cohort, cast.trainee.person)
    for days, title in ((-1, "昨天的课"), (0, "今天的课"), (1, "明天的课")):
        make_class(cohort, days=days, title=title, title_en="")
    shown = page(client, cast.trainee, "lms:timetable-mine")
    assert "昨天的课" not in shown
    assert shown.index("今天的课") < shown.index("明天的课")
    assert "Today ·" in shown
    before = page(client, cast.trainee, "lms:timetable-mine", show="past")
    assert "昨天的课" in before
    assert "明天的课" not in before


@pytest.mark.parametrize(
    ("clock", "word"),
    [("08:10", "In 50 minutes"), ("09:30", "Going on now"), ("10:30", "Over"), ("07:00", "Today")],
)
def test_a_class_says_where_it_stands(client, cohort, cast, clock, word):
    with time_machine.travel(f"2026-03-14 {clock}+08:00", tick=False):
        make_enrolment(cohort, cast.trainee.person)
        make_class(cohort, days=0)
        assert word in page(client, cast.trainee, "lms:timetable-mine")


def test_a_cancelled_class_says_why(client, cohort, cast):
    make_enrolment(cohort, cast.trainee.person)
    make_class(cohort, cancelled_at=timezone.now(), cancel_reason="老师生病")
    shown = page(client, cast.trainee, "lms:timetable-mine")
    assert "<s>Intake</s>" in shown
    assert "老师生病" in shown


def test_the_meeting_link_is_for_the_enrolled_only(client, cohort, cast):
    enrolment = make_enrolment(cohort, cast.trainee.person)
    make_class(cohort, mode="online", link=LINK, instructor=cast.instructor.person)
    assert LINK in page(client, cast.trainee, "lms:timetable-mine")
    assert LINK in page(client, cast.trainee, "lms:timetable-enrolment", enrolment.pk)
    assert LINK in page(client, cast.instructor, "lms:timetable-mine")
    for part in (cast.other_trainee, cast.outsider, cast.supervisor):
        assert LINK not in page(client, part, "lms:timetable-mine")
        assert client.get(reverse("lms:timetable-enrolment", args=[enrolment.pk])).status_code == 404


def test_a_class_that_is_over_or_cancelled_has_no_link(client, cohort, cast):
    make_enrolment(cohort, cast.trainee.person)
    make_class(cohort, mode="online", link=LINK, cancelled_at=timezone.now())
    make_class(cohort, days=-1, mode="online", link=LINK)
    for show in ("", "past"):
        assert LINK not in page(client, cast.trainee, "lms:timetable-mine", show=show)


def test_a_class_leads_to_its_register_and_its_check_in_code(client, cohort, cast):
    klass = make_class(cohort, days=1, instructor=cast.instructor.person)
    over = make_class(cohort, days=-2)
    register = reverse("attendance:register", args=[klass.pk])
    screen = reverse("lms:attendance-screen", args=[klass.uid])
    desk = page(client, cast.instructor, "timetable:cohort", cohort.pk)
    assert register in desk and screen in desk
    assert screen in page(client, cast.instructor, "lms:timetable-mine")
    read = page(client, cast.auditor, "timetable:cohort", cohort.pk)
    assert register in read and screen not in read
    make_enrolment(cohort, cast.trainee.person)
    mine = page(client, cast.trainee, "lms:timetable-mine")
    assert register not in mine and screen not in mine
    past = page(client, cast.instructor, "timetable:cohort", cohort.pk, show="past")
    assert reverse("attendance:register", args=[over.pk]) in past
    assert reverse("lms:attendance-screen", args=[over.uid]) not in past


@pytest.mark.parametrize("state", ["applied", "waiting", "refused", "withdrawn"])
def test_who_is_not_enrolled_has_no_room_with_classes(client, cohort, cast, state):
    enrolment = make_enrolment(cohort, cast.trainee.person, state)
    make_class(cohort)
    assert "Intake" not in page(client, cast.trainee, "lms:timetable-mine")
    assert client.get(reverse("lms:timetable-enrolment", args=[enrolment.pk])).status_code == 404


def test_an_instructor_sees_what_they_teach_and_reaches_the_desk(client, cohort, cast):
    make_class(cohort, instructor=cast.instructor.person)
    shown = page(client, cast.instructor, "lms:timetable-mine")
    assert "I teach" in shown
    assert reverse("timetable:cohort", args=[cohort.pk]) in shown


def test_who_teaches_without_a_desk_is_not_sent_there(client, cohort, cast):
    make_class(cohort, instructor=cast.supervisor.person)
    shown = page(client, cast.supervisor, "lms:timetable-mine")
    assert "I teach" in shown
    assert reverse("timetable:cohort", args=[cohort.pk]) not in shown


def test_a_calendar_address_is_made_when_it_is_asked_for(client, cast):
    assert "You have no calendar address yet" in page(client, cast.trainee, "lms:timetable-subscribe")
    assert not CalendarFeed.objects.exists()
    client.post(reverse("lms:timetable-subscribe"))
    feed = CalendarFeed.objects.get(person=cast.trainee.person)
    shown = page(client, cast.trainee, "lms:timetable-subscribe")
    assert f"webcal://testserver/learn/calendar/{feed.token}.ics" in shown
    assert feed.token not in page(client, cast.other_trainee, "lms:timetable-subscribe")


def test_the_first_calendar_address_replaces_none(client, cast):
    client.force_login(cast.trainee)
    address = reverse("lms:timetable-subscribe")
    assert "不再有效" not in client.post(address, follow=True).text
    assert "不再有效" in client.post(address, follow=True).text


def test_the_calendar_of_a_cohort_is_shown_to_its_trainees_and_its_desk(client, cohort, cast):
    enrolment = make_enrolment(cohort, cast.trainee.person)
    feed = make_feed(cohort=cohort)
    assert feed.token in page(client, cast.trainee, "lms:timetable-enrolment", enrolment.pk)
    assert feed.token in page(client, cast.auditor, "timetable:cohort", cohort.pk)


def test_leave_stands_in_both_timetables_as_long_as_it_was_not_refused(client, cohort, cast):
    enrolment = make_enrolment(cohort, cast.trainee.person)
    klass = make_class(cohort)
    asked = ask_leave(klass=klass, enrolment=enrolment, actor=cast.trainee, reason="入户")
    both = ("lms:timetable-mine",), ("lms:timetable-enrolment", enrolment.pk)
    for name in both:
        assert "Leave asked for, not decided yet" in page(client, cast.trainee, *name)
    agree_request(request=asked, actor=cast.administrator)
    for name in both:
        shown = page(client, cast.trainee, *name)
        assert "Leave agreed" in shown
        assert "not decided yet" not in shown
    withdraw_request(request=asked, actor=cast.trainee)
    for name in both:
        assert "Leave agreed" not in page(client, cast.trainee, *name)


def test_the_class_in_which_one_is_made_up_stands_in_both_timetables(client, cohort, other, cast):
    enrolment = make_enrolment(cohort, cast.trainee.person)
    missed, instead = make_class(cohort, days=-1), make_class(other, days=2, title="补课的课", title_en="")
    let_make_up(klass=missed, instead=instead, enrolment=enrolment, actor=cast.administrator, reason="出差")
    for name in (("lms:timetable-mine",), ("lms:timetable-enrolment", enrolment.pk)):
        shown = page(client, cast.trainee, *name)
        assert "补课的课" in shown
        assert "Make-up class" in shown
        assert other.title in shown


def test_the_timetable_says_how_a_class_is_held_also_where_it_has_a_place(client, cohort, cast):
    make_enrolment(cohort, cast.trainee.person)
    make_class(cohort, mode="both", link=LINK)
    shown = page(client, cast.trainee, "lms:timetable-mine")
    assert "Face to face and online" in shown
    assert "301" in shown


def test_whoever_has_leave_from_a_class_is_not_reminded_of_it(cohort, cast):
    enrolment = make_enrolment(cohort, cast.trainee.person)
    make_enrolment(cohort, cast.other_trainee.person)
    klass = make_class(cohort, days=3)
    asked = ask_leave(klass=klass, enrolment=enrolment, actor=cast.trainee, reason="入户")
    agree_request(request=asked, actor=cast.administrator)
    with time_machine.travel(klass.starts_at - timedelta(days=1), tick=False):
        remind_classes()
    told = Notice.objects.filter(kind="lms.class_tomorrow").values_list("user", flat=True)
    assert set(told) == {cast.other_trainee.pk}


def test_whose_camera_fails_finds_the_number_from_every_page_about_their_classes(client, cohort, cast):
    enrolment = make_enrolment(cohort, cast.trainee.person)
    make_class(cohort, days=3, instructor=cast.instructor.person)
    typed = f'href="{reverse("lms:attendance-type")}"'
    assert typed in page(client, cast.trainee, "lms:timetable-mine")
    assert typed in page(client, cast.trainee, "lms:timetable-enrolment", enrolment.pk)
    assert typed in page(client, cast.trainee, "lms:attendance-own", enrolment.pk)
    assert typed not in page(client, cast.instructor, "lms:timetable-mine")
    assert typed not in page(client, cast.trainee, "lms:timetable-mine", show="past")
