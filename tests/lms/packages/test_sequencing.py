"""The order of the parts of a package (SCORM 2004): what comes next, what is shut, and what the whole has come to."""

from __future__ import annotations

import io
import json

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from lms.models import Registration, ScoState
from lms.packages.actions import NoSuchItem, begin_session, save_state
from lms.packages.policy.manifest import examine
from lms.packages.policy.sequencing import Fact, is_sequenced, tree_of, ways_of
from tests.factories import make_cohort, make_enrolment, make_version
from tests.factories.packages import (
    MANIFEST_ORDERED,
    h5p,
    make_package_version,
    ordered,
    packed,
    scorm12,
    scorm2004,
)

MANIFEST = examine(io.BytesIO(ordered()))[1].manifest
PASSED, FAILED = (
    Fact(completed=True, satisfied=True, measure=1.0),
    Fact(completed=True, satisfied=False, measure=0.2),
)


def manifest_with(old, new):
    """The manifest of the ordered package with one change."""
    assert old in MANIFEST_ORDERED
    data = packed(
        {"imsmanifest.xml": MANIFEST_ORDERED.replace(old, new), "1.html": "", "2.html": "", "3.html": ""}
    )
    return examine(io.BytesIO(data))[1].manifest


def ways(current="", manifest=MANIFEST, **facts):
    return ways_of(tree_of(manifest, facts), current)


def whole(manifest=MANIFEST, **facts):
    tree = tree_of(manifest, facts)
    return tree.status(tree.root)


def test_only_a_manifest_that_says_something_of_the_order_has_one():
    assert is_sequenced(MANIFEST)
    assert is_sequenced(examine(io.BytesIO(scorm2004()))[1].manifest)
    for make in (scorm12, h5p):
        assert not is_sequenced(examine(io.BytesIO(make()))[1].manifest)


def test_one_begins_at_the_first_part_and_chooses_none_where_choice_is_off():
    found = ways()
    assert (found.start, found.choices, found.flows) == ("PRE", frozenset(), True)
    assert found.may_open("PRE", "") and not found.may_open("LESSON", "") and not found.may_open("POST", "")


def test_a_part_that_is_shut_ends_the_way_until_its_objective_is_reached():
    assert ways("PRE", PRE=FAILED).after == "LESSON"
    assert ways("LESSON", PRE=FAILED, LESSON=Fact(completed=False)).after == ""
    assert ways("LESSON", PRE=FAILED, LESSON=PASSED).after == "POST"
    assert ways("LESSON", PRE=FAILED, LESSON=PASSED).before == "PRE"


def test_what_is_known_already_is_skipped_in_both_directions_and_not_asked_for():
    assert ways("PRE", PRE=PASSED).after == "POST"
    assert ways("POST", PRE=PASSED, POST=PASSED).before == "PRE"
    assert whole(PRE=PASSED, POST=PASSED).completed is True
    assert whole(PRE=PASSED, POST=Fact(completed=False)).completed is False


def test_score_and_success_of_the_whole_are_rolled_up():
    came = whole(PRE=FAILED, LESSON=PASSED, POST=PASSED)
    assert (came.completed, came.satisfied, round(came.measure, 2)) == (True, False, 0.73)
    assert whole().completed is None and whole().measure is None


def test_rules_of_the_manifest_say_when_the_whole_is_satisfied():
    rule = (
        '<imsss:controlMode choice="false" flow="true"/><imsss:rollupRules><imsss:rollupRule childActivitySet="SET">'
        '<imsss:rollupConditions><imsss:rollupCondition condition="satisfied"/></imsss:rollupConditions>'
        '<imsss:rollupAction action="satisfied"/></imsss:rollupRule></imsss:rollupRules>'
    )
    for chosen, came in (
        ("any", True),
        ("all", None),
        ('atLeastCount" minimumCount="2', True),
        ("none", None),
    ):
        manifest = manifest_with(
            '<imsss:controlMode choice="false" flow="true"/>', rule.replace("SET", chosen)
        )
        assert whole(manifest, PRE=FAILED, LESSON=PASSED, POST=PASSED).satisfied is came, chosen


def test_choice_flow_and_going_forward_only_are_what_the_manifest_says():
    mode = '<imsss:controlMode choice="false" flow="true"/>'
    free = manifest_with(mode, '<imsss:controlMode choice="true" flow="false"/>')
    found = ways("PRE", free, PRE=FAILED)
    assert found.choices == {"PRE", "LESSON"} and (found.after, found.flows) == ("", False)  # POST is shut
    forward = manifest_with(mode, '<imsss:controlMode choice="false" flow="true" forwardOnly="true"/>')
    assert ways("LESSON", forward, PRE=FAILED, LESSON=PASSED).before == ""


