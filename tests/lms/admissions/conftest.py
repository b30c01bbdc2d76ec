"""A cohort whose applications go through three stages, one of them, and who decides first."""

import pytest

from tests.factories import give_role, make_cohort, make_plan, make_user
from tests.lms.admissions.steps import THREE, hand_in


@pytest.fixture
def street(tree, cast):
    """The administrator of the street above the trainee's station."""
    user = make_user("仇乐山", tree["street"])
    give_role(user, "administrator", tree["street"])
    return user


@pytest.fixture
def staged(tree):
    return make_cohort(tree["city"], plan=make_plan(tree["city"], stages=THREE))


@pytest.fixture
def application(staged, cast, street):
    return hand_in(staged, cast.trainee)
