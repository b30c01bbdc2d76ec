import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.certificates.policy import (
    ALPHABET,
    CODE_LENGTH,
    check_character,
    clean_code,
    grouped_code,
    is_serial,
    last_day,
    new_code,
    same_name,
    serial_of,
    split_typed,
    verdict_on,
)

codes = st.text(ALPHABET, min_size=CODE_LENGTH, max_size=CODE_LENGTH)
serials = st.builds(serial_of, st.integers(2020, 2099), st.integers(1, 10_000_000))


def test_a_code_cannot_be_guessed():
    assert CODE_LENGTH * math.log2(len(set(ALPHABET))) > 80
    assert len({new_code() for _ in range(2000)}) == 2000


@given(codes)
def test_a_code_is_read_back_however_it_is_typed(code):
    wide = "".join(chr(ord(char) + 0xFEE0) for char in code)
    for typed in (code, code.lower(), grouped_code(code), f"  {grouped_code(code)} ", wide):
        assert clean_code(typed) == code


@given(st.text())
def test_no_text_breaks_the_reading_of_codes_and_serials(text):
    serial, code = split_typed(text)
    assert serial == "" or is_serial(serial)
    assert len(code) <= 2 * CODE_LENGTH * 3  # a capital may be up to three letters long
    assert is_serial(text) in (True, False)


@given(serials, codes)
def test_serial_and_code_are_found_in_any_order_and_in_the_whole_address(serial, code):
    for typed in (
        f"{serial} {code}",
        f"{grouped_code(code)} {serial.lower()}",
        f"{serial}\n{code}",
    ):
        assert split_typed(typed) == (serial, code)
    for address in (
        f"https://xinhuo.example.com/verify/{code}/",
        f"https://xinhuo.example.com/verify/{code}/#compare",
        f"https://xinhuo.example.com/verify/{code}/?serial={serial}",
    ):
        assert split_typed(address) == ("", code)


@given(st.integers(2020, 2099), st.integers(1, 999_999), st.data())
def test_a_mistyped_digit_or_two_swapped_neighbours_show(year, number, data):
    serial = serial_of(year, number)
    digits = serial[3:7] + serial[8:14]
    place = data.draw(st.integers(0, 9))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != digits[place]]))
    slipped = digits[:place] + other + digits[place + 1 :]
    assert check_character(slipped) != check_character(digits)
    if place < 9 and digits[place] != digits[place + 1]:
        swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
        assert check_character(swapped) != check_character(digits)


def test_a_serial_says_year_and_number():
    assert serial_of(2026, 123) == f"XH-2026-000123-{check_character('2026000123')}"
    assert is_serial(serial_of(2026, 1_234_567))


@pytest.mark.parametrize(
    "text", ["", "XH", "XH-2026-000123", "XH-2026-000123-?", "XH-２０２６-000123-A", "\x00"]
)
def test_what_is_no_serial_is_not_taken_for_one(text):
    assert not is_serial(text)


@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)), st.integers(-400, 400))
def test_the_last_day_still_counts(last, days):
    today = last + dt.timedelta(days=days)
    assert verdict_on("valid", last, today) == ("expired" if days > 0 else "valid")
    assert verdict_on("valid", None, today) == "valid"
    for state in ("revoked", "replaced"):
        assert verdict_on(state, last, today) == state


@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)), st.integers(1, 30))
def test_a_certificate_of_some_years_is_valid_until_the_day_before_its_anniversary(issued, years):
    last = last_day(issued, years)
    after = last + dt.timedelta(days=1)
    assert after.year - issued.year == years
    assert (after.month, after.day) in {(issued.month, issued.day), (3, 1)}
    assert verdict_on("valid", last, last) == "valid"
    assert verdict_on("valid", last, after) == "expired"


def test_without_years_there_is_no_last_day_and_a_leap_day_ends_with_its_month():
    assert last_day(dt.date(2026, 11, 25), None) is None
    assert last_day(dt.date(2026, 11, 25), 3) == dt.date(2029, 11, 24)
    assert last_day(dt.date(2024, 2, 29), 1) == dt.date(2025, 2, 28)
    assert last_day(dt.date(2024, 2, 29), 4) == dt.date(2028, 2, 28)


@pytest.mark.parametrize(
    ("typed", "printed", "same"),
    [
        ("王䶮", "王䶮", True),
        (" 王 䶮 ", "王䶮", True),
        ("王龑", "王䶮", False),
        ("陈𬭎", "陈𬭎", True),
        ("买买提•吐尔逊", "买买提·吐尔逊", True),
        ("anna li", "Anna Li", True),
        ("ＡＮＮＡ\u3000Ｌｉ", "Anna Li", True),
        ("王\u200b䶮\ufeff", "王䶮", True),
        ("葛\U000e0100洪", "葛洪", True),
        ("⼀鸣", "一鸣", True),
        ("买买提．吐尔逊", "买买提·吐尔逊", True),
        ("买买提･吐尔逊", "买买提·吐尔逊", True),
        ("O’Neill", "O'Neill", True),
        ("Andre\u0301", "André", True),
        ("Andre", "André", False),
        ("\u200b", "王䶮", False),
        ("王", "王䶮", False),
        ("王*", "王䶮", False),
        ("", "", False),
    ],
)
def test_names_are_the_same_whatever_the_spaces_the_case_and_the_dot(typed, printed, same):
    assert same_name(typed, printed) is same
