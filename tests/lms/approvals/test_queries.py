"""What waits for whom: the same people who were told, each in their turn, nobody for their own."""

import pytest

from lms.admissions.queries import deciders_of_step
from lms.approvals.queries import listed, waiting_for
from lms.enrolments.actions import apply, approve
from tests.factories import give_role, make_cohort, make_enrolment, make_plan, make_user

DESK = ["administrator", "city_administrator", "outsider", "auditor", "instructor", "finance", "trainee"]


@pytest.fixture
def staged(tree, cast):
    cohort = make_cohort(tree["city"], plan=make_plan(tree["city"], stages=("county", "organiser")))
    return apply(cohort=cohort, person=cast.trainee.person, actor=cast.trainee).enrolment


def waits_for(cast, enrolment):
    return [part for part in DESK if enrolment in waiting_for(getattr(cast, part))]


def test_an_application_waits_for_whoever_was_told_of_its_step(cast, staged):
    for part in ("administrator", "city_administrator"):
        assert waits_for(cast, staged) == [part]
        step = staged.steps.filter(state="waiting").first()
        assert deciders_of_step(step) == [getattr(cast, part)]
        approve(enrolment=staged, actor=getattr(cast, part))
    assert waits_for(cast, staged) == []


@pytest.mark.parametrize("state", ["waiting", "offered", "enrolled", "refused", "withdrawn"])
def test_only_what_is_under_review_waits(cast, tree, state):
    enrolment = make_enrolment(make_cohort(tree["district"]), cast.trainee.person, state)
    assert waits_for(cast, enrolment) == []


def test_whoever_decided_at_one_step_is_not_asked_at_the_next(cast, tree, staged):
    give_role(cast.administrator, "administrator", tree["city"])
    approve(enrolment=staged, actor=cast.administrator)
    both = type(cast.administrator).objects.get(pk=cast.administrator.pk)
    assert staged not in waiting_for(both)
    assert waits_for(cast, staged) == ["city_administrator"]


def test_the_oldest_comes_first_and_the_filters_find_by_course_step_and_name(cast, tree, staged):
    other = make_cohort(tree["district"])
    user = make_user("仇乐山", tree["station"])
    plain = apply(cohort=other, person=user.person, actor=user).enrolment
    mine = waiting_for(cast.administrator)
    assert list(mine) == [staged, plain]
    assert list(listed(mine, course=str(other.course_id))) == [plain]
    assert list(listed(mine, stage="county")) == [staged]
    assert list(listed(mine, stage="organiser")) == [plain]  # without steps the organiser decides
    assert list(listed(mine, q="乐山")) == [plain]
    assert list(listed(mine, course="9" * 30, q=" ")) == [staged, plain]
