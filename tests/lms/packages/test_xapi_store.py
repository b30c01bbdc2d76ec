"""A unit of cmi5 and the store over HTTP: one session, one token, its own registration, and nothing of the account."""

from __future__ import annotations

import base64
import json
import uuid
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from lms.learning.actions import NotYet, complete_lesson, open_lesson
from lms.models import Launch, LessonProgress, Registration, ScoState, StateDocument, Statement
from lms.packages.actions import reconcile
from lms.packages.actions.launching import RUNS, WAITS
from lms.packages.policy.xapi.cmi5 import ADL, W3ID
from lms.packages.queries.addresses import content_address
from tests.factories import make_cohort, make_enrolment, make_version
from tests.factories.cmi5 import HOST, Au
from tests.factories.packages import CMI5, cmi5, make_package_version, scorm12

pytestmark = pytest.mark.django_db
SCORE = {"score": {"scaled": 0.9}}


def learner_of(cast, who):
    client = Client()
    client.force_login(getattr(cast, who))
    return client


@pytest.fixture
def package(tree, cast):
    return make_package_version(tree["district"], cmi5(), cast.instructor)


@pytest.fixture
def cohort(tree, package):
    return make_cohort(tree["district"], make_version(quizzes=0, package=package))


@pytest.fixture
def enrolment(cast, cohort):
    return make_enrolment(cohort, cast.trainee.person)


@pytest.fixture
def launched(cast, enrolment):
    """Opens the unit in one more window of the trainee's."""
    return lambda: Au(learner_of(cast, "trainee"), Client(), enrolment)


@pytest.fixture
def au(launched):
    return launched().signed_in()


def key_of(answer):
    return answer.status_code, answer.json()["key"]


def verbs():
    return [verb.rpartition("/")[2] for verb in Statement.objects.values_list("verb", flat=True)]


# --- The launch ---------------------------------------------------------------------------------------------
def test_a_unit_learns_a_key_of_its_own_and_nothing_of_the_account(launched, cast):
    unit = launched()
    assert unit.begun["href"].startswith("au/index.html?x=1&endpoint=")
    assert unit.actor["account"]["name"] == Registration.objects.get().key.hex
    told = json.dumps(unit.begun)
    person = cast.trainee.person
    for secret in (cast.trainee.get_username(), f'"{person.pk}"', "sessionid", "csrf"):
        assert secret not in told
    assert unit.said["endpoint"].startswith(
        unit.begun["address"]
    )  # the policy of content lets it reach that, and no more


def test_the_key_is_changed_for_a_token_once(launched):
    unit = launched()
    assert base64.b64decode(unit.fetch()["auth-token"])
    assert unit.fetch()["error-code"] == "1" and "auth-token" not in unit.fetch()
    kept = json.dumps(list(Launch.objects.values("fetch_digest", "token_digest")))
    assert unit.said["fetch"].rpartition("/")[2] not in kept


def test_a_key_that_waited_too_long_is_no_key(launched):
    unit = launched()
    with time_machine.travel(timezone.now() + WAITS + timedelta(seconds=1)):
        assert unit.fetch()["error-code"] == "1"


@pytest.mark.parametrize("key", ["", "x", "a.b", f"{uuid.UUID(int=7).hex}.x", "%00", "é" * 40])
def test_what_is_no_key_opens_nothing(au, key):
    assert au.client.post(f"{au.store}fetch/{key}", HTTP_HOST=HOST).json()["error-code"] == "1"
    assert au.client.get(f"{au.store}fetch/{key}", HTTP_HOST=HOST).status_code == 405


def test_the_launch_data_can_be_read_and_not_written(au):
    data = au.state("LMS.LaunchData").json()
    assert (data["launchMode"], data["masteryScore"], data["launchParameters"]) == ("Normal", 0.75, "level=1")
    assert data["returnURL"].endswith("/player/over.html")
    for method in ("PUT", "POST", "DELETE"):
        assert key_of(au.state("LMS.LaunchData", method, {"launchMode": "Browse"})) == (403, "read_only")


def test_the_pages_of_the_player_are_there_and_hold_the_unit(au):
    base = au.store.removesuffix("xapi/")
    page = au.client.get(f"{base}player/", HTTP_HOST=HOST)
    assert b"unit.js" in page.content and "default-src 'none'" in page["Content-Security-Policy"]
    for name in ("unit.js", "over.html", "over.css"):
        assert au.client.get(f"{base}player/{name}", HTTP_HOST=HOST).status_code == 200
    answer = au.ask("GET", "statements")
    assert answer["Content-Security-Policy"].startswith("default-src 'none'") and not answer.cookies


