from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from supervision.sessions.policy import MAX_MINUTES, SessionFacts, names_somebody, overlaps, problems_of

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


@given(moments, moments, moments, moments)
def test_overlap_is_mutual_and_touching_is_none(a, b, c, d):
    first, second = tuple(sorted((a, b))), tuple(sorted((c, d)))
    assert overlaps(first, second) == overlaps(second, first)
    assert not overlaps(first, (first[1], first[1] + timedelta(hours=1)))


def test_a_text_with_a_mobile_or_id_number_names_somebody():
    assert names_somebody("电话13800138000，已回访")
    assert names_somebody("138-0013-8000")
    assert names_somebody("身份证 12019919900101123X")
    assert not names_somebody("个案 A2026-014，第 3 次会谈，120 分钟")
    assert not names_somebody("编号 20260314000012345678")
