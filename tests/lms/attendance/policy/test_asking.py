"""What may be asked about a class."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.attendance.policy import (
    AskFacts,
    absence_refusal,
    leave_refusal,
    make_up_refusal,
)
from tests.lms.attendance.policy.steps import ENDS, STARTS, after

PRESENCES = ("expected", "present", "late", "left_early", "on_leave", "absent", "made_up")

ASKS = st.builds(
    AskFacts,
    starts_at=st.just(STARTS),
    ends_at=st.just(ENDS),
    learns_here=st.booleans(),
    is_cancelled=st.booleans(),
    presence=st.sampled_from(PRESENCES),
    leave_days=st.integers(0, 9),
    has_asked=st.booleans(),
)


@given(ASKS, st.integers(-20_000, 20_000))
def test_who_cannot_be_absent_can_ask_for_nothing(facts, minutes):
    if absence_refusal(facts) is not None:
        assert leave_refusal(facts, after(minutes)) is not None
        assert make_up_refusal(facts, after(minutes)) is not None


@given(st.integers(0, 60), st.integers(-20_000, 100_000))
def test_leave_can_be_asked_for_until_the_end_of_a_day(days, minutes):
    facts, now = AskFacts(STARTS, ENDS, leave_days=days), after(minutes)
    assert (leave_refusal(facts, now) is None) == (now.date() <= (ENDS + timedelta(days=days)).date())


@pytest.mark.parametrize(
    ("presence", "minutes", "may"),
    [("expected", -1, False), ("on_leave", -1, True), ("expected", 0, True), ("absent", 500, True)],
)
def test_a_class_is_made_up_once_it_has_begun_or_with_leave_from_it(presence, minutes, may):
    assert (make_up_refusal(AskFacts(STARTS, ENDS, presence=presence), after(minutes)) is None) == may


@pytest.mark.parametrize("presence", ["present", "late", "left_early", "made_up"])
def test_who_was_there_has_nothing_to_be_absent_from(presence):
    assert absence_refusal(AskFacts(STARTS, ENDS, presence=presence)) is not None