def test_a_rule_of_leaving_sends_back_to_the_same_part():
    rule = (
        "<imsss:sequencing><imsss:sequencingRules><imsss:postConditionRule><imsss:ruleConditions>"
        '<imsss:ruleCondition condition="satisfied" operator="not"/></imsss:ruleConditions>'
        '<imsss:ruleAction action="retry"/></imsss:postConditionRule></imsss:sequencingRules><imsss:objectives>'
        '<imsss:primaryObjective objectiveID="p"><imsss:mapInfo targetObjectiveID="KNOWN"'
    )
    head = '<imsss:sequencing><imsss:objectives>\n      <imsss:primaryObjective objectiveID="p"><imsss:mapInfo targetObjectiveID="KNOWN"'
    manifest = manifest_with(head, rule)
    assert (
        ways("PRE", manifest, PRE=FAILED).after == "PRE" and ways("PRE", manifest, PRE=PASSED).after == "POST"
    )


MAYBE = st.sampled_from([None, True, False])
FACTS = st.builds(Fact, MAYBE, MAYBE, st.none() | st.floats(-1, 1))


@given(
    st.dictionaries(st.sampled_from(["PRE", "LESSON", "POST"]), FACTS),
    st.sampled_from(["", "PRE", "LESSON", "POST", "gone"]),
)
def test_there_is_always_somewhere_to_begin_and_no_way_to_what_is_shut(facts, current):
    tree = tree_of(MANIFEST, facts)
    found = ways_of(tree, current)
    assert found.start in tree.by_name and {found.after, found.before} <= {"", *tree.by_name}
    ready = tree.shared.get("READY", (None, None))[0]
    assert found.after != "POST" or ready is True


# --- Played -------------------------------------------------------------------------------------------------
@pytest.fixture
def package(db, tree, cast):
    return make_package_version(tree["district"], ordered(), cast.instructor)


@pytest.fixture
def enrolment(tree, cast, package):
    return make_enrolment(
        make_cohort(tree["district"], make_version(quizzes=0, package=package)), cast.trainee.person
    )


def report(enrolment, package, item, success):
    state = begin_session(enrolment=enrolment, version=package, item=item)
    said = {"cmi.completion_status": "completed", "cmi.success_status": success}
    return save_state(state=state, version=package, holder=state.holder, sequence=1, values=said)


def test_a_part_that_is_not_open_cannot_be_begun(client, cast, enrolment, package):
    client.force_login(cast.trainee)
    address = reverse("lms:package-begin", args=[enrolment.pk, enrolment.version.lessons.get().key])

    def begun(item):
        return client.post(
            address, json.dumps({"item": item}), content_type="application/json", HTTP_HOST="127.0.0.1"
        ).status_code

    assert begun("POST") == 404 and begun("LESSON") == 404 and begun("PRE") == 200
    with pytest.raises(NoSuchItem):
        begin_session(enrolment=enrolment, version=package, item="POST")
    assert begun("LESSON") == 200  # by flow from where one is


def test_the_package_is_done_by_its_own_rules_without_what_was_skipped(enrolment, package):
    report(enrolment, package, "PRE", "passed")
    assert Registration.objects.get().completed_at is None
    report(enrolment, package, "POST", "passed")
    assert Registration.objects.get().completed_at and ScoState.objects.count() == 2


def test_the_lesson_leads_on_and_says_when_there_is_no_way_yet(client, cast, enrolment, package):
    client.force_login(cast.trainee)
    address = reverse("lms:learning-lesson", args=[enrolment.pk, enrolment.version.lessons.get().key])

    def player(asked=""):
        return client.get(f"{address}{asked}", HTTP_HOST="127.0.0.1").context["player"]

    first = player("?item=POST")
    assert first.current == "PRE" and [row.is_open for row in first.rows] == [True, False, False]
    report(enrolment, package, "PRE", "failed")
    went = client.get(f"{address}?go=next", HTTP_HOST="127.0.0.1")
    assert went.url.endswith("?item=LESSON")  # a page that is loaded again goes no further
    assert player("?item=LESSON").current == "LESSON"
    begin_session(enrolment=enrolment, version=package, item="LESSON")
    assert player("?go=next").is_blocked and player("?go=next").current == "LESSON"
    report(enrolment, package, "LESSON", "passed")
    assert client.get(f"{address}?go=next", HTTP_HOST="127.0.0.1").url.endswith("?item=POST")
