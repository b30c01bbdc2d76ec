"""Watching through the addresses of a player: what is forged, doubled or sent from elsewhere earns nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.audit.models import AuditEntry
from lms.learning.policy import Hindrance, hindrances
from lms.models import LessonProgress, Watching, WatchLease
from lms.videos.policy import TOLERANCE, Lack
from lms.videos.queries import clock_words
from tests.factories import make_cohort, make_enrolment, make_version, make_video

NINE = datetime(2026, 11, 23, 1, tzinfo=UTC)  # nine in the morning in Shanghai


@pytest.fixture
def clock():
    with time_machine.travel(NINE, tick=False) as traveller:
        yield traveller


class Device:
    """A signed-in browser with one player, which says whatever it likes."""

    def __init__(self, user, enrolment, token="a", medium="film0"):
        self.client, self.enrolment, self.token, self.medium = Client(), enrolment, token, medium
        self.client.force_login(user)
        self.key = enrolment.version.lessons.get().key
        self.number = 0

    @property
    def page(self):
        return reverse("lms:learning-lesson", args=[self.enrolment.pk, self.key])

    def at(self, name, *more):
        return reverse(f"lms:video-{name}", args=[self.enrolment.pk, self.key, self.medium, *more])

    def open(self):
        return self.client.get(self.page)

    def begin(self, **more):
        self.number = 0
        return self.client.post(self.at("begin"), {"token": self.token, **more})

    def beat(self, claims="", **more):
        self.number += 1
        said = {"token": self.token, "number": self.number, "claims": claims, "runs": 1, **more}
        return self.client.post(self.at("beat"), said)

    def finish(self):
        return self.client.post(reverse("lms:learning-complete", args=[self.enrolment.pk, self.key]))


def enrolled(cast, tree, *videos, **fields):
    version = make_version(quizzes=0, videos=list(videos), **fields)
    return make_enrolment(make_cohort(tree["district"], version), cast.trainee.person)


@pytest.fixture
def device(cast, tree, clock):
    phone = Device(cast.trainee, enrolled(cast, tree, make_video()))
    phone.open()
    phone.begin()
    return phone


def credited():
    return Watching.objects.get().credited


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


# --- In order, questions, the day -------------------------------------------------------------------------------


def test_who_has_skipped_is_told_where_to_go_back_to(cast, tree, clock):
    phone = Device(cast.trainee, enrolled(cast, tree, make_video(may_skip=False)))
    phone.open()
    phone.begin()
    clock.shift(10)
    phone.beat("0-10000@100")
    clock.shift(10)
    told = phone.beat("300000-310000@100").json()
    assert told["back"] == 10_000
    assert "00:10" in told["said"]
    assert credited() == 10_000


def test_nothing_counts_beyond_a_question_until_it_is_answered(cast, tree, clock):
    phone = Device(cast.trainee, enrolled(cast, tree, make_video(points=(5_000,))))
    page = phone.open().content.decode()
    assert "解析1" not in page, "what is right is not told before"
    phone.begin()
    clock.shift(20)
    assert phone.beat("0-20000@100").json()["spans"] == [[0, 5_000]]
    nothing = phone.client.post(phone.at("checkpoint", "point-1"), {"choice": "nonsense"})
    assert nothing.status_code == 422
    answer = phone.client.post(phone.at("checkpoint", "point-1"), {"choice": "1b"}).content.decode()
    assert "解析1" in answer
    phone.client.post(phone.at("checkpoint", "point-1"), {"choice": "1a"})
    assert Watching.objects.get().answers["point-1"] == {"chosen": ["1b"], "correct": False}, (
        "the first stays"
    )
    assert phone.beat("0-20000@100").json()["spans"] == [[0, 20_000]]
    assert phone.client.post(phone.at("checkpoint", "nothing"), {"choice": "1a"}).status_code == 404


def test_the_cap_of_the_day_holds_until_midnight_in_shanghai(cast, tree, clock):
    phone = Device(cast.trainee, enrolled(cast, tree, make_video(), daily_minutes=1))
    phone.open()
    phone.begin()
    clock.shift(50)
    phone.beat("0-50000@100")
    clock.shift(50)
    assert phone.beat("0-100000@100").json()["state"] == "cap"
    clock.shift(50)
    assert phone.beat("0-150000@100").json()["state"] == "cap"
    assert credited() == 60_000
    assert AuditEntry.objects.filter(action="lms.reach_cap").count() == 1
    clock.move_to(datetime(2026, 11, 23, 15, 59, 50, tzinfo=UTC))
    phone.begin()
    assert phone.beat("0-150000@100").json()["state"] == "cap"
    clock.shift(20)  # ten seconds past midnight
    assert phone.beat("0-150000@100").json()["state"] == "on"
    assert credited() > 60_000


def test_the_cap_is_of_the_course_not_of_one_video(cast, tree, clock):
    videos = make_video(), make_video(key="f1", medium="film1")
    one = Device(cast.trainee, enrolled(cast, tree, *videos, daily_minutes=1))
    one.open()
    one.begin()
    clock.shift(50)
    one.beat("0-50000@100", runs=0)
    other = Device(cast.trainee, one.enrolment, token="b", medium="film1")
    other.begin()
    clock.shift(50)
    assert other.beat("0-50000@100").json()["state"] == "cap"
    assert sum(Watching.objects.values_list("credited", flat=True)) == 60_000


# --- The lesson -------------------------------------------------------------------------------------------------


def watch_all(phone, clock, upto=600_000):
    for at in range(60_000, upto + 1, 60_000):
        clock.shift(60)
        phone.beat(f"0-{at}@100", position=at)


def test_a_lesson_is_finished_with_its_share_of_the_video_and_says_what_is_missing(device, clock):
    watch_all(device, clock, 540_000)
    refused = device.finish()
    (said,) = [str(each) for each in get_messages(refused.wsgi_request)]
    assert "入户走访" in said
    assert "00:30" in said
    watch_all(device, clock)
    device.finish()
    assert LessonProgress.objects.get().completed_at is not None


def test_the_page_goes_on_where_one_stopped_and_brings_its_script_only_with_a_video(
    device, clock, cast, tree
):
    clock.shift(30)
    device.beat("0-30000@100", position=30_000)
    html = device.open().content.decode()
    assert 'data-position="30000"' in html
    assert "lms/videos.js" in html
    cohort = make_cohort(tree["district"], make_version(quizzes=0))
    plain = Device(cast.other_trainee, make_enrolment(cohort, cast.other_trainee.person))
    assert "lms/videos.js" not in plain.open().content.decode()


def test_a_version_from_before_asks_nothing_of_its_videos(cast, tree, clock):
    version = make_version(quizzes=0)
    assert version.lessons.get().videos is None
    phone = Device(cast.trainee, make_enrolment(make_cohort(tree["district"], version), cast.trainee.person))
    phone.open()
    phone.finish()
    assert LessonProgress.objects.get().completed_at is not None
    assert not Watching.objects.exists()


def test_what_was_watched_stays_in_a_newer_version_with_the_same_file(device, clock):
    clock.shift(10)
    device.beat("0-10000@100")
    enrolment = device.enrolment
    newer = make_version(quizzes=0, course=enrolment.version.course, videos=[make_video(share=50)])
    enrolment.version = newer
    enrolment.save()
    clock.shift(10)
    assert device.beat("0-20000@100").json()["left"] == 280_000
    other = make_version(quizzes=0, course=newer.course, videos=[make_video(medium="film9")])
    enrolment.version = other
    enrolment.save()
    assert device.beat("0-30000@100").status_code == 404


def test_hindrances_name_each_video():
    found = hindrances(
        opened_at=NINE,
        now=NINE,
        min_seconds=0,
        checks=(),
        answered=(),
        videos=[("一", Lack(left=1_001)), ("二", Lack(questions=2))],
    )
    assert [(each.why, each.number, each.title) for each in found] == [
        (Hindrance.UNWATCHED, 2, "一"),
        (Hindrance.CHECKPOINTS, 2, "二"),
    ]


def test_places_in_a_video_are_told_as_people_read_them():
    assert [clock_words(ms) for ms in (0, 200_999, 3_800_000)] == ["00:00", "03:20", "1:03:20"]
