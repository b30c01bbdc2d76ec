"""Whether somebody can be moved, and the sentence when not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.cohorts.policy import RunState
from lms.enrolments.states import EnrolmentState as S
from lms.transfers.policy import MOVABLE, Move, obstacle
from tests.lms.cohorts.test_policy import facts


@given(
    st.sampled_from(S.values),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.integers(0, 3),
    st.integers(0, 2),
    st.sampled_from(list(RunState)),
)
def test_nothing_but_a_free_place_with_nobody_waiting_is_taken(
    standing, course, cohort, there, taken, waiting, state
):
    target = facts(capacity=2, seats_taken=taken, waiting=waiting)
    found = obstacle(Move(standing, course, cohort, there), target, state)
    possible = standing in MOVABLE and course and not cohort and not there and taken < 2 and not waiting
    possible = possible and state not in (RunState.CANCELLED, RunState.ENDED)
    assert (found is None) == possible


@pytest.mark.parametrize(
    ("move", "fields", "state", "says"),
    [
        (Move("completed", True, False, False), {}, RunState.OPEN, "completed"),
        (Move("waiting", True, False, False), {}, RunState.OPEN, "has a place"),
        (Move("enrolled", False, False, False), {}, RunState.OPEN, "same course"),
        (Move("enrolled", True, True, False), {}, RunState.OPEN, "already"),
        (Move("enrolled", True, False, True), {}, RunState.OPEN, "already"),
        (Move("enrolled", True, False, False), {}, RunState.ENDED, "over"),
        (Move("enrolled", True, False, False), {"waiting": 1}, RunState.FULL_WAITING_LIST, "come first"),
        (Move("enrolled", True, False, False), {"seats_taken": 20}, RunState.RUNNING, "no free place"),
    ],
)
def test_each_obstacle_has_its_own_sentence(move, fields, state, says):
    found = obstacle(move, facts(**fields), state)
    assert found is not None
    assert says in found.msgid
