"""What counts in a lesson: in order, up to a question, within the day, and until the lesson is finished."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib.messages import get_messages

from core.audit.models import AuditEntry
from lms.learning.policy import Hindrance, hindrances
from lms.models import LessonProgress, Watching
from lms.videos.policy import Lack
from lms.videos.queries import clock_words
from tests.factories import make_cohort, make_enrolment, make_version, make_video
from tests.lms.videos.devices import NINE, Device, credited, enrolled

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
