"""The round of these tests and who is in it."""

import pytest

from tests.factories import (
    make_round,
    make_round_mentee,
    make_round_supervisor,
    make_supervisor,
    make_user,
)


@pytest.fixture
def round(tree):
    return make_round(tree["district"], most_wishes=3)


@pytest.fixture
def place(tree):
    return tree["station"]


@pytest.fixture
def two(round, tree, cast, place):
    """Two supervisors with one place each, three mentees."""
    supervisors = [
        make_round_supervisor(round, make_supervisor(cast.supervisor, tree["agency"], capacity=1)),
        make_round_supervisor(round, make_supervisor(make_user("督二", tree["agency"]), capacity=1)),
    ]
    people = [cast.trainee.person, cast.other_trainee.person, make_user("林三", place).person]
    return supervisors, [make_round_mentee(round, person) for person in people]
