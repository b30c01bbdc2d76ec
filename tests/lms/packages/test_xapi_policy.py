"""What is a statement, and which of them a unit of cmi5 may send when."""

from __future__ import annotations

import copy
import json
import uuid
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.packages.policy.xapi.cmi5 import (
    CATEGORY,
    NORMAL,
    REVIEW,
    Standing,
    Unit,
    is_satisfied,
    mode_of,
    with_statement,
)
from lms.packages.policy.xapi.faults import FORBIDDEN, MALFORMED, Fault, NotTaken
from lms.packages.policy.xapi.launch import (
    done_from_start,
    launch_address,
    launch_data,
    satisfied_id,
    satisfied_parts,
)
from lms.packages.policy.xapi.pieces import time_of
from lms.packages.policy.xapi.reading import digest_of, read_json
from lms.packages.policy.xapi.shape import read_agent, read_statement
from tests.factories.cmi5 import statement

ACCOUNT = ("https://site.example", "abc")
ACTOR = {"account": {"homePage": ACCOUNT[0], "name": ACCOUNT[1]}}
REGISTRATION, SESSION = uuid.uuid4(), uuid.uuid4()
UNIT = Unit(ACCOUNT, REGISTRATION, SESSION, "urn:uuid:1")
MARKED = Unit(ACCOUNT, REGISTRATION, SESSION, "urn:uuid:1", mastery=0.8)


def made(verb, **result):
    return statement(verb, ACTOR, str(REGISTRATION), str(SESSION), "urn:uuid:1", **result)


def fault_of(act, *args):
    with pytest.raises(NotTaken) as refused:
        act(*args)
    return refused.value.fault


def after(*verbs, unit=UNIT, standing=None):
    """How one stands after these; each is a verb, or a verb with its result."""
    standing = standing or Standing()
    for one in verbs:
        verb, result = one if isinstance(one, tuple) else (one, {})
        standing = with_statement(standing, read_statement(made(verb, **result)), unit)
    return standing


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"", Fault.NOT_JSON),
        (b"{", Fault.NOT_JSON),
        (b"\xff\xfe", Fault.NOT_JSON),
        (b"[" * 100_000, Fault.TOO_DEEP),
        (b"[" * 40 + b"]" * 40, Fault.TOO_DEEP),
        (b"[NaN]", Fault.NUMBER),
        (b"[1e999]", Fault.NUMBER),
        (b"[" + b"9" * 5_000 + b"]", Fault.NOT_JSON),
        (b"[" + b"9" * 400 + b"]", Fault.NUMBER),
        (b'"\\u0000"', Fault.CHARACTER),
        (b'{"\\ud800": 1}', Fault.CHARACTER),
        (b"[" + b"1," * 20_001 + b"1]", Fault.TOO_MANY),
    ],
)
def test_what_no_database_keeps_is_refused_before_anything_looks_at_it(body, fault):
    assert fault_of(read_json, body) == fault


def changed(path, value):
    """A statement with one entry changed; ... takes it out."""
    said = copy.deepcopy(made("passed", score={"scaled": 0.9}))
    *way, last = path.split(".")
    place = said
    for name in way:
        place = place.setdefault(name, {})
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return said


@pytest.mark.parametrize(
    ("path", "value", "member"),
    [
        ("actor", ..., "statement.actor"),
        ("verb", ..., "statement.verb"),
        ("object", None, "statement.object"),
        ("id", "1", "statement.id"),
        ("verb.id", "passed", "statement.verb.id"),
        ("verb.id", "http://x/" + "y" * 600, "statement.verb.id"),
        ("verb.display", {"not a language": "x"}, "statement.verb.display"),
        ("actor.mbox", "mailto:a@example.org", "statement.actor.account"),
        ("actor.account", ..., "statement.actor.account"),
        ("actor.account", {"homePage": "x"}, "statement.actor.account.name"),
        ("actor.objectType", "Robot", "statement.actor.objectType"),
        ("object.objectType", "Thing", "statement.object.objectType"),
        ("object.objectType", [], "statement.object.objectType"),
        ("object.id", ["a"], "statement.object.id"),
        ("result.success", "true", "statement.result.success"),
        ("result.score.scaled", 1.5, "statement.result.score.scaled"),
        ("result.score", {"raw": 5, "max": 3}, "statement.result.score"),
        ("result.score.raw", True, "statement.result.score.raw"),
        ("result.duration", "1 hour", "statement.result.duration"),
        ("result.more", 1, "statement.result.more"),
        ("context.registration", "x", "statement.context.registration"),
        ("context.extensions", {"no iri": 1}, "statement.context.extensions"),
        ("context.contextActivities", [], "statement.context.contextActivities"),
        ("timestamp", "yesterday", "statement.timestamp"),
        ("timestamp", "0001-01-01T00:00:00+23:00", "statement.timestamp"),
        ("version", "2.0", "statement.version"),
        ("evil", 1, "statement.evil"),
        ("attachments", [{}], "statement.attachments.usageType"),
    ],
)
def test_what_is_wrong_in_a_statement_is_named(path, value, member):
    with pytest.raises(NotTaken) as refused:
        read_statement(changed(path, value))
    assert refused.value.member == member and refused.value.fault in MALFORMED


