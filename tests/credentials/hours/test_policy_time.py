"""Pure: what of a stretch of time is free, and what an entry is worth by steps."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.hours.policy import (
    Counting,
    Covered,
    Step,
    counting_of,
    credit_of,
    free_minutes,
    read_steps,
    steps_fault,
)

NINE = datetime(2026, 11, 25, 9, tzinfo=UTC)
SPANS = st.lists(st.tuples(st.integers(0, 300), st.integers(1, 200)), max_size=8)


def covered(spans):
    return [Covered(NINE + timedelta(minutes=at), NINE + timedelta(minutes=at + long)) for at, long in spans]


@given(st.integers(0, 300), st.integers(1, 200), SPANS)
def test_free_minutes_are_those_that_nothing_covers(at, long, spans):
    taken = {minute for start, length in spans for minute in range(start, start + length)}
    free = len(set(range(at, at + long)) - taken)
    found = free_minutes(NINE + timedelta(minutes=at), NINE + timedelta(minutes=at + long), covered(spans))
    assert found == free


@given(SPANS)
def test_credited_one_after_another_all_together_are_worth_their_union(spans):
    earlier, total = [], 0
    for one in covered(spans):
        total += credit_of(10_000, one.starts_at, one.ends_at, earlier).minutes
        earlier.append(one)
    assert total == len({minute for start, length in spans for minute in range(start, start + length)})


def test_minutes_asked_for_are_never_exceeded_and_without_times_they_stand():
    assert credit_of(30, NINE, NINE + timedelta(minutes=90)).minutes == 30
    assert credit_of(4000, None, None, covered([(0, 60)])).minutes == 4000


@pytest.mark.parametrize(
    ("minutes", "hours"),
    [(0, "0"), (1, "0.25"), (15, "0.25"), (16, "0.5"), (29, "0.5"), (30, "1"), (300, "1"), (-30, "-1")],
)
def test_an_entry_is_worth_the_highest_step_that_it_reaches(minutes, hours):
    """domain: 30 minutes and more 1, 15 to 30 0.5, up to 15 0.25."""
    assert Counting(steps=read_steps("30 1\n16=0.5\n1：0.25")).hours_of(minutes) == Decimal(hours)


@given(
    st.lists(st.tuples(st.integers(1, 1440), st.integers(1, 400)), min_size=1, max_size=5),
    st.integers(-2000, 2000),
)
def test_a_correction_takes_back_exactly_what_was_credited(raw, minutes):
    steps = [{"from_minutes": start, "hours": str(Decimal(hours) / 4)} for start, hours in raw]
    counting = counting_of(None, steps)
    assert counting.hours_of(minutes) + counting.hours_of(-minutes) == 0


@pytest.mark.parametrize("text", ["30", "x 1", "30 y", "1 2 3", "-5 1", "999999 1", "３０ 1"])
def test_what_is_no_step_is_an_error(text):
    with pytest.raises(ValueError):
        read_steps(text)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("30 1\n30 2", "twice"),
        ("0 1", "minutes"),
        ("1441 1", "minutes"),
        ("30 0", "hours"),
        ("30 -1", "hours"),
        ("30 NaN", "hours"),
        ("30 Infinity", "hours"),
        ("30 0.333", "hours"),
        ("30 1\n60 0.5", "falling"),
        ("30 1\n15 0.5", ""),
    ],
)
def test_steps_that_cannot_be_counted_by_are_named(text, fault):
    assert steps_fault(read_steps(text)) == fault


def test_steps_that_are_equal_are_one_worth():
    assert Counting(steps=(Step(1, Decimal(1)),)).hours_of(10, 3) == 3
