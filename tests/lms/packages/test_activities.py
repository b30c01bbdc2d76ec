"""H5P: an activity is taken with its libraries, played below its own address, and judged by the server."""

from __future__ import annotations

import json

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from lms.learning.actions import complete_lesson, open_lesson
from lms.models import ScoState
from lms.packages.actions import begin_session, save_state
from lms.packages.policy.manifest.h5p import read_h5p
from lms.packages.policy.refusals import Reason, Refusal, Refused
from lms.packages.policy.runtime import outcome_of
from lms.packages.policy.statements import Result, result_of
from lms.packages.queries.addresses import content_address
from lms.packages.queries.words import refusal_words
from tests.factories import make_cohort, make_enrolment, make_version
from tests.factories.packages import h5p_choice, make_package_version


def statement(verb="answered", parent=None, **result):
    """As the page hands it on."""
    verb = {"id": f"http://adlnet.gov/expapi/verbs/{verb}"}
    return json.dumps(
        {"verb": verb, "result": result, "context": {"contextActivities": {"parent": parent or []}}}
    )


def score(raw, most, **more):
    return {"score": {"raw": raw, "min": 0, "max": most, **more}}


@pytest.mark.parametrize(
    ("said", "came"),
    [
        (
            statement(**score(3, 4, scaled=0.1), success=False),
            Result(0.75, 3, False),
        ),  # reckoned, not believed
        (statement("completed"), Result()),
        (statement(score={"scaled": 0.5}), Result(0.5)),
        (statement(score={"scaled": 7}), Result()),
        (statement(**score(9, 4)), Result()),  # more points than there are
        (statement(score={"raw": True, "max": "4"}), Result()),
        (statement("interacted", **score(3, 4)), None),
        (statement(parent=[{"id": "http://whole"}], **score(3, 4)), None),  # a part of an activity
        (statement(completion=False), None),
        ("", None),
        ("[" * 50_000, None),
        ('{"verb": {"id": 7}}', None),
        ('{"verb": {"id": "x/answered"}, "result": {"score": {"raw": NaN, "max": 1e999}}}', Result()),
        (f'{{"verb": {{"id": "x/answered"}}, "result": {{"score": {{"raw": {"9" * 4000}}}}}}}', Result()),
    ],
)
def test_a_statement_is_worth_what_its_points_say(said, came):
    assert result_of(said) == came


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                "verb id result score raw max min scaled success context contextActivities parent".split()
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_whatever_comes_as_a_statement_is_read_or_left(said):
    outcome = outcome_of({"h5p.statement": json.dumps(said)}, "h5p", 0.5)
    assert outcome.score is None or -1 <= outcome.score <= 1


@pytest.mark.parametrize(
    ("values", "mastery", "came"),
    [
        ({}, None, ("unknown", "unknown", None)),
        ({"h5p.state": "{}", "h5p.scored": "true"}, None, ("incomplete", "unknown", None)),
        ({"h5p.scored": "false"}, None, ("completed", "unknown", None)),  # nothing in it can be scored
        ({"h5p.statement": statement(**score(1, 2), success=False)}, None, ("completed", "unknown", 0.5)),
        ({"h5p.statement": statement(**score(2, 2), success=True)}, None, ("completed", "passed", 1.0)),
        ({"h5p.statement": statement(**score(1, 2), success=True)}, 0.6, ("completed", "failed", 0.5)),
        ({"h5p.statement": statement("completed", success=True)}, 0.6, ("completed", "failed", None)),
        ({"h5p.statement": statement(**score(2, 3))}, 0.6, ("completed", "passed", 2 / 3)),
    ],
)
def test_the_mark_of_the_content_is_held_against_the_score(values, mastery, came):
    outcome = outcome_of(values, "h5p", mastery)
    assert (outcome.completion, outcome.success, outcome.score) == came


def reader(library, content="{}"):
    about = {
        "title": "活动",
        "mainLibrary": "H5P.Own",
        "preloadedDependencies": [{"machineName": "H5P.Own", "majorVersion": 1, "minorVersion": 0}],
    }
    files = {
        "h5p.json": json.dumps(about).encode(),
        "content/content.json": content.encode(),
        "H5P.Own-1.0/library.json": json.dumps(library).encode(),
        "H5P.Own-1.0/own.js": b"",
    }
    return read_h5p(files.__getitem__, files)