def test_statements_about_people_other_statements_and_groups_are_read():
    group = {"objectType": "Group", "member": [ACTOR], "name": "组"}
    for thing in (
        {"objectType": "Agent", **ACTOR},
        group,
        {"objectType": "StatementRef", "id": str(uuid.uuid4())},
        {"objectType": "SubStatement", **{k: v for k, v in made("passed").items() if k != "id"}},
    ):
        assert read_statement(changed("object", thing)).activity == ""
    assert read_agent(group) == group


def test_spans_and_moments_are_read_as_their_standards_write_them():
    assert read_statement(made("passed", duration="P1DT2H3.5S")).seconds == 93_603
    assert read_statement(made("passed", duration="PT0.5H")).seconds == 0
    assert time_of("2026-11-28T17:00:00+08:00", "t") == datetime(2026, 11, 28, 9, tzinfo=UTC)


NAMES = st.sampled_from(
    "id actor verb object result context objectType account homePage name member score scaled raw min max success "
    "duration registration contextActivities category extensions timestamp definition statement".split()
)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=15,
)


@given(st.dictionaries(NAMES, JSON, max_size=6))
def test_whatever_comes_as_a_statement_is_read_or_refused(said):
    fault = None
    try:
        read_statement(read_json(json.dumps({**made("passed"), **said})))
    except NotTaken as refused:
        fault = refused.fault
    assert fault is None or fault in MALFORMED


def test_two_sendings_of_one_statement_are_known_by_what_they_say():
    one = made("passed")
    assert digest_of(one) == digest_of(
        {**dict(reversed(list(one.items()))), "stored": "x", "authority": ACTOR}
    )
    assert digest_of(one) != digest_of({**one, "verb": {"id": "http://x/y"}})


# --- Which statement may come when ---------------------------------------------------------------------------
def test_a_session_is_initialized_first_and_terminated_last():
    assert fault_of(after, "completed") == Fault.NOT_INITIALIZED
    assert fault_of(after, "initialized", "initialized") == Fault.TWICE
    over = after("initialized", "completed", "passed", "terminated")
    assert (
        over.completed and over.passed and over.said == {"initialized", "completed", "passed", "terminated"}
    )
    assert fault_of(lambda: after("initialized", standing=over)) == Fault.TERMINATED


def test_what_was_completed_or_passed_is_not_said_again_in_another_session():
    before = Standing(completed=True, passed=True, score=0.9)
    for verb in ("completed", "passed"):
        assert fault_of(lambda verb=verb: after("initialized", verb, standing=before)) == Fault.TWICE
    failed = after("initialized", ("failed", {"score": {"scaled": 0.1}}), standing=before)
    assert failed.passed and failed.score == 0.9  # what was passed stays


def test_a_session_passes_or_fails():
    assert fault_of(after, "initialized", "failed", "passed") == Fault.CONTRADICTION
    assert after("initialized", "failed").failed


def test_the_mark_is_held_against_the_score_by_us():
    def judged(verb, **result):
        return after("initialized", (verb, result), unit=MARKED)

    assert judged("passed", score={"scaled": 0.8}).score == 0.8
    assert judged("failed", score={"scaled": 0.79}).failed
    assert fault_of(lambda: judged("passed", score={"scaled": 0.79})) == Fault.BELOW_MASTERY
    assert fault_of(lambda: judged("failed", score={"scaled": 0.8})) == Fault.ABOVE_MASTERY
    assert fault_of(lambda: judged("passed")) == Fault.SCORE_NEEDED


@pytest.mark.parametrize(
    ("verb", "result"),
    [
        ("initialized", {"completion": True}),
        ("completed", {"completion": None}),
        ("completed", {"score": {"scaled": 1}}),
        ("completed", {"duration": None}),
        ("passed", {"success": False}),
        ("failed", {"completion": True}),
        ("terminated", {"duration": None}),
    ],
)
def test_a_result_is_what_its_verb_wants(verb, result):
    verbs = [(verb, result)] if verb == "initialized" else ["initialized", (verb, result)]
    assert fault_of(after, *verbs) == Fault.RESULT


