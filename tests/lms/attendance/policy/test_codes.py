"""The code that changes, and its digits."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.attendance.policy import (
    STEP,
    CodeFault,
    Way,
    code_of,
    digits_of,
    read_code,
    read_digits,
    step_of,
)
from tests.lms.attendance.policy.steps import CLASS, SECRET, STARTS


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)), st.integers(0, 19))
def test_a_code_is_good_in_its_step_and_the_next_and_in_no_other(moment, later):
    step = step_of(moment)
    code = code_of(SECRET, CLASS, Way.IN, step)
    begins = datetime.fromtimestamp(step * STEP, UTC)
    for number in (0, 1):
        found = read_code(code, SECRET, CLASS, begins + timedelta(seconds=number * STEP + later))
        assert (found.fault, found.step, found.way) == (None, step, "i")
    for number in (-1, 2, 3):
        found = read_code(code, SECRET, CLASS, begins + timedelta(seconds=number * STEP + later))
        assert found.fault == CodeFault.EXPIRED


@pytest.mark.parametrize(
    "code", ["", "x", "i", "i-", "izz-aaaa", "i1", "i-1-2", "i" + "f" * 40, "i٣-a", "在", "I5-a", "o0x5-b"]
)
def test_nonsense_is_no_code(code):
    assert read_code(code, SECRET, CLASS, STARTS).fault == CodeFault.FORGED


@given(st.text(max_size=60))
def test_no_text_that_somebody_makes_up_is_a_code(text):
    assert read_code(text, SECRET, CLASS, STARTS).fault is not None


def test_a_code_fits_one_class_one_way_and_one_secret():
    step = step_of(STARTS)
    code = code_of(SECRET, CLASS, Way.IN, step)
    assert read_code(code, SECRET, "other", STARTS).fault == CodeFault.FORGED
    assert read_code(code, "6" * 40, CLASS, STARTS).fault == CodeFault.FORGED
    assert read_code("o" + code[1:], SECRET, CLASS, STARTS).fault == CodeFault.FORGED
    later = f"i{step + 1:x}-{code.partition('-')[2]}"
    assert read_code(later, SECRET, CLASS, STARTS).fault == CodeFault.FORGED


def test_digits_turn_with_the_code_and_say_which_way():
    for way in Way:
        digits = digits_of(SECRET, CLASS, way, step_of(STARTS))
        assert len(digits) == 6
        assert read_digits(digits, SECRET, CLASS, STARTS + timedelta(seconds=STEP)).way == way
        assert read_digits(digits, SECRET, CLASS, STARTS + timedelta(seconds=2 * STEP)).fault
    assert read_digits("", SECRET, CLASS, STARTS).fault
