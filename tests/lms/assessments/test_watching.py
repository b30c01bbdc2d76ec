"""One device at a time, and what is kept while a sitting runs."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from lms.assessments import actions
from lms.assessments.queries import times_of
from lms.assessments.states import MOST_EVENTS
from lms.models import Attempt, AttemptEvent
from tests.factories import make_cohort, make_enrolment, make_paper, make_version


@pytest.fixture
def sitting(tree, cast):
    sat = {"one_device": True, "watches": True, "shuffles": True}
    version = make_version(lessons=0, questions=make_paper(6), sat=sat)
    enrolment = make_enrolment(make_cohort(tree["district"], version), cast.trainee.person, "enrolled")
    return enrolment, version.papers.get()


@pytest.fixture
def devices(cast):
    first, second = Client(), Client()
    for device in (first, second):
        device.force_login(cast.trainee)
    return first, second


def begin(device, sitting):
    device.post(reverse("lms:attempt-start", args=[sitting[0].pk, sitting[1].key]))
    return Attempt.objects.get()


def place(name, attempt, *args):
    return reverse(f"lms:attempt-{name}", args=[attempt.pk, *args])


def kinds(attempt):
    return list(attempt.events.values_list("kind", flat=True))


def test_a_second_device_takes_over_by_a_button_and_the_first_saves_nothing_more(devices, sitting):
    first, second = devices
    attempt = begin(first, sitting)
    key = "question-1"
    first.post(place("answer", attempt, key), {f"q-{key}": "1a"})
    assert second.get(place("page", attempt, 1)).url == place("elsewhere", attempt)
    assert "另一台设备" in second.post(place("answer", attempt, key), {f"q-{key}": "1b"}).content.decode()
    assert second.post(place("page", attempt, 1), {f"q-{key}": "1b"}).url == place("elsewhere", attempt)
    assert second.post(place("submit", attempt)).url == place("elsewhere", attempt)
    assert attempt.answers.get().chosen == ["1a"]
    assert "在这台设备上继续" in second.get(place("elsewhere", attempt)).content.decode()
    for _twice in range(2):
        assert second.post(place("elsewhere", attempt)).url == place("page", attempt, 1)
    assert kinds(attempt) == ["taken"]
    assert "另一台设备" in first.post(place("answer", attempt, key), {f"q-{key}": "1b"}).content.decode()
    second.post(place("answer", attempt, key), {f"q-{key}": "1b"})
    assert attempt.answers.get().chosen == ["1b"]


def test_a_paper_for_any_device_asks_nothing(tree, cast, devices):
    version = make_version(lessons=0)
    enrolment = make_enrolment(make_cohort(tree["district"], version), cast.trainee.person, "enrolled")
    first, second = devices
    attempt = begin(first, (enrolment, version.papers.get()))
    assert attempt.holder == ""
    assert second.get(place("page", attempt, 1)).status_code == 200
    second.post(place("elsewhere", attempt))
    first.get(place("page", attempt, 1))
    first.post(place("told", attempt), {"kind": "left"})
    assert kinds(attempt) == []


def test_opening_leaving_and_coming_back_are_kept_once_each(devices, sitting):
    device, _other = devices
    attempt = begin(device, sitting)
    device.get(place("page", attempt, 1))
    for kind in ("left", "left", "returned", "gap", "gap", "left"):
        assert device.post(place("told", attempt), {"kind": kind}).status_code == 204
    device.get(place("page", attempt, 2))
    assert kinds(attempt) == ["opened", "left", "returned", "gap", "left", "opened"]
    assert attempt.events.last().page == 2


@pytest.mark.parametrize("kind", ["", "taken", "opened", "x" * 5000, "\0", "<script>"])
def test_what_a_page_may_not_say_is_not_kept(devices, sitting, kind):
    device, _other = devices
    attempt = begin(device, sitting)
    assert device.post(place("told", attempt), {"kind": kind}).status_code == 204
    assert kinds(attempt) == []


def test_events_have_an_end_and_change_no_score(devices, sitting):
    device, _other = devices
    attempt = begin(device, sitting)
    AttemptEvent.objects.create(attempt=attempt, number=MOST_EVENTS - 1, kind="left")
    for kind in ("returned", "left", "returned"):
        assert device.post(place("told", attempt), {"kind": kind}).status_code == 204
    assert attempt.events.count() == 2
    assert device.get(place("page", attempt, 1)).status_code == 200
    done = actions.submit_attempt(attempt=attempt)
    device.post(place("told", attempt), {"kind": "left"})
    assert (done.points, attempt.events.count()) == (0, 2)


def test_nobody_tells_of_the_attempt_of_somebody_else(client, cast, devices, sitting):
    attempt = begin(devices[0], sitting)
    client.force_login(cast.administrator)
    assert client.post(place("told", attempt), {"kind": "left"}).status_code == 404
    assert client.post(place("elsewhere", attempt)).status_code == 404


def test_the_database_keeps_events_as_they_are(devices, sitting):
    attempt = begin(devices[0], sitting)
    event = AttemptEvent.objects.create(attempt=attempt, number=1, kind="left")
    with pytest.raises(DatabaseError), transaction.atomic():
        AttemptEvent.objects.filter(pk=event.pk).update(kind="opened")
    with pytest.raises(DatabaseError), transaction.atomic():
        event.delete()


def test_what_did_not_change_keeps_its_time(devices, sitting):
    device, _other = devices
    attempt = begin(device, sitting)
    key = device.get(place("page", attempt, 1)).context["questions"][0].key
    for _twice in range(2):
        device.post(place("page", attempt, 1), {f"q-{key}": f"{key[9:]}a"})
    first = attempt.answers.get(question=key).saved_at
    device.post(place("page", attempt, 1), {f"q-{key}": f"{key[9:]}a"})
    assert attempt.answers.get(question=key).saved_at == first


def test_people_are_told_what_is_kept_before_they_begin(devices, sitting):
    shown = (
        devices[0].get(reverse("lms:attempt-start", args=[sitting[0].pk, sitting[1].key])).content.decode()
    )
    assert "不录屏" in shown
    assert "同一时间只能在一台设备上作答" in shown


def test_the_desk_sees_the_course_of_an_attempt_with_its_times(client, cast, devices, sitting):
    device, other = devices
    attempt = begin(device, sitting)
    device.get(place("page", attempt, 1))
    device.post(place("told", attempt), {"kind": "left"})
    other.post(place("elsewhere", attempt))
    actions.submit_attempt(attempt=attempt)
    client.force_login(cast.instructor)
    cohort = sitting[0].cohort_id
    assert "测验" in client.get(reverse("sittings:cohort", args=[cohort])).content.decode()
    listed = client.get(reverse("sittings:quiz", args=[cohort, sitting[1].key])).content.decode()
    assert cast.trainee.person.name in listed
    shown = client.get(reverse("sittings:attempt", args=[attempt.pk])).content.decode()
    for words in ("打开页面", "离开作答页面", "更换设备继续作答", "约用时"):
        assert words in shown
    client.force_login(cast.outsider)
    assert client.get(reverse("sittings:attempt", args=[attempt.pk])).status_code == 404


def test_questions_and_choices_come_in_another_order_for_everybody(sitting, devices):
    attempt = begin(devices[0], sitting)
    shown = devices[0].get(place("page", attempt, 1)).context["sheet"].questions
    assert sorted(each.key for each in shown) == [f"question-{n}" for n in range(1, 7)]
    again = devices[0].get(place("page", attempt, 1)).context["sheet"].questions
    assert [each.key for each in again] == [each.key for each in shown]
    Attempt.objects.update(seed="another")
    orders = {tuple(each.key for each in shown)}
    for seed in ("a", "b", "c", "d"):
        Attempt.objects.update(seed=seed)
        sheet = devices[0].get(place("page", attempt, 1)).context["sheet"]
        orders.add(tuple(each.key for each in sheet.questions))
    assert len(orders) > 2
    devices[0].post(place("page", attempt, 1), {"q-question-1": "1a", "go": "2"})
    actions.submit_attempt(attempt=attempt)
    assert Attempt.objects.get().total == 6


def test_time_for_a_question_is_from_opening_or_the_answer_before():
    start = datetime(2026, 6, 1, tzinfo=UTC)

    def at(seconds):
        return start + timedelta(seconds=seconds)

    events = [AttemptEvent(kind="opened", page=1, at=at(5)), AttemptEvent(kind="left", at=at(20))]
    saved = [("a", at(35)), ("b", at(50)), ("c", at(90)), ("d", at(90))]
    assert times_of(start, saved, events) == {"a": 30, "b": 15, "c": 20, "d": 20}
    assert times_of(start, [("a", start)], []) == {"a": 0}
