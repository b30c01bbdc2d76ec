from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.hours.policy import hours_from

minutes = st.integers(0, 100_000)
an_hour = st.integers(1, 240)


@given(minutes, an_hour)
def test_hours_are_never_rounded_up_and_lose_less_than_a_tenth(minutes, an_hour):
    exact = Decimal(minutes) / Decimal(an_hour)
    hours = hours_from(minutes, an_hour)
    assert hours <= exact < hours + Decimal("0.1")
    assert hours.as_tuple().exponent == -1


@given(minutes, an_hour)
def test_what_is_taken_back_is_exactly_what_was_given(minutes, an_hour):
    assert hours_from(minutes, an_hour) + hours_from(-minutes, an_hour) == 0


@given(minutes, minutes, an_hour)
def test_more_minutes_are_never_fewer_hours(some, more, an_hour):
    assert hours_from(some, an_hour) <= hours_from(some + more, an_hour)


@pytest.mark.parametrize(
    ("minutes", "an_hour", "hours"),
    [(45, 45, "1.0"), (44, 45, "0.9"), (90, 45, "2.0"), (60, 40, "1.5"), (100, 45, "2.2"), (1, 45, "0.0")],
)
def test_known_values(minutes, an_hour, hours):
    assert hours_from(minutes, an_hour) == Decimal(hours)
