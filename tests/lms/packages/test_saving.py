"""What a window reports is kept whole, by the window that holds the SCO, and bounded by the server's clock."""

import json
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from lms.learning.actions import NotYet, complete_lesson, open_lesson
from lms.learning.policy import Hindrance
from lms.models import LessonProgress, Registration, ScoState
from lms.packages.actions import NotHolder, begin_session, save_state
from lms.packages.policy.runtime import counted_seconds, outcome_of, seconds_of, start_values
from lms.packages.queries import item_of
from tests.factories import make_cohort, make_enrolment, make_version
from tests.factories.packages import make_bare_package

pytestmark = pytest.mark.django_db
DONE = {"cmi.core.lesson_status": "completed", "cmi.core.score.raw": "90"}


@pytest.fixture
def package(tree, cast):
    return make_bare_package(tree["district"], cast.instructor)


@pytest.fixture
def enrolment(tree, cast, package):
    version = make_version(quizzes=0, package=package)
    return make_enrolment(make_cohort(tree["district"], version), cast.trainee.person)


def begun(client, enrolment, item="I1"):
    key = enrolment.version.lessons.get().key
    address = reverse("lms:package-begin", args=[enrolment.pk, key])
    return client.post(
        address, json.dumps({"item": item}), content_type="application/json", HTTP_HOST="127.0.0.1"
    )


def saved(client, session, values, sequence=1, **more):
    body = {"item": session["item"], "holder": session["holder"], "sequence": sequence, "values": values}
    return client.post(session["save"], json.dumps({**body, **more}), content_type="application/json")


def test_a_window_gets_what_it_needs_and_no_account(client, cast, enrolment):
    client.force_login(cast.trainee)
    session = begun(client, enrolment).json()
    assert session["href"] == "content/one.html?lang=zh" and session["version"] == "scorm12"
    assert session["address"].startswith("http://localhost/content/")
    values = session["values"]
    assert values["cmi.core.entry"] == "ab-initio" and values["cmi.student_data.mastery_score"] == "80"
    assert values["cmi.launch_data"] == "启动数据"
    assert values["cmi.core.student_id"] == Registration.objects.get().key.hex


def test_a_report_takes_four_statements(
    client, cast, enrolment, django_assert_max_num_queries, django_capture_on_commit_callbacks
):
    client.force_login(cast.trainee)
    session = begun(client, enrolment).json()
    with django_capture_on_commit_callbacks(execute=True):  # the version is read once per process
        saved(client, session, {"cmi.core.lesson_location": "1"})
    with django_assert_max_num_queries(4):
        answer = saved(client, session, {"cmi.core.lesson_location": "2"}, sequence=2)
    assert answer.status_code == 200 and ScoState.objects.get().data == {"cmi.core.lesson_location": "2"}


def test_an_older_window_is_told_and_changes_nothing(client, cast, enrolment):
    client.force_login(cast.trainee)
    old = begun(client, enrolment).json()
    saved(client, old, {"cmi.core.lesson_location": "old"}, sequence=5)
    new = begun(client, enrolment).json()
    assert new["values"]["cmi.core.lesson_location"] == "old"
    saved(client, new, {"cmi.core.lesson_location": "new"})
    assert saved(client, old, {"cmi.core.lesson_location": "older"}, sequence=6).status_code == 409
    assert ScoState.objects.get().data == {"cmi.core.lesson_location": "new"}


def test_a_report_that_comes_twice_or_late_changes_nothing(client, cast, enrolment):
    client.force_login(cast.trainee)
    session = begun(client, enrolment).json()
    saved(client, session, {"cmi.core.lesson_location": "2"}, sequence=2)
    for sequence in (1, 2):
        assert saved(client, session, {"cmi.core.lesson_location": "1"}, sequence).status_code == 200
    assert ScoState.objects.get().data == {"cmi.core.lesson_location": "2"}


@pytest.mark.parametrize(
    "values",
    [
        None,
        [],
        "x",
        {"evil": "x"},
        {"cmi.a": 1},
        {"cmi.a": None},
        {"cmi.__proto__ x": "1"},
        {"cmi.a": "x" * 1_000_001},
    ],
)
def test_what_is_no_data_model_is_refused(client, cast, enrolment, values):
    client.force_login(cast.trainee)
    session = begun(client, enrolment).json()
    assert saved(client, session, values).status_code == 400
    assert ScoState.objects.get().data == {}


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"\xff", b"[" * 5000, b'{"item": "I1", "holder": "x", "sequence": -1}']
)
def test_what_is_no_report_is_refused(client, cast, enrolment, body):
    client.force_login(cast.trainee)
    session = begun(client, enrolment).json()
    assert client.post(session["save"], body, content_type="application/json").status_code == 400


def test_what_no_database_keeps_is_replaced_and_the_rest_kept(client, cast, enrolment):
    client.force_login(cast.trainee)
    session = begun(client, enrolment).json()
    assert saved(client, session, {"cmi.suspend_data": "a\0b\ud800c😀" + "长" * 70_000}).status_code == 200
    kept = ScoState.objects.get().data["cmi.suspend_data"]
    assert kept.startswith("a\ufffdb\ufffdc😀长") and len(kept) == 70_006