# --- Whose token it is --------------------------------------------------------------------------------------
def test_without_its_token_nothing_is_answered(au):
    own = base64.b64decode(au.token).decode()
    forged = base64.b64encode(f"{own[:-1]}{'a' if own[-1] != 'a' else 'b'}".encode()).decode()
    for token in (
        "",
        "x",
        "é",
        forged,
        base64.b64encode(b"\xff:\0").decode(),
        base64.b64encode(b"no:x").decode(),
        "A" * 5000,
    ):
        assert key_of(au.ask("GET", "statements", token=token)) == (401, "no_token")
    assert au.ask("GET", "statements", HTTP_AUTHORIZATION=f"Bearer {au.token}").status_code == 401
    assert "WWW-Authenticate" not in au.ask(
        "GET", "statements", token=""
    )  # no window that asks for a password


def test_a_token_runs_out(au):
    with time_machine.travel(timezone.now() + RUNS + timedelta(seconds=1)):
        assert key_of(au.say("initialized")) == (401, "no_token")


def test_a_token_is_for_the_package_of_its_address_only(au, tree, cast):
    other = make_package_version(tree["district"], cmi5(**{"more.txt": "other"}), cast.instructor)
    cohort = make_cohort(tree["district"], make_version(quizzes=0, package=other))
    second = Au(
        learner_of(cast, "trainee"), Client(), make_enrolment(cohort, cast.trainee.person)
    ).signed_in()
    assert key_of(second.ask("GET", "statements", token=au.token)) == (401, "no_token")


def test_the_unit_opened_elsewhere_ends_this_one(au, launched):
    assert au.say("initialized").status_code == 200
    newer = launched().signed_in()
    assert key_of(au.say("completed")) == (403, "closed")
    assert key_of(au.state("bookmark", "PUT", {"page": 1})) == (403, "closed")
    assert newer.say("initialized").status_code == 200
    assert verbs() == ["launched", "initialized", "abandoned", "launched", "initialized"]
    left = Statement.objects.get(verb=f"{W3ID}abandoned")
    assert left.result["duration"].startswith("PT") and left.launch.session == uuid.UUID(au.session)


def test_who_does_not_learn_any_more_reports_nothing(au, cast, enrolment):
    cast.trainee.is_active = False
    cast.trainee.save()
    assert key_of(au.say("initialized")) == (401, "no_token")


def test_a_statement_for_somebody_else_is_refused(au, cast, cohort):
    other = make_enrolment(cohort, cast.other_trainee.person)
    second = Au(learner_of(cast, "other_trainee"), Client(), other).signed_in()
    forged = au.statement("initialized")
    assert key_of(second.ask("POST", "statements", forged)) == (403, "other_actor")
    forged["actor"] = second.actor
    assert key_of(second.ask("POST", "statements", forged)) == (403, "other_registration")
    forged["context"]["registration"] = second.registration
    assert key_of(second.ask("POST", "statements", forged)) == (403, "other_session")
    asked = {
        "activityId": au.activity,
        "agent": json.dumps(au.actor),
        "registration": au.registration,
        "stateId": "b",
    }
    assert key_of(second.ask("GET", f"activities/state?{urlencode(asked)}")) == (403, "other_actor")
    assert key_of(second.ask("GET", f"statements?{urlencode({'agent': json.dumps(au.actor)})}")) == (
        403,
        "other_actor",
    )
    assert key_of(second.ask("GET", f"statements?registration={au.registration}")) == (
        403,
        "other_registration",
    )


def test_nobody_sees_a_statement_of_another_registration(au, cast, cohort):
    said = au.statement("initialized")
    au.ask("POST", "statements", said)
    second = Au(
        learner_of(cast, "other_trainee"), Client(), make_enrolment(cohort, cast.other_trainee.person)
    ).signed_in()
    assert key_of(second.ask("GET", f"statements?statementId={said['id']}")) == (404, "nothing")
    found = second.ask("GET", "statements").json()["statements"]
    assert [one["verb"]["id"] for one in found] == [f"{ADL}launched"]
    taken = {**second.statement("initialized"), "id": said["id"]}
    assert key_of(second.ask("POST", "statements", taken)) == (409, "conflict")


