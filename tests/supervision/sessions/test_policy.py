from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervision.sessions.policy import (
    MAX_MINUTES,
    SessionFacts,
    days_late,
    equal_shares,
    is_case_code,
    problems_of,
    reaches_beyond,
    shares_of,
    span_of,
    telling,
)

NOW = datetime(2026, 3, 14, 18, 0, tzinfo=UTC)
FIRST, LAST = date(2026, 1, 1), date(2026, 3, 20)
moments = st.datetimes(datetime(2025, 12, 1), datetime(2026, 4, 1), timezones=st.just(UTC))


def codes(starts_at, ends_at, functions=("educational",)):
    facts = SessionFacts(starts_at, ends_at, functions=functions)
    found = problems_of(facts, now=NOW, first_day=FIRST, last_day=LAST, held_on=starts_at.date())
    return [problem.code for problem in found]


def test_an_hour_that_has_passed_is_possible():
    assert codes(NOW - timedelta(hours=1), NOW) == []


def test_eight_hours_are_possible_and_a_minute_more_is_not():
    assert codes(NOW - timedelta(minutes=480), NOW) == []
    assert codes(NOW - timedelta(minutes=481), NOW) == ["too_long"]


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        ((9, 0), (10, 0), 60),
        ((23, 30), (0, 30), 60),
        ((18, 0), (2, 0), 480),
        ((18, 0), (1, 59), 479),
        ((18, 0), (2, 1), -959),
        ((9, 0), (8, 0), -60),
        ((9, 0), (9, 0), 0),
    ],
)
def test_an_end_before_the_start_is_of_the_next_day_where_that_can_be_one_session(start, end, minutes):
    starts_at, ends_at = span_of(FIRST, time(*start), time(*end), UTC)
    assert starts_at.date() == FIRST
    assert SessionFacts(starts_at, ends_at).minutes == minutes


def test_no_time_at_all_is_no_session():
    assert codes(NOW, NOW) == ["ends_before_start"]


def test_every_problem_is_named_at_once():
    assert codes(NOW + timedelta(hours=1), NOW + timedelta(hours=10), ()) == [
        "too_long",
        "in_future",
        "no_function",
    ]


def test_the_day_before_the_pairing_is_too_early():
    start = datetime(2025, 12, 31, 9, tzinfo=UTC)
    assert codes(start, start + timedelta(hours=1)) == ["before_pairing"]


def test_the_day_after_the_pairing_is_too_late_and_the_last_day_is_not():
    start = datetime(2026, 3, 14, 9, tzinfo=UTC)
    facts = SessionFacts(start, start + timedelta(hours=1), functions=("educational",))
    for last, expected in ((start.date(), []), (date(2026, 3, 13), ["after_pairing"]), (None, [])):
        found = problems_of(facts, now=NOW, first_day=FIRST, last_day=last, held_on=start.date())
        assert [problem.code for problem in found] == expected


@given(moments, moments)
def test_what_is_possible_lies_between_the_pairing_and_now_and_is_one_to_480_minutes(starts_at, ends_at):
    minutes = int((ends_at - starts_at).total_seconds() // 60)
    possible = 1 <= minutes <= MAX_MINUTES and ends_at <= NOW and starts_at.date() >= FIRST
    assert (codes(starts_at, ends_at) == []) == possible


def test_a_text_with_a_mobile_or_id_number_names_somebody():
    assert telling("电话13800138000，已回访")
    assert telling("138-0013-8000")
    assert telling("身份证 12019919900101123X")
    assert not telling("个案 A2026-014，第 3 次会谈，120 分钟")
    assert not telling("编号 20260314000012345678")


@given(st.lists(st.sampled_from("abcdef"), unique=True, min_size=1), st.integers(1, 480))
def test_equal_shares_are_the_whole_time_and_differ_by_a_minute_at_most(functions, minutes):
    shares = equal_shares(tuple(functions), minutes)
    assert sum(shares.values()) == minutes
    assert max(shares.values()) - min(shares.values()) <= 1


@given(
    st.lists(st.sampled_from("abc"), unique=True),
    st.integers(1, 480),
    st.dictionaries(st.sampled_from("abcd"), st.none() | st.integers(0, 500)),
)
def test_shares_add_up_or_are_refused(functions, minutes, given_):
    shares, fault = shares_of(tuple(functions), minutes, given_)
    if shares is not None:
        assert not fault
        assert sum(shares.values()) == minutes
        assert set(shares) == set(functions)
        assert all(value > 0 for value in shares.values())
        assert all(shares[name] == value for name, value in given_.items() if value)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("电话13800138000", "mobile"),
        ("138 0013 8000", "mobile"),
        ("身份证 12019919900101123X", "identity"),
        ("卡号6222021234567890123", "account"),
        ("0371-65512345", "landline"),
        ("写信到 a.b@example.com", "mail"),
        ("住3号楼2单元501室", "home"),
        ("姓名：张小明", "named"),
        ("个案 A2026-014，第 3 次会谈，120 分钟", ""),
        ("2026-03-14 14:00-15:30，在3楼活动室", ""),
        ("案主张某情绪平稳，服务对象12人", ""),
    ],
)
def test_what_points_at_a_person_is_found_and_named(text, what):
    assert telling(text) == what


def test_a_case_has_a_code_and_no_name():
    assert is_case_code("A2026-014") and is_case_code("3")
    assert not any(is_case_code(text) for text in ("", "张三", "13800138000", "A" * 21, "A 1"))


@given(st.integers(0, 400), st.integers(1, 365))
def test_late_is_what_comes_after_the_last_day(days, allowed):
    held = date(2026, 1, 1)
    assert days_late(held, held + timedelta(days=days), allowed) == max(days - allowed, 0)


@given(moments, st.integers(1, 480), st.integers(-600, 600), st.integers(1, 480))
def test_times_reach_beyond_others_exactly_when_they_claim_a_minute_that_those_did_not(
    begins, minutes, shift, length
):
    def of(starts_at, long):
        return SessionFacts(starts_at, starts_at + timedelta(minutes=long))

    former, facts = of(begins, minutes), of(begins + timedelta(minutes=shift), length)
    claimed = set(range(shift, shift + length)) - set(range(minutes))
    assert reaches_beyond(facts, former) == bool(claimed)
