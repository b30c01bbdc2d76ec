"""Watching through the addresses of a player: what is forged, doubled or sent from elsewhere earns nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.audit.models import AuditEntry
from lms.models import LessonProgress, Watching, WatchLease
from lms.videos.policy import TOLERANCE
from tests.factories import make_video
from tests.lms.videos.devices import NINE, Device, credited, enrolled

# --- The server's clock ---------------------------------------------------------------------------------------


def test_what_was_watched_is_credited_beat_by_beat(device, clock):
    for number in range(1, 4):
        clock.shift(10)
        answer = device.beat(f"0-{number * 10_000}@100", position=number * 10_000).json()
    row = Watching.objects.get()
    assert (row.credited, row.covered, row.position) == (30_000, 30_000, 30_000)
    assert answer["spans"] == [[0, 30_000]]
    assert answer["left"] == 570_000 - 30_000


def test_a_script_that_says_finished_earns_the_tolerance_at_most(device):
    for _ in range(10):
        device.beat("0-600000@9999", position=600_000, played=10**9)
    assert credited() == TOLERANCE
    assert device.finish().url == device.page
    assert LessonProgress.objects.get().completed_at is None


def test_a_beat_sent_again_and_again_earns_nothing_more(device, clock):
    clock.shift(10)
    for _ in range(10):
        device.beat("0-10000@100", number=1)
    assert credited() == 10_000


def test_beginning_again_and_again_earns_nothing(device):
    for _ in range(10):
        device.begin()
        device.beat("0-600000@100")
    assert credited() == TOLERANCE


def test_the_phone_s_own_clock_means_nothing(device, clock):
    clock.shift(10)
    device.client.post(
        device.at("beat"),
        {
            "token": "a",
            "number": 1,
            "runs": 1,
            "claims": "0-600000@100",
            "at": "2030-01-01",
            "played": 10**12,
        },
    )
    assert credited() == 10_000 + TOLERANCE


def test_when_the_server_s_clock_is_set_back_nothing_is_earned_and_nothing_breaks(device, clock):
    clock.move_to(NINE - timedelta(hours=1))
    assert device.beat("0-600000@100").status_code == 200
    assert credited() <= TOLERANCE


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"claims": "x" * 10_000, "number": "-1", "played": "1e9", "position": "٣"},
        {"claims": "9-1@0,0-99999999999999@100", "number": "9" * 40},
        {"token": "\x00", "claims": "\x00"},
        {"claims": ",".join("0-1@1" for _ in range(5_000)), "position": "999999999999"},
    ],
)
def test_whatever_a_message_says_it_is_answered(device, said):
    for name in ("beat", "begin"):
        assert device.client.post(device.at(name), {"token": "a", **said}).status_code == 200
    assert credited() <= TOLERANCE


def test_a_beat_costs_four_statements(device, clock, django_capture_on_commit_callbacks):
    clock.shift(10)
    with django_capture_on_commit_callbacks(execute=True):  # the version is kept in the process
        device.beat("0-10000@100")
    clock.shift(10)
    with CaptureQueriesContext(connection) as statements:
        device.beat("0-20000@100")
    told = [each["sql"] for each in statements if "SAVEPOINT" not in each["sql"]]
    assert len(told) == 4, told


# --- Who watches where ----------------------------------------------------------------------------------------


def test_a_second_device_is_asked_first_then_takes_over_and_the_first_earns_nothing_more(device, clock, cast):
    clock.shift(10)
    device.beat("0-10000@100")
    laptop = Device(cast.trainee, device.enrolment, token="b")
    assert laptop.begin().json()["state"] == "asked"
    assert laptop.beat("10000-20000@100").json()["state"] == "elsewhere"
    assert laptop.begin(wants="1").json()["state"] == "on"
    clock.shift(10)
    told = device.beat("10000-20000@100").json()
    assert told["state"] == "elsewhere"
    assert told["said"]
    assert credited() == 10_000
    laptop.beat("10000-20000@100")
    assert credited() == 20_000
    assert AuditEntry.objects.filter(action="lms.take_over").count() == 1


def test_a_player_that_was_closed_is_followed_without_a_question(device, clock, cast):
    clock.shift(60)
    laptop = Device(cast.trainee, device.enrolment, token="b")
    assert laptop.begin().json()["state"] == "on"
    assert not AuditEntry.objects.filter(action="lms.take_over").exists()


def test_two_videos_at_once_earn_the_time_of_one(cast, tree, clock):
    videos = make_video(), make_video(key="f1", medium="film1")
    one = Device(cast.trainee, enrolled(cast, tree, *videos))
    other = Device(cast.trainee, one.enrolment, token="b", medium="film1")
    one.open()
    one.begin()
    for _ in range(6):
        other.begin(wants="1")
        clock.shift(5)
        other.beat("0-600000@100")
        one.begin(wants="1")
        clock.shift(5)
        one.beat("0-600000@100")
    assert sum(Watching.objects.values_list("credited", flat=True)) <= 60_000 + TOLERANCE
    assert WatchLease.objects.count() == 1


def test_a_lesson_that_was_never_opened_has_nothing_to_report_to(cast, tree, clock):
    phone = Device(cast.trainee, enrolled(cast, tree, make_video()))
    assert phone.begin().status_code == 404
    assert phone.beat("0-10000@100").status_code == 404
    assert not Watching.objects.exists()


@pytest.mark.parametrize("part", ["other_trainee", "instructor", "administrator", "auditor"])
def test_nobody_watches_for_somebody_else(device, cast, part):
    other = Device(getattr(cast, part), device.enrolment)
    assert other.begin(wants="1").status_code == 404
    assert other.beat("0-10000@100").status_code == 404
    assert other.client.post(other.at("checkpoint", "x"), {"choice": "a"}).status_code == 404


def test_the_database_refuses_more_than_the_video_has(device):
    for wrong in ({"covered": 600_001}, {"position": 600_001}, {"spare": 600_001}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Watching.objects.update(**wrong)