def test_a_library_without_its_script_is_told_by_name():
    with pytest.raises(Refused) as refused:
        reader({"preloadedJs": [{"path": "own.js"}, {"path": "../gone.js"}]})
    (one,) = refused.value.refusals
    assert (one.reason, one.member, one.detail) == (Reason.MISSING_FILE, "gone.js", "H5P.Own-1.0")


@pytest.mark.parametrize("listed", ["own.js", [{"path": 7}], ["own.js"], {"path": "own.js"}])
def test_scripts_that_are_not_listed_as_they_should_be_are_refused(listed):
    with pytest.raises(Refused) as refused:
        reader({"preloadedJs": listed})
    assert refused.value.refusals[0].reason == Reason.BAD_VALUE


@pytest.mark.parametrize(
    ("content", "mark"),
    [
        ('{"passPercentage": 60}', 0.6),
        ('{"behaviour": {"passPercentage": 100}}', 1.0),
        ('{"passPercentage": 0}', None),
        ('{"passPercentage": 1000}', None),
        ('{"passPercentage": true, "behaviour": []}', None),
        ("[]", None),
    ],
)
def test_the_mark_is_read_out_of_the_content(content, mark):
    assert reader({}, content)["mastery_score"] == mark


@pytest.mark.django_db
def test_an_activity_is_taken_and_played_below_its_own_address(client, tree, cast):
    version = make_package_version(tree["district"], h5p_choice(60), cast.instructor)
    assert version.kind == "h5p" and version.summary["scos"][0]["title"] == "情景判断"
    address = content_address(RequestFactory().get("/", HTTP_HOST="127.0.0.1:8000"), version.pk)
    base = address.removeprefix("http://localhost:8000")

    def at(client, path):
        return client.get(path, HTTP_HOST="localhost:8000")

    page = at(client, f"{base}player/")
    assert b"h5p/main.bundle.js" in page.content and not page.cookies
    policy = page["Content-Security-Policy"]
    assert "form-action 'none'" in policy and f"connect-src http://localhost:8000{base}" in policy
    for name in ("activity.js", "activity.css", "h5p/frame.bundle.js", "h5p/fonts/h5p-core-30.woff"):
        assert at(client, f"{base}player/{name}").status_code == 200
    assert at(client, f"{base}player/h5p/../../../x").status_code == 404


@pytest.mark.django_db
def test_a_lesson_is_finished_when_its_activity_is_passed(tree, cast):
    version = make_package_version(tree["district"], h5p_choice(60), cast.instructor)
    course = make_version(quizzes=0, package=version)
    enrolment = make_enrolment(make_cohort(tree["district"], course), cast.trainee.person)
    state = begin_session(enrolment=enrolment, version=version, item="activity")
    claimed = {"h5p.state": '{"answer": "离开"}', "h5p.session_time": "PT5000S"}

    def said(number, **result):
        values = {**claimed, "h5p.statement": statement(**result)}
        row = ScoState.objects.select_related("registration").get()
        row.registration.version = version
        return save_state(state=row, version=version, holder=state.holder, sequence=number, values=values)

    assert said(1, **score(0, 1), success=True).success == "failed"
    assert said(2, **score(1, 1)).success == "passed"
    kept = ScoState.objects.select_related("registration").get()
    assert kept.score == 1.0 and kept.registration.completed_at
    assert kept.session_seconds < 60  # the clock's, not what was claimed
    lesson = course.lessons.get()
    open_lesson(enrolment=enrolment, lesson=lesson, progress=None)
    assert complete_lesson(enrolment=enrolment, lesson=lesson)


def test_an_activity_without_its_library_says_how_to_export_it():
    words = refusal_words(Refusal(Reason.MISSING_LIBRARY, "H5P.Gone-1.2", "h5p.json"))
    assert "H5P.Gone-1.2" in words
