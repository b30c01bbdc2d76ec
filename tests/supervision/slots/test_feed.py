"""The calendar files, read by a reader of our own and by the icalendar library."""

from datetime import UTC

import pytest
from django.urls import reverse
from icalendar import Calendar

from supervision.models import MeetingFeed
from supervision.slots import actions
from tests.factories import make_meeting, make_pairing
from tests.ical import read_calendar
from tests.supervision.slots.test_actions import at, propose


@pytest.fixture
def feed(pair):
    return actions.renew_meeting_feed(person=pair.mentee, actor=pair.mentee.user)


def fetch(client, feed, **headers):
    return client.get(reverse("supervision:meeting-feed", args=[feed.token]), **headers)


def events(client, feed):
    body = fetch(client, feed).content
    read_calendar(body)  # well formed after the RFC, by a reader that shares no line with the library
    return {str(event["uid"]): event for event in Calendar.from_ical(body).walk("VEVENT")}


def test_a_phone_reads_when_where_and_with_whom_and_nothing_else(client, pair, feed):
    row = make_meeting(pair.pairing, link="https://meeting.example.com/1")
    body = fetch(client, feed).content
    calendar = Calendar.from_ical(body)
    (event,) = calendar.walk("VEVENT")
    assert event["dtstart"].dt == row.starts_at
    assert event["dtend"].dt == row.ends_at
    assert event["dtstart"].params["TZID"] == "Asia/Shanghai"
    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Shanghai"]
    assert (str(event["status"]), int(event["sequence"])) == ("CONFIRMED", 0)
    assert event["dtstamp"].dt == row.changed_at.astimezone(UTC).replace(microsecond=0)
    assert "欧阳若水" in str(event["summary"])
    assert str(event["location"]) == "督导室"
    assert str(event["url"]) == "https://meeting.example.com/1"


def test_one_entry_through_moving_and_cancelling_with_a_sequence_that_grows(client, pair, feed):
    old = make_meeting(pair.pairing)
    (uid,) = events(client, feed)
    moved = propose(pair, at(4), moves=old, text="会议冲突")
    assert int(events(client, feed)[uid]["sequence"]) == 0
    actions.accept_meeting(meeting=moved, actor=pair.mentee.user)
    found = events(client, feed)
    assert list(found) == [uid]
    assert int(found[uid]["sequence"]) == 1
    assert found[uid]["dtstart"].dt == moved.starts_at
    actions.cancel_meeting(meeting=moved, actor=pair.mentee.user, reason="生病住院")
    found = events(client, feed)
    assert (str(found[uid]["status"]), int(found[uid]["sequence"])) == ("CANCELLED", 2)
    assert "生病" not in fetch(client, feed).content.decode()


def test_what_is_only_proposed_and_what_others_plan_does_not_stand_in_it(client, pair, feed, cast):
    make_meeting(pair.pairing, "proposed")
    make_meeting(make_pairing(pair.supervisor, cast.outside_trainee.person), days=4)
    assert events(client, feed) == {}


def test_a_new_address_ends_the_old_and_a_blocked_account_has_none(client, pair, feed):
    old = feed.token
    actions.renew_meeting_feed(person=pair.mentee, actor=pair.mentee.user)
    assert client.get(reverse("supervision:meeting-feed", args=[old])).status_code == 404
    new = MeetingFeed.objects.get()
    assert fetch(client, new).status_code == 200
    assert fetch(client, new, HTTP_IF_NONE_MATCH=fetch(client, new)["ETag"]).status_code == 304
    pair.mentee.user.is_active = False
    pair.mentee.user.save()
    assert fetch(client, new).status_code == 404


@pytest.mark.parametrize("token", ["x", "9" * 300, "\u5bc6"])
def test_a_wrong_address_is_not_there(client, db, token):
    assert client.get(reverse("supervision:meeting-feed", args=[token])).status_code == 404


def test_the_page_makes_the_address_and_one_meeting_is_a_file(client, pair):
    url = reverse("supervision:meeting-subscribe")
    client.force_login(pair.mentee.user)
    assert "webcal" not in client.get(url).content.decode()
    assert client.post(url, follow=True).status_code == 200
    assert "webcal:" in client.get(url).content.decode()
    row = make_meeting(pair.pairing)
    answer = client.get(reverse("supervision:meeting-ics", args=[row.pk]))
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert str(event["uid"]).startswith(f"meeting-{row.uid}")
    proposed = make_meeting(pair.pairing, "proposed", days=5)
    assert client.get(reverse("supervision:meeting-ics", args=[proposed.pk])).status_code == 404