# --- Keeping statements -------------------------------------------------------------------------------------
def test_a_unit_is_passed_and_the_lesson_can_be_finished(au, enrolment):
    lesson = enrolment.version.lessons.get()
    open_lesson(enrolment=enrolment, lesson=lesson, progress=None)
    for verb, result in (("initialized", {}), ("completed", {"duration": "PT5000S"}), ("passed", SCORE)):
        with pytest.raises(NotYet):
            complete_lesson(enrolment=enrolment, lesson=lesson)
        assert au.say(verb, **result).status_code == 200
    state = ScoState.objects.get()
    assert (state.completion, state.success, state.score) == ("completed", "passed", 0.9)
    assert state.satisfied_at and state.total_seconds < 60  # the clock's, not what was claimed
    assert au.say("terminated").status_code == 200
    assert verbs() == [
        "launched",
        "initialized",
        "completed",
        "passed",
        "satisfied",
        "satisfied",
        "terminated",
    ]
    assert complete_lesson(enrolment=enrolment, lesson=lesson) and LessonProgress.objects.get().completed_at


def test_after_the_end_only_what_is_known_already_is_answered(au):
    au.say("initialized")
    last = au.statement("terminated")
    assert au.ask("POST", "statements", last).status_code == 200
    assert au.ask("POST", "statements", last).status_code == 200  # sent twice on a bad network
    assert key_of(au.say("completed")) == (403, "terminated")
    assert key_of(au.ask("GET", "statements")) == (403, "closed")
    assert key_of(au.state("bookmark", "PUT", {"page": 1})) == (403, "closed")


def test_a_score_below_the_mark_does_not_pass_whatever_the_unit_says(au):
    au.say("initialized")
    assert key_of(au.say("passed", score={"scaled": 0.5})) == (403, "below_mastery")
    assert au.say("failed", score={"scaled": 0.5}).status_code == 200
    state = ScoState.objects.get()
    assert (state.success, state.score, state.satisfied_at) == ("failed", 0.5, None)


def test_the_same_statement_again_is_taken_and_another_one_with_its_id_is_not(au):
    said = au.statement("initialized")
    address = f"statements?statementId={said['id']}"
    assert au.ask("PUT", address, said).status_code == 204
    assert au.ask("PUT", address, said).status_code == 204
    assert (
        au.ask("PUT", address, {name: value for name, value in said.items() if name != "id"}).status_code
        == 204
    )
    assert key_of(au.ask("PUT", address, {**said, "timestamp": "2026-11-28T10:00:00Z"})) == (409, "conflict")
    assert key_of(au.ask("PUT", f"statements?statementId={uuid.uuid4()}", said)) == (400, "parameter")
    assert Statement.objects.count() == 2  # with "launched"


def test_of_a_batch_all_is_kept_or_nothing(au):
    good = [au.statement("initialized"), au.other(), au.statement("completed")]
    assert key_of(au.ask("POST", "statements", [*good, au.statement("initialized")])) == (403, "twice")
    assert Statement.objects.count() == 1
    answer = au.ask("POST", "statements", good)
    assert answer.json() == [one["id"] for one in good] and answer["X-Experience-API-Version"] == "1.0.3"


def test_what_one_registration_says_is_bounded(au, monkeypatch):
    au.say("initialized")
    large = {**au.other(), "result": {"response": "长" * 12_000}}
    assert key_of(au.ask("POST", "statements", large)) == (413, "too_large")
    monkeypatch.setattr("lms.packages.actions.statements.MOST_STATEMENTS", 3)
    assert au.ask("POST", "statements", au.other()).status_code == 200
    assert key_of(au.ask("POST", "statements", au.other())) == (403, "full")


def test_what_the_store_says_of_a_statement_takes_the_place_of_what_the_unit_says(au):
    stranger = {"account": {"homePage": "http://x", "name": "root"}}
    said = {**au.statement("initialized"), "authority": stranger, "stored": "2001-01-01T00:00:00Z"}
    au.ask("POST", "statements", said)
    found = au.ask("GET", f"statements?statementId={said['id']}").json()
    assert found["authority"] != stranger and not found["stored"].startswith("2001") and found["version"]