def test_in_review_nothing_is_judged():
    unit = Unit(ACCOUNT, REGISTRATION, SESSION, "urn:uuid:1", mode=REVIEW)
    assert fault_of(lambda: after("initialized", "completed", unit=unit)) == Fault.MODE
    assert after("initialized", "terminated", unit=unit).said == {"initialized", "terminated"}


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ("actor.account.name", "somebody", Fault.OTHER_ACTOR),
        ("actor", {"mbox": "mailto:a@example.org"}, Fault.OTHER_ACTOR),
        ("actor", {"objectType": "Group", **ACTOR}, Fault.OTHER_ACTOR),
        ("context.registration", str(uuid.UUID(int=7)), Fault.OTHER_REGISTRATION),
        ("context.registration", ..., Fault.OTHER_REGISTRATION),
        ("context.extensions", {}, Fault.OTHER_SESSION),
        ("object.id", "urn:uuid:2", Fault.OTHER_ACTIVITY),
        ("verb.id", "https://w3id.org/xapi/adl/verbs/satisfied", Fault.VERB_OF_LMS),
        ("verb.id", "http://adlnet.gov/expapi/verbs/voided", Fault.VOIDING),
        ("verb.id", "http://adlnet.gov/expapi/verbs/mastered", Fault.VALUE),
        ("context.contextActivities.category", [{"id": CATEGORY}], Fault.CATEGORY),
    ],
)
def test_nothing_but_the_session_of_the_launch_is_spoken_for(path, value, fault):
    said = read_statement(changed(path, value))
    assert fault_of(with_statement, Standing(said=frozenset(["initialized"])), said, UNIT) == fault
    assert fault in FORBIDDEN | MALFORMED


@given(st.lists(st.sampled_from(["initialized", "completed", "passed", "failed", "terminated"]), max_size=12))
def test_no_order_of_statements_takes_back_what_was_reached_or_says_anything_twice(verbs):
    standing = Standing()
    taken = []
    for verb in verbs:
        try:
            came = with_statement(standing, read_statement(made(verb)), UNIT)
        except NotTaken:
            continue
        assert came.completed >= standing.completed and came.passed >= standing.passed
        standing = came
        taken.append(verb)
    assert len(set(taken)) == len(taken) and taken[:1] in ([], ["initialized"])
    assert "terminated" not in taken[:-1]


@given(st.booleans(), st.booleans())
def test_when_one_moves_on_is_what_the_author_says(completed, passed):
    def met(move_on):
        return is_satisfied(move_on, completed=completed, passed=passed)

    assert met("NotApplicable") and met("Passed") == passed and met("Completed") == completed
    assert met("CompletedAndPassed") == (completed and passed)
    assert met("CompletedOrPassed") == (completed or passed)


def test_a_unit_opens_for_review_when_nothing_more_can_be_said_of_it():
    assert mode_of("NotApplicable", None, completed=False, passed=False) == NORMAL
    assert mode_of("Completed", 0.8, completed=True, passed=False) == NORMAL  # it can still be passed
    assert mode_of("Completed", None, completed=True, passed=False) == REVIEW
    assert mode_of("CompletedAndPassed", 0.8, completed=True, passed=True) == REVIEW


# --- The launch ---------------------------------------------------------------------------------------------
ITEM = {
    "identifier": "https://example.com/au",
    "launch_method": "AnyWindow",
    "move_on": "Passed",
    "launch_parameters": "a=1",
    "entitlement_key": "k",
}


def test_a_unit_is_launched_with_its_five_parameters_beside_its_own():
    address = launch_address(
        "au/i.html?x=1#p", endpoint="http://c/x/", fetch="http://c/f", unit=UNIT, name="张 三&"
    )
    said = parse_qs(urlsplit(address).query)
    assert said.keys() == {"x", "endpoint", "fetch", "actor", "registration", "activityId"}
    assert json.loads(said["actor"][0])["name"] == "张 三&" and address.endswith("#p")


def test_the_launch_data_say_how_the_unit_is_to_behave():
    data = launch_data(ITEM, MARKED, "http://c/over")
    assert (data["launchMode"], data["moveOn"], data["masteryScore"]) == ("Normal", "Passed", 0.8)
    assert data["contextTemplate"]["contextActivities"]["grouping"][0]["id"] == ITEM["identifier"]
    assert data["entitlementKey"] == {"courseStructure": "k"} and data["returnURL"] == "http://c/over"


def test_blocks_and_the_course_are_satisfied_from_within():
    def au(name, move_on="Passed"):
        return {"kind": "au", "identifier": name, "move_on": move_on}

    inner = {"kind": "block", "identifier": "inner", "children": [au("c", "NotApplicable")]}
    block = {"kind": "block", "identifier": "block", "children": [au("a"), inner]}
    course = {"identifier": "course", "children": [block, au("b")]}
    assert done_from_start(course) == {"c"}

    def met(*done):
        return [one["identifier"] for one in satisfied_parts(course, frozenset(done))]

    assert met("c") == ["inner"] and met("a", "c") == ["inner", "block"]
    assert met("a", "b", "c") == ["inner", "block", "course"]
    assert satisfied_id(REGISTRATION, course) != satisfied_id(REGISTRATION, block)
