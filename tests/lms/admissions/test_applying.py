"""Conditions and answers: asked at the application, and frozen with it."""

import pytest

from core.states import Refused
from lms.admissions.actions import HandedIn
from lms.admissions.policy import Answer, Asked
from lms.admissions.queries import ask_levels_by
from lms.models import Cohort, Enrolment
from tests.factories import make_cohort, make_enrolment, make_plan
from tests.lms.admissions.steps import hand_in


def test_all_conditions_that_fail_are_said_and_nothing_is_taken(tree, cast):
    plan = make_plan(tree["city"], conditions=(("years", 2), ("employer_kind", ["agency"])))
    cohort = make_cohort(tree["city"], plan=plan)
    with pytest.raises(Refused) as refused:
        hand_in(cohort, cast.trainee)
    assert "2" in str(refused.value) and ("社工机构" in str(refused.value) or "agency" in str(refused.value))
    assert not Enrolment.objects.exists() and Cohort.objects.get().seats_taken == 0


def test_a_condition_that_fails_today_passes_when_it_is_met(tree, cast):
    plan = make_plan(
        tree["city"], conditions=(("region", {"organisation": str(tree["district"].pk), "code": ""}),)
    )
    cohort = make_cohort(tree["city"], plan=plan)
    with pytest.raises(Refused):
        hand_in(cohort, cast.outside_trainee)
    assert hand_in(cohort, cast.trainee).record.findings[0]["verdict"] == "pass"


def test_a_course_completed_before_opens_the_next(tree, cast):
    before = make_cohort(tree["city"])
    plan = make_plan(tree["city"], conditions=(("prior_course", [before.version.code]),))
    cohort = make_cohort(tree["city"], plan=plan)
    with pytest.raises(Refused):
        hand_in(cohort, cast.trainee)
    make_enrolment(before, cast.trainee.person, "completed")
    assert hand_in(cohort, cast.trainee).state == "applied"


@pytest.fixture
def levels():
    known = {}
    ask_levels_by(lambda ids: {pk: known[pk] for pk in ids if pk in known})
    yield known
    ask_levels_by(None)


def test_levels_come_from_whoever_knows_them(levels, tree, cast):
    cohort = make_cohort(tree["city"], plan=make_plan(tree["city"], conditions=(("level", ["senior"]),)))
    declared = hand_in(cohort, cast.trainee, handed=HandedIn(level="senior"))
    assert (declared.record.findings[0]["verdict"], declared.record.level) == ("unknown", "senior")
    levels[cast.other_trainee.person.pk] = {"assistant"}
    with pytest.raises(Refused):
        hand_in(cohort, cast.other_trainee)
    levels[cast.other_trainee.person.pk] = {"senior"}
    assert hand_in(cohort, cast.other_trainee).record.findings[0]["verdict"] == "pass"


def test_answers_stay_as_they_were_asked(tree, cast):
    plan = make_plan(tree["city"], questions=({"kind": "short", "label": "岗位"},))
    cohort = make_cohort(tree["city"], plan=plan)
    answers = (Answer("question-1", Asked.SHORT, "岗位", value="一线社工"),)
    own = hand_in(cohort, cast.trainee, handed=HandedIn(answers))
    plan.questions = []
    plan.save()
    own = Enrolment.objects.get(pk=own.pk)
    assert [(row["label"], row["value"]) for row in own.record.answers] == [("岗位", "一线社工")]
