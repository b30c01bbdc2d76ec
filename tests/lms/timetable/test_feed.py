"""The calendar as a phone gets it: asked for over HTTP, read by a reader that is not the library which wrote it."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core.calendars.document import Entry, calendar_of
from lms.attendance.actions import ask_make_up, let_make_up, refuse_request, withdraw_request
from lms.cohorts.actions import cancel_cohort
from lms.enrolments.actions import withdraw
from lms.timetable.actions import cancel_class, change_class
from lms.timetable.policy import Draft
from lms.timetable.queries import classes_of
from lms.transfers.actions import transfer_enrolment
from tests.factories import make_class, make_enrolment, make_feed, make_user
from tests.ical import read_calendar

LINK = "https://meet.example.com/j/123?pwd=abc"


@pytest.fixture
def feed(cast):
    return make_feed(person=cast.trainee.person)


@pytest.fixture
def enrolled(cohort, cast):
    return make_enrolment(cohort, cast.trainee.person)


def ask(feed, **headers):
    """As a calendar program asks: without cookies."""
    return Client().get(reverse("lms:timetable-feed", args=[feed.token]), headers=headers)


def events(feed):
    answer = ask(feed)
    assert answer.status_code == 200
    return read_calendar(answer.content).all("VEVENT")


def test_a_calendar_says_what_it_is(feed, enrolled, cohort):
    make_class(cohort)
    calendar = read_calendar(ask(feed).content)
    assert (calendar["VERSION"], calendar["METHOD"]) == ("2.0", "PUBLISH")
    assert calendar["X-WR-CALNAME"] == "我的课程表"
    assert calendar["X-PUBLISHED-TTL"] == "PT1H"
    assert calendar.property("REFRESH-INTERVAL").params["VALUE"] == "DURATION"
    (zone,) = calendar.all("VTIMEZONE")
    assert zone["TZID"] == "Asia/Shanghai"
    (standard,) = zone.parts  # no summer time
    offsets = {standard.offset(name) for name in ("TZOFFSETFROM", "TZOFFSETTO")}
    assert offsets == {timedelta(hours=8)}


def test_an_event_has_what_calendars_need_and_names_nobody(feed, enrolled, cohort, cast):
    made = make_class(cohort, instructor=cast.instructor.person, mode="both", link=LINK)
    (event,) = events(feed)
    assert event["UID"] == f"{made.uid}@xinhuo"
    assert (event.number("SEQUENCE"), event["STATUS"], event["SUMMARY"]) == (0, "CONFIRMED", "接案与预估")
    assert event.moment("DTSTART") == made.starts_at
    assert event.property("DTSTART").params["TZID"] == "Asia/Shanghai"
    assert event.moment("DTEND") - event.moment("DTSTART") == timedelta(minutes=90)
    assert event["LOCATION"] == "示例市民政局 301"
    assert event["URL"] == LINK
    assert "DTSTAMP" in event
    assert "LAST-MODIFIED" in event
    text = ask(feed).content.decode().replace("\r\n ", "")
    for part in (cast.instructor, cast.trainee):
        assert part.person.name not in text
        assert part.email not in text


def test_what_is_moved_keeps_its_uid_and_counts_up(feed, enrolled, cohort):
    made = make_class(cohort, days=3)
    (before,) = events(feed)
    draft = made.draft
    later = timedelta(days=1)
    new = type(draft)(
        **vars(draft) | {"starts_at": draft.starts_at + later, "ends_at": draft.ends_at + later}
    )
    change_class(klass=made, draft=new, actor=None)
    (after,) = events(feed)
    assert after["UID"] == before["UID"]
    assert (before.number("SEQUENCE"), after.number("SEQUENCE")) == (0, 1)
    assert after.moment("DTSTART") - before.moment("DTSTART") == later
    assert after.moment("LAST-MODIFIED") >= before.moment("LAST-MODIFIED")


def test_what_is_cancelled_stays_two_months_and_longer(feed, enrolled, cohort):
    made = make_class(cohort, days=10, mode="online", place="", link=LINK)
    cancel_class(klass=made, actor=None, reason="老师生病")
    (event,) = events(feed)
    assert (event["STATUS"], event["TRANSP"]) == ("CANCELLED", "TRANSPARENT")
    assert "老师生病" in event["DESCRIPTION"]
    assert "URL" not in event
    for days, number in ((70, 1), (10 + 181, 0)):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            assert len(events(feed)) == number


def test_what_somebody_left_is_cancelled_in_their_calendar_for_a_while(feed, enrolled, cohort, cast):
    make_class(cohort, days=-2, title="上过的课")
    make_class(cohort, days=5, title="不上的课", mode="online", link=LINK)
    withdraw(enrolment=enrolled, actor=cast.trainee)
    (event,) = events(feed)
    assert (event["SUMMARY"], event["STATUS"], event.number("SEQUENCE")) == ("不上的课", "CANCELLED", 1)
    assert LINK not in ask(feed).content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=61)):
        assert events(feed) == []


def test_who_comes_back_finds_the_classes_again(feed, enrolled, cohort, cast):
    make_class(cohort, days=5)
    withdraw(enrolment=enrolled, actor=cast.trainee)
    make_enrolment(cohort, cast.trainee.person)
    (event,) = events(feed)
    assert (event["STATUS"], event.number("SEQUENCE")) == (
        "CONFIRMED",
        2,
    )  # calendars follow only what counts up


def stands(feed):
    """The status of the only class in a calendar, and its number."""
    (event,) = events(feed)
    return event["STATUS"], event.number("SEQUENCE")


def test_a_number_never_falls_whatever_becomes_of_the_person_and_the_class(feed, cohort, other, cast):
    """Out, in again, moved to the other cohort and back, and at last the cohort is cancelled. Nor does the time of the
    change: programs that compare it would keep what was before."""
    made, trainee, since = make_class(cohort, days=5), cast.trainee.person, timezone.now()

    def come():
        make_enrolment(cohort, trainee, decided_at=timezone.now())

    def go(target):
        enrolment = trainee.enrolments.get(state="enrolled")
        transfer_enrolment(enrolment=enrolment, target=target, reason="时间变了", actor=cast.administrator)

    seen, steps = [], (
        come,
        lambda: withdraw(enrolment=trainee.enrolments.get(), actor=cast.trainee),
        come,
        lambda: go(other),
        lambda: go(cohort),
        lambda: cancel_cohort(cohort=cohort, actor=cast.administrator, reason="人数不足"),
    )  # fmt: skip
    for hours, step in enumerate(steps, start=1):
        with time_machine.travel(since + timedelta(hours=hours), tick=False):
            step()
            (event,) = events(feed)
        seen.append(event)
    assert [event["STATUS"] for event in seen] == ["CONFIRMED", "CANCELLED"] * 3
    for values in (
        [event.number("SEQUENCE") for event in seen],
        [event.moment("LAST-MODIFIED") for event in seen],
        [event.moment("DTSTAMP") for event in seen],
    ):
        assert values == sorted(set(values))
    made.refresh_from_db()
    assert made.sequence == 1


def test_what_somebody_no_longer_teaches_is_cancelled_in_their_calendar(cohort, cast):
    made = make_class(cohort, days=5, instructor=cast.instructor.person)
    feed = make_feed(person=cast.instructor.person)
    assert stands(feed) == ("CONFIRMED", 0)
    draft = vars(made.draft)
    for teacher, status in ((make_user().person, "CANCELLED"), (cast.instructor.person, "CONFIRMED")):
        made.refresh_from_db()
        change_class(klass=made, draft=Draft(**draft | {"instructor_id": teacher.pk}), actor=None)
        assert stands(feed)[0] == status
    assert stands(feed) == ("CONFIRMED", 2)


def test_an_agreed_make_up_class_stands_in_the_calendar_and_goes_when_it_is_taken_back(
    feed, enrolled, cohort, other, cast
):
    missed = make_class(cohort, days=-2)
    instead = make_class(other, days=5, title="补的课", mode="both", link=LINK)
    asked = let_make_up(
        klass=missed, enrolment=enrolled, instead=instead, reason="出差", actor=cast.administrator
    )

    def found():
        return [(one["STATUS"], one.number("SEQUENCE")) for one in events(feed) if one["SUMMARY"] == "补的课"]

    assert found() == [("CONFIRMED", 0)]
    assert LINK in ask(feed).content.decode().replace("\r\n ", "")
    client = Client()
    client.force_login(cast.trainee)
    page = client.get(reverse("lms:timetable-mine"))
    assert "补的课" in page.text
    assert LINK in page.text
    assert [row.title for row in classes_of(cast.trainee.person)] == ["补的课"]
    withdraw_request(request=asked, actor=cast.trainee)
    assert found() == [("CANCELLED", 1)]
    assert not classes_of(cast.trainee.person)


def test_a_make_up_class_stands_in_the_calendar_although_another_one_was_refused(
    feed, enrolled, cohort, other, cast
):
    instead = make_class(other, days=5, title="补的课")
    asked = ask_make_up(
        klass=make_class(cohort, days=-3),
        enrolment=enrolled,
        instead=instead,
        reason="出差",
        actor=cast.trainee,
    )
    refuse_request(request=asked, actor=cast.administrator, reason="班满")
    let_make_up(
        klass=make_class(cohort, days=-2), enrolment=enrolled, instead=instead, reason="值班",
        actor=cast.administrator,
    )  # fmt: skip
    assert [one["STATUS"] for one in events(feed) if one["SUMMARY"] == "补的课"] == ["CONFIRMED"]


@pytest.mark.parametrize("state", ["applied", "waiting", "refused"])
def test_who_is_not_enrolled_gets_no_classes(feed, cohort, cast, state):
    make_enrolment(cohort, cast.trainee.person, state)
    make_class(cohort)
    assert events(feed) == []


def test_what_one_teaches_stands_in_the_calendar_too(cohort, cast):
    make_class(cohort, instructor=cast.instructor.person)
    make_class(cohort, days=2)
    assert len(events(make_feed(person=cast.instructor.person))) == 1


def test_the_calendar_of_a_cohort_never_has_the_link(cohort):
    make_class(cohort, mode="online", place="", room="", link=LINK)
    body = ask(make_feed(cohort=cohort)).content.decode()
    assert "秋季班" in body
    assert "meet.example" not in body.replace("\r\n ", "")


def test_what_has_not_changed_is_not_sent_again(feed, enrolled, cohort):
    made = make_class(cohort)
    etag = ask(feed)["ETag"]
    again = ask(feed, if_none_match=etag)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    cancel_class(klass=made, actor=None, reason="停电")
    assert ask(feed, if_none_match=etag).status_code == 200


def test_no_proxy_keeps_it_and_no_search_engine_finds_it(feed):
    answer = ask(feed)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize("token", ["x", "x" * 500, "课程表", "%00", "-"])
def test_another_address_opens_nothing(feed, token):
    assert Client().get(f"/learn/calendar/{token}.ics").status_code == 404


def test_the_calendar_of_a_closed_account_is_closed(feed, cast):
    cast.trainee.is_active = False
    cast.trainee.save()
    assert ask(feed).status_code == 404


def test_who_asks_too_often_is_asked_to_wait(feed, monkeypatch):
    with time_machine.travel("2026-03-14T10:00:01+08:00", tick=False):
        codes = [ask(feed).status_code for _ in range(121)]
    assert codes[119:] == [200, 429]


def test_a_calendar_costs_the_same_for_one_class_and_for_many(
    feed, enrolled, cohort, django_assert_num_queries
):
    from lms.timetable.models import CalendarFeed
    from lms.timetable.queries import feed_entries

    for days in range(12):
        make_class(cohort, days=days)
    with django_assert_num_queries(5):
        assert len(feed_entries(CalendarFeed.objects.of_token(feed.token))[1]) == 12


any_text = st.text(max_size=200) | st.text('，、；\\,;:"\n\r\t\x00课程表', max_size=200)


@given(any_text, any_text, any_text, st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)))
def test_whatever_is_written_comes_back_from_the_parser(summary, description, location, moment):
    begins = moment.replace(microsecond=0, tzinfo=timezone.get_default_timezone())
    entry = Entry(
        uid="a@xinhuo", sequence=0, starts_at=begins, ends_at=begins + timedelta(hours=1), summary=summary,
        description=description, location=location, url="", changed_at=begins, is_cancelled=False,
    )  # fmt: skip
    body = calendar_of("课程表", [entry], product="Timetable")
    assert body == calendar_of("课程表", [entry], product="Timetable")
    (event,) = read_calendar(body).all("VEVENT")
    assert event.moment("DTSTART") == begins

    def seen(text):
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        return "".join(
            letter for letter in text if letter == "\n" or not ("\x00" <= letter < " " or letter == "\x7f")
        )

    assert event["SUMMARY"] == seen(summary)
