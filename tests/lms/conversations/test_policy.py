from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.people.policy import check_character
from lms.conversations.policy import (
    A_MINUTE,
    AN_HOUR,
    PrivateNumber,
    edit_refusal,
    is_flood,
    listed_word,
    private_number,
)

TODAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 12, 0)
STEM = "12019919900307123"
ID = STEM + check_character(STEM)
MOBILE = "13800138000"


def found(text):
    return private_number(text, today=TODAY)


@pytest.mark.parametrize(
    "text",
    [
        ID,
        f"身份证{ID}，请帮忙",
        f"{ID[:6]} {ID[6:14]} {ID[14:]}",
        "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in ID),
        f"编号:{ID.lower()}",
    ],
)
def test_an_id_number_is_found_however_it_is_written(text):
    assert found(text) == PrivateNumber.ID


@pytest.mark.parametrize(
    "text", [MOBILE, f"电话{MOBILE}。", "138-0013-8000", "+86 138 0013 8000", "１３８００１３８０００"]
)
def test_a_mobile_number_is_found_however_it_is_written(text):
    assert found(text) == PrivateNumber.MOBILE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "第3次家访，服务对象72岁",
        STEM + ("0" if ID[-1] != "0" else "1"),  # the check digit is wrong: a case number
        "2026年11月25日9:00—11:30",
        "12345678901",
        "案例编号202611250001",
        f"订单{MOBILE}55",
    ],
)
def test_other_numbers_may_stand(text):
    assert found(text) is None


@given(st.text(max_size=200))
def test_any_text_can_be_asked(text):
    assert found(text) in (None, PrivateNumber.ID, PrivateNumber.MOBILE)


@given(st.text(alphabet="服务对象 ，。a", max_size=30), st.text(alphabet="服务对象 ，。a", max_size=30))
def test_a_mobile_number_is_found_wherever_it_stands(before, after):
    assert found(f"{before}{MOBILE}{after}") == PrivateNumber.MOBILE


@pytest.mark.parametrize("text", ["代考包过", "代 考 包 过", "代考包过！", "ＡＤ代考包过"])
def test_a_listed_word_is_found_through_spaces_and_widths(text):
    assert listed_word(text, ["", "代考"]) == "代考"


def test_an_empty_word_matches_nothing():
    assert listed_word("随便", ["", "  "]) is None


@pytest.mark.parametrize(
    ("seconds", "flood"),
    [
        ([1] * (A_MINUTE - 1), False),
        ([1] * A_MINUTE, True),
        ([120] * A_MINUTE, False),
        ([120] * AN_HOUR, True),
        ([3700] * AN_HOUR, False),
    ],
)
def test_a_flood_is_too_many_in_a_minute_or_an_hour(seconds, flood):
    assert is_flood([NOW - timedelta(seconds=each) for each in seconds], now=NOW) is flood


@pytest.mark.parametrize(
    ("minutes", "facts", "may"),
    [(0, {}, True), (14, {}, True), (15, {}, False), (1, {"is_visible": False}, False), (1, {"is_reported": True}, False), (1, {"is_closed": True}, False)],
)  # fmt: skip
def test_a_post_is_changed_soon_or_not_at_all(minutes, facts, may):
    facts = {"is_visible": True, "is_reported": False, "is_closed": False} | facts
    refusal = edit_refusal(written_at=NOW - timedelta(minutes=minutes), now=NOW, **facts)
    assert (refusal is None) is may