def test_nobody_reports_for_somebody_else(client, cast, enrolment):
    client.force_login(cast.trainee)
    session = begun(client, enrolment).json()
    for part in ("other_trainee", "instructor", "administrator"):
        client.force_login(getattr(cast, part))
        assert saved(client, session, DONE).status_code == 404
        assert begun(client, enrolment).status_code == 404
    assert ScoState.objects.get().completion == "unknown"


def test_an_item_that_is_not_there_is_not_found(client, cast, enrolment):
    client.force_login(cast.trainee)
    for item in ("I9", "", None, 7, "a\0"):
        assert begun(client, enrolment, item).status_code == 404


def test_hours_are_never_more_than_the_clock_says(enrolment, package):
    state = begin_session(enrolment=enrolment, version=package, item="I1")
    ScoState.objects.filter(pk=state.pk).update(began_at=timezone.now() - timedelta(minutes=10))
    state.refresh_from_db()
    save_state(
        state=state,
        version=package,
        holder=state.holder,
        sequence=1,
        values={"cmi.core.session_time": "0099:00:00"},
    )
    assert 600 <= state.session_seconds < 660
    again = begin_session(enrolment=enrolment, version=package, item="I1")
    assert (again.seconds, again.session_seconds) == (state.session_seconds, 0)
    item = item_of(package, "I1")
    told = start_values({}, item, kind="scorm12", learner=("k", "n"), seconds=again.seconds, suspended=False)
    assert told["cmi.core.total_time"].startswith("0000:10:")


def test_the_package_is_completed_with_its_last_sco_and_then_the_lesson_can_be(enrolment, package):
    lesson = enrolment.version.lessons.get()
    open_lesson(enrolment=enrolment, lesson=lesson, progress=None)
    for item in ("I1", "I2"):
        with pytest.raises(NotYet) as waits:
            complete_lesson(enrolment=enrolment, lesson=lesson)
        assert waits.value.refusals[0].why == Hindrance.PACKAGE
        state = begin_session(enrolment=enrolment, version=package, item=item)
        save_state(state=state, version=package, holder=state.holder, sequence=1, values=DONE)
    assert Registration.objects.get().completed_at
    assert complete_lesson(enrolment=enrolment, lesson=lesson)
    assert LessonProgress.objects.get().completed_at


def test_what_was_completed_is_not_taken_back(enrolment, package):
    for item in ("I1", "I2"):
        state = begin_session(enrolment=enrolment, version=package, item=item)
        save_state(state=state, version=package, holder=state.holder, sequence=1, values=DONE)
    when = Registration.objects.get().completed_at
    state = begin_session(enrolment=enrolment, version=package, item="I1")
    save_state(
        state=state,
        version=package,
        holder=state.holder,
        sequence=1,
        values={"cmi.core.lesson_status": "incomplete"},
    )
    assert Registration.objects.get().completed_at == when


def test_only_the_holder_writes(enrolment, package):
    state = begin_session(enrolment=enrolment, version=package, item="I1")
    for holder in ("", uuid.uuid4().hex):
        with pytest.raises(NotHolder):
            save_state(state=state, version=package, holder=holder, sequence=1, values=DONE)


@pytest.mark.parametrize(
    ("cmi", "kind", "mastery", "came"),
    [
        ({}, "scorm12", None, ("unknown", "unknown", None)),
        ({"cmi.core.lesson_status": "incomplete"}, "scorm12", None, ("incomplete", "unknown", None)),
        ({"cmi.core.lesson_status": "browsed"}, "scorm12", None, ("incomplete", "unknown", None)),
        ({"cmi.core.lesson_status": "passed", "cmi.core.score.raw": "50"}, "scorm12", 80, ("completed", "failed", 0.5)),
        ({"cmi.core.lesson_status": "completed", "cmi.core.score.raw": "80"}, "scorm12", 80, ("completed", "passed", 0.8)),
        ({"cmi.core.lesson_status": "failed"}, "scorm12", None, ("completed", "failed", None)),
        ({"cmi.completion_status": "completed"}, "scorm2004", None, ("completed", "unknown", None)),
        ({"cmi.completion_status": "completed", "cmi.score.scaled": "0.5", "cmi.success_status": "passed"}, "scorm2004", 0.6, ("completed", "failed", 0.5)),
        ({"cmi.score.scaled": "9", "cmi.score.raw": "x"}, "scorm2004", None, ("unknown", "unknown", None)),
        ({"cmi.score.raw": "5", "cmi.score.min": "0", "cmi.score.max": "10"}, "scorm2004", None, ("unknown", "unknown", 0.5)),
    ],
)  # fmt: skip
def test_status_and_score_are_read_out_of_the_data_model(cmi, kind, mastery, came):
    outcome = outcome_of(cmi, kind, mastery)
    assert (outcome.completion, outcome.success, outcome.score) == came


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("0001:02:03.50", 3723),
        ("00:00:05", 5),
        ("PT1H2M3.5S", 3723),
        ("P1DT1S", 86401),
        ("P", 0),
        ("x", 0),
        ("", 0),
    ],
)
def test_spans_of_time_are_read_in_both_forms(said, seconds):
    assert seconds_of(said) == seconds


def test_counted_seconds_only_grow():
    assert counted_seconds(claimed=5, counted=9, elapsed=100) == 9
    assert counted_seconds(claimed=500, counted=9, elapsed=100.9) == 100
    assert counted_seconds(claimed=500, counted=9, elapsed=-3) == 9
