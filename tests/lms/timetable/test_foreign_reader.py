"""The calendars of a person and of a cohort as a program of others reads them: `ical`, the reader of Home Assistant."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from ical.calendar_stream import IcsCalendarStream

from lms.enrolments.actions import withdraw
from lms.timetable.actions import cancel_class, change_class
from lms.timetable.policy import Draft
from tests.factories import make_class, make_enrolment, make_feed

HERE = ZoneInfo("Asia/Shanghai")
LINK = "https://meet.example.com/j/123?pwd=abc"


@pytest.fixture
def enrolled(cohort, cast):
    return make_enrolment(cohort, cast.trainee.person)


@pytest.fixture(params=["person", "cohort"])
def feed(request, enrolled, cohort, cast):
    """The address of either; both show the classes of the cohort."""
    owner = {"person": cast.trainee.person, "cohort": cohort}[request.param]
    return make_feed(**{request.param: owner})


def read(feed):
    """The one calendar that stands at an address, without cookies; fails on whatever the reader does not take."""
    answer = Client().get(reverse("lms:timetable-feed", args=[feed.token]))
    assert answer.status_code == 200
    (calendar,) = IcsCalendarStream.from_ics(answer.content.decode()).calendars
    return calendar


def only(feed):
    (event,) = read(feed).events
    return event


def test_a_class_stands_at_its_hour_in_shanghai(feed, cohort):
    made = make_class(cohort, mode="both", link=LINK)
    calendar = read(feed)
    (event,) = calendar.events
    assert (calendar.name, calendar.method) == (["我的课程表" if feed.person_id else cohort.title], "PUBLISH")
    assert [zone.tz_id for zone in calendar.timezones] == ["Asia/Shanghai"]
    assert (event.start, event.end) == (made.starts_at, made.ends_at)
    assert event.start.tzinfo == HERE
    assert (event.start.hour, event.start.minute) == (9, 0)
    assert event.computed_duration == timedelta(minutes=90)
    assert (event.uid, event.summary) == (f"{made.uid}@xinhuo", "接案与预估")
    assert (event.location, event.sequence, event.status) == ("示例市民政局 301", 0, "CONFIRMED")
    assert event.description.splitlines()[0] == cohort.title
    assert str(event.url or "") == (LINK if feed.person_id else "")


def test_a_program_that_asks_for_a_day_finds_its_classes_in_their_order(feed, cohort):
    later = make_class(cohort, days=3, title="第二课")
    first = make_class(cohort, days=2, title="第一课")
    assert [event.summary for event in read(feed).timeline_tz(HERE)] == ["第一课", "第二课"]
    day = later.starts_at.astimezone(HERE).date()
    assert [event.summary for event in read(feed).timeline_tz(HERE).on_date(day)] == ["第二课"]
    assert first.starts_at < later.starts_at


def test_a_class_that_moves_is_the_same_event_with_a_higher_number(feed, cohort):
    made = make_class(cohort, days=3)
    before = only(feed)
    draft = vars(made.draft)
    moved = {name: draft[name] + timedelta(days=1, hours=5) for name in ("starts_at", "ends_at")}
    change_class(klass=made, draft=Draft(**draft | moved), actor=None)
    after = only(feed)
    assert (after.uid, before.sequence, after.sequence) == (before.uid, 0, 1)
    assert after.start - before.start == timedelta(days=1, hours=5)
    assert after.start.hour == 14
    assert after.last_modified >= before.last_modified


def test_a_class_that_does_not_take_place_is_the_same_event_cancelled(feed, cohort):
    made = make_class(cohort, days=3)
    before = only(feed)
    cancel_class(klass=made, actor=None, reason="老师生病")
    after = only(feed)
    assert (after.uid, after.status, after.transparency) == (before.uid, "CANCELLED", "TRANSPARENT")
    assert after.sequence > before.sequence
    assert "老师生病" in after.description


def test_what_somebody_left_is_cancelled_for_them_and_not_for_the_cohort(feed, enrolled, cohort, cast):
    make_class(cohort, days=5)
    before = only(feed)
    withdraw(enrolment=enrolled, actor=cast.trainee)
    after = only(feed)
    assert (after.status, after.sequence - before.sequence) == (
        ("CANCELLED", 1) if feed.person_id else ("CONFIRMED", 0)
    )


def test_whoever_comes_back_has_the_event_with_a_higher_number_and_a_later_change(enrolled, cohort, cast):
    feed = make_feed(person=cast.trainee.person)
    make_class(cohort, days=5)
    left = timezone.now() + timedelta(hours=1)
    seen = [only(feed)]
    with time_machine.travel(left, tick=False):
        withdraw(enrolment=enrolled, actor=cast.trainee)
        seen.append(only(feed))
    with time_machine.travel(left + timedelta(hours=1), tick=False):
        make_enrolment(cohort, cast.trainee.person, decided_at=timezone.now())
        seen.append(only(feed))
    assert [event.status for event in seen] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert [event.sequence for event in seen] == [0, 1, 2]
    for changes in ([event.last_modified for event in seen], [event.dtstamp for event in seen]):
        assert changes == sorted(set(changes))