def test_a_statement_is_never_changed_or_deleted(au):
    for act in (lambda rows: rows.update(verb="x"), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act(Statement.objects.all())


@pytest.mark.parametrize(
    ("body", "more", "came"),
    [
        (b"{", {}, (400, "not_json")),
        (b"[" * 200_000, {}, (400, "too_deep")),
        (b"[]", {}, (400, "too_many")),
        (b"[" + b"{}," * 200 + b"{}]", {}, (400, "too_many")),
        (b'"x"', {}, (400, "value")),
        (b"{}", {}, (400, "missing")),
        (b"x" * (2**20 + 1), {}, (413, "too_large")),
        (b"x" * (6 * 2**20), {}, (413, "too_large")),
        (b"{}", {"CONTENT_TYPE": "multipart/mixed; boundary=x"}, (400, "type")),
        (b"a=b", {"CONTENT_TYPE": "application/x-www-form-urlencoded"}, (400, "type")),
        (b"{}", {"HTTP_X_EXPERIENCE_API_VERSION": None}, (400, "no_version")),
        (b"{}", {"HTTP_X_EXPERIENCE_API_VERSION": "0.95"}, (400, "no_version")),
    ],
)  # fmt: skip
def test_what_is_no_statement_is_refused_in_words(au, body, more, came):
    answer = au.ask("POST", "statements", body, **more)
    assert key_of(answer) == came and answer.json()["sentence"]["zh"]
    assert Statement.objects.count() == 1


def test_other_ways_of_asking_are_refused(au):
    assert au.ask("DELETE", "statements").status_code == 405
    assert au.ask("GET", "activities").status_code == 404
    assert key_of(au.ask("POST", "statements?method=PUT", b"{}")) == (400, "unknown_parameter")
    assert au.ask("GET", "about", token="").json() == {"version": ["1.0.3"]}


# --- Reading statements -------------------------------------------------------------------------------------
def test_statements_are_found_by_what_they_say_and_page_by_page(au):
    au.say("initialized")
    middle = timezone.now()
    more = [au.other() for _ in range(4)]
    au.ask("POST", "statements", more)

    def ids(**asked):
        answer = au.ask("GET", f"statements?{urlencode(asked)}")
        assert answer.status_code == 200, answer.content
        return [one["id"] for one in answer.json()["statements"]]

    new = [one["id"] for one in reversed(more)]
    assert ids(verb=f"{ADL}experienced") == new and len(ids()) == 6
    assert ids(since=middle.isoformat()) == new and len(ids(until=middle.isoformat())) == 2
    assert ids(activity=au.activity, registration=au.registration, agent=json.dumps(au.actor)) == ids()
    assert ids(ascending="true") == list(reversed(ids())) and ids(activity="urn:none") == []
    seen, address = [], "statements?limit=4&ascending=true"
    while address:
        page = au.ask("GET", address).json()
        seen += [one["id"] for one in page["statements"]]
        address = page["more"].removeprefix(au.store)
    assert seen == ids(ascending="true")


@pytest.mark.parametrize(
    "asked",
    ["statementId=x", "statementId=", "since=then", "limit=-1", "limit=x", "ascending=yes", "agent=x", "registration=1",
     "evil=1", "verb=%00", "before=x", "agent=%7B%7D", "limit=99999999999999999999"],
)  # fmt: skip
def test_questions_that_are_none_are_refused(au, asked):
    assert au.ask("GET", f"statements?{asked}").status_code == 400


def test_a_statement_and_a_question_take_few_statements_of_the_database(au, django_assert_max_num_queries):
    au.say("initialized")
    said = au.other()
    with django_assert_max_num_queries(12):
        au.ask("POST", "statements", said)
    with django_assert_max_num_queries(3):
        au.ask("GET", "statements")


# --- Documents ----------------------------------------------------------------------------------------------
def test_what_a_unit_keeps_comes_back_in_its_next_session(au, launched):
    assert key_of(au.state("bookmark")) == (404, "nothing")
    assert au.state("bookmark", "PUT", {"page": 3, "答": "是"}).status_code == 204
    assert au.state("bookmark", "POST", {"page": 4}).status_code == 204
    assert au.state("raw", "PUT", b"\x00\xff", CONTENT_TYPE="application/octet-stream").status_code == 204
    newer = launched().signed_in()
    assert newer.activity == au.activity and newer.actor == au.actor
    assert newer.state("bookmark").json() == {"page": 4, "答": "是"}
    assert newer.state("raw").content == b"\x00\xff"
    asked = {"activityId": au.activity, "agent": json.dumps(au.actor), "registration": au.registration}
    assert newer.ask("GET", f"activities/state?{urlencode(asked)}").json() == ["bookmark", "raw"]
    assert newer.state("raw", "DELETE").status_code == 204 and StateDocument.objects.count() == 1


def test_a_document_that_was_changed_meanwhile_is_not_overwritten(au):
    au.state("bookmark", "PUT", {"page": 1})
    tag = au.state("bookmark")["ETag"]
    assert au.state("bookmark", "PUT", {"page": 2}, HTTP_IF_MATCH=tag).status_code == 204
    assert key_of(au.state("bookmark", "PUT", {"page": 3}, HTTP_IF_MATCH=tag)) == (412, "changed")
    assert key_of(au.state("bookmark", "PUT", {"page": 3}, HTTP_IF_NONE_MATCH="*")) == (412, "changed")


def test_documents_are_bounded(au):
    assert key_of(au.state("big", "PUT", b"x" * (2**19 + 1), CONTENT_TYPE="text/plain")) == (413, "too_large")
    assert key_of(au.state("n" * 256, "PUT", {})) == (400, "parameter")
    assert key_of(au.state("list", "PUT", b"[")) == (400, "not_json")
    au.state("list", "PUT", [1])
    assert key_of(au.state("list", "POST", {"a": 1})) == (400, "value")
    row = StateDocument.objects.get()
    rows = [
        StateDocument(registration=row.registration, activity="x", name=str(n), content=b"")
        for n in range(99)
    ]
    StateDocument.objects.bulk_create(rows)
    assert key_of(au.state("more", "PUT", {})) == (403, "full")


def test_profiles_can_be_read_and_not_written(au):
    agent = urlencode({"agent": json.dumps(au.actor), "profileId": "cmi5LearnerPreferences"})
    assert au.ask("GET", f"agents/profile?{agent}").json()["languagePreference"] == "zh-CN,en"
    assert key_of(au.ask("PUT", f"agents/profile?{agent}", {})) == (403, "read_only")
    activity = urlencode({"activityId": au.activity})
    assert au.ask("GET", f"activities/profile?{activity}").json() == []
    assert key_of(au.ask("GET", f"activities/profile?{activity}&profileId=x")) == (404, "nothing")


# --- The platform's own part --------------------------------------------------------------------------------
def test_a_course_that_asks_nothing_is_done_when_it_is_opened(tree, cast):
    data = cmi5(**{"cmi5.xml": CMI5.replace("CompletedAndPassed", "NotApplicable")})
    package = make_package_version(tree["district"], data, cast.instructor)
    cohort = make_cohort(tree["district"], make_version(quizzes=0, package=package))
    Au(learner_of(cast, "trainee"), Client(), make_enrolment(cohort, cast.trainee.person))
    assert Registration.objects.get().completed_at and verbs() == ["launched", "satisfied", "satisfied"]


def test_a_unit_that_was_passed_opens_to_be_looked_at_and_stays_passed(au, launched):
    for verb, result in (("initialized", {}), ("completed", {}), ("passed", SCORE), ("terminated", {})):
        au.say(verb, **result)
    again = launched().signed_in()
    assert again.state("LMS.LaunchData").json()["launchMode"] == "Review"
    again.say("initialized")
    assert key_of(again.say("failed")) == (403, "mode")
    state = ScoState.objects.get()
    assert (state.success, state.score) == ("passed", 0.9) and verbs().count("satisfied") == 2


def test_sessions_that_nobody_ended_are_ended_when_their_token_has_run_out(au):
    au.say("initialized")
    assert not any("sessions of units" in line for line in reconcile())
    with time_machine.travel(timezone.now() + RUNS + timedelta(minutes=1)):
        assert "sessions of units that nobody ended: 1 closed" in reconcile()
        assert not any("sessions of units" in line for line in reconcile())
    assert verbs()[-1] == "abandoned" and Launch.objects.get().closed_at


def test_the_lesson_asks_how_its_own_person_stands(au, cast):
    address = au.begun["standing"]
    learner = learner_of(cast, "trainee")
    assert learner.get(address).json() == {"completion": "incomplete", "success": "unknown", "score": None}
    for verb, result in (("initialized", {}), ("completed", {}), ("passed", SCORE)):
        au.say(verb, **result)
    assert learner.get(address).json() == {"completion": "completed", "success": "unknown", "score": 0.9}
    assert learner_of(cast, "other_trainee").get(address).status_code == 404
    assert learner.get(reverse("lms:package-standing", args=[uuid.uuid4()])).status_code == 404


def test_a_package_of_another_kind_has_no_store_to_speak_of(tree, cast, au):
    other = make_package_version(tree["district"], scorm12(), cast.instructor)
    address = content_address(RequestFactory().get("/", HTTP_HOST="127.0.0.1"), other.pk)
    path = f"{address.partition('localhost')[2]}xapi/statements"
    answer = au.client.get(
        path, HTTP_HOST=HOST, HTTP_X_EXPERIENCE_API_VERSION="1.0.3", HTTP_AUTHORIZATION=f"Basic {au.token}"
    )
    assert key_of(answer) == (401, "no_token")
