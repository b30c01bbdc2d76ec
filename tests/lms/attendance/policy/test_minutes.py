"""What a stay comes to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.attendance import states
from lms.attendance.policy import (
    Rule,
    Stay,
    measure,
    presences,
    union_minutes,
)
from tests.lms.attendance.policy.steps import ENDS, STARTS, after


def test_the_words_of_decisions_are_those_of_the_register():
    assert {each.value for each in presences.Presence} == set(states.Presence.values)
    assert {each.value for each in presences.THERE} == {each.value for each in states.THERE}


def counted(came=None, left=None, method="qr", presence="present", proven=None, **rule):
    found = measure(
        Stay(
            presence,
            method,
            None if came is None else after(came),
            None if left is None else after(left),
            proven,
        ),
        Rule(STARTS, ENDS, **rule),
    )
    return found.presence, found.minutes


@pytest.mark.parametrize(
    ("came", "left", "wanted"),
    [
        (-20, None, ("present", 90)),
        (10, None, ("present", 90)),
        (11, None, ("late", 79)),
        (89, None, ("late", 1)),
        (0, 90, ("present", 90)),
        (0, 80, ("present", 90)),
        (0, 79, ("left_early", 79)),
        (30, 60, ("left_early", 30)),
        (0, 200, ("present", 90)),
        (-20, -10, ("absent", 0)),
    ],
)
def test_minutes_run_from_arrival_to_departure_within_the_class(came, left, wanted):
    assert counted(came, left) == wanted


def test_without_a_check_out_where_one_is_asked_for_nothing_counts():
    assert counted(0, needs_check_out=True) == ("present", 0)
    assert counted(0, 90, needs_check_out=True) == ("present", 90)
    assert counted(method="paper", needs_check_out=True) == ("present", 90)


def test_the_whole_class_counts_for_whoever_was_there_where_the_rule_says_so():
    assert counted(40, 60, whole=True) == ("left_early", 90)
    assert counted(0, whole=True, needs_check_out=True) == ("present", 0)
    assert counted(-5, whole=True) == ("present", 90)
    assert counted(-5, whole=True, min_percent=80) == ("present", 90)
    assert counted(whole=True, method="paper") == ("present", 90)


def test_less_than_the_least_share_counts_as_absent():
    assert counted(46, min_percent=50) == ("absent", 0)
    assert counted(45, min_percent=50) == ("late", 45)


def test_where_the_whole_class_counts_the_least_share_is_still_asked_for():
    assert counted(40, 60, whole=True, min_percent=80) == ("absent", 0)
    assert counted(10, 79, whole=True, min_percent=80) == ("left_early", 90)
    assert counted(0, 90, method="online", proven=71, whole=True, min_percent=80) == ("absent", 0)
    assert counted(0, 90, method="online", proven=72, whole=True, min_percent=80) == ("present", 90)


def test_where_the_whole_class_counts_nobody_is_there_who_left_before_it_began():
    assert counted(-20, -18, whole=True) == ("absent", 0)
    assert counted(-20, -10, method="online", proven=0, whole=True, min_percent=80) == ("absent", 0)


@given(
    st.one_of(
        st.tuples(st.integers(-300, 0), st.integers(-300, 0)),
        st.tuples(st.integers(90, 400), st.integers(90, 400)),
    ),
    st.sampled_from(["qr", "paper", "officer", "online"]),
    st.sampled_from(["present", "late", "left_early"]),
    st.integers(0, 240),
    st.booleans(),
    st.booleans(),
    st.integers(0, 100),
)
def test_a_stay_wholly_outside_the_class_is_absent_whatever_the_rule(
    stay, method, presence, grace, checks_out, whole, percent
):
    came, left = sorted(stay)
    proven = union_minutes([(after(came), after(left))], STARTS, ENDS) if method == "online" else None
    rule = {"late_after": grace, "needs_check_out": checks_out, "whole": whole, "min_percent": percent}
    assert counted(came, left, method, presence, proven, **rule) == ("absent", 0)


def test_what_is_written_by_hand_stands():
    assert counted(presence="late", method="paper") == ("late", 90)
    assert counted(20, presence="late", method="officer") == ("late", 70)
    assert counted(presence="on_leave", method="officer") == ("on_leave", 0)


def test_an_online_meeting_counts_what_is_proven():
    assert counted(0, 90, method="online", proven=40) == ("present", 40)
    assert counted(0, 90, method="online", proven=400) == ("present", 90)


@given(st.integers(-60, 200), st.integers(-60, 200), st.integers(0, 60), st.booleans(), st.integers(0, 100))
def test_minutes_never_exceed_the_class_and_belong_to_who_was_there(came, left, grace, whole, percent):
    left = max(came, left)
    presence, minutes = counted(came, left, late_after=grace, whole=whole, min_percent=percent)
    assert 0 <= minutes <= 90
    assert (minutes == 0) == (presence == "absent")
