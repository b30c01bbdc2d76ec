from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervision.slots.policy import (
    MOST_IN_SERIES,
    Plan,
    days_of,
    overlap_among,
    overlaps,
    problems_of,
    reminder_due,
)

NOW = datetime(2027, 3, 1, 9)
TUESDAY = date(2027, 3, 9)  # the second of the month


def plan(hours=24, minutes=60, **more):
    starts_at = NOW + timedelta(hours=hours)
    return Plan(starts_at, starts_at + timedelta(minutes=minutes), **{"place": "督导室"} | more)


def codes(one, **more):
    return [problem.code for problem in problems_of(one, now=NOW, **more)]


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (plan(), []),
        (plan(setting="online", place="", link="https://meeting.example.com/1"), []),
        (plan(setting="online", place="会议号 123"), []),
        (plan(hours=0), ["in_past"]),
        (plan(hours=24 * 400), ["too_far"]),
        (plan(minutes=10), ["too_short"]),
        (plan(minutes=-60), ["too_short"]),
        (plan(minutes=481), ["too_long"]),
        (plan(place=" "), ["no_place"]),
        (plan(setting="online", place=""), ["no_link"]),
        (plan(setting="online", link="http://meeting.example.com"), ["not_https"]),
    ],
)
def test_what_speaks_against_a_plan_stands_at_its_field(one, expected):
    assert codes(one) == expected


def test_after_the_last_day_of_the_pairing_nothing_is_planned():
    assert codes(plan(), last_day=date(2027, 3, 2)) == []
    assert codes(plan(hours=48), last_day=date(2027, 3, 2)) == ["after_pairing"]


@pytest.mark.parametrize(
    ("repeat", "expected"),
    [
        ("weekly", [date(2027, 3, 9), date(2027, 3, 16), date(2027, 3, 23), date(2027, 3, 30)]),
        ("fortnightly", [date(2027, 3, 9), date(2027, 3, 23)]),
        ("once", [date(2027, 3, 9)]),
    ],
)
def test_the_days_of_a_series(repeat, expected):
    assert list(days_of(TUESDAY, repeat, date(2027, 4, 1))) == expected


def test_every_month_is_the_same_weekday_of_the_month_and_the_fifth_is_the_last():
    second = [date(2027, 3, 9), date(2027, 4, 13), date(2027, 5, 11)]
    assert list(days_of(TUESDAY, "monthly", date(2027, 5, 31))) == second
    fifth = [date(2027, 3, 30), date(2027, 4, 27), date(2027, 5, 25), date(2027, 6, 29)]
    assert list(days_of(date(2027, 3, 30), "monthly", date(2027, 6, 30))) == fifth


days = st.dates(date(2026, 1, 1), date(2030, 12, 31))


@given(days, st.sampled_from(["weekly", "fortnightly", "monthly"]), st.integers(0, 800))
def test_a_series_keeps_its_weekday_its_order_and_its_bounds(first, repeat, length):
    until = first + timedelta(days=length)
    found = days_of(first, repeat, until)
    assert found[0] == first
    assert len(found) <= MOST_IN_SERIES
    assert list(found) == sorted(set(found))
    assert {day.weekday() for day in found} == {first.weekday()}
    assert all(day <= until for day in found)


spans = st.tuples(st.integers(0, 100), st.integers(1, 20)).map(
    lambda pair: (NOW + timedelta(minutes=pair[0]), NOW + timedelta(minutes=sum(pair)))
)


@given(st.lists(spans, max_size=8))
def test_overlap_among_many_is_overlap_of_any_two(rows):
    pairs = [(a, b) for place, a in enumerate(rows) for b in rows[place + 1 :]]
    assert overlap_among(rows) == any(overlaps(a, b) for a, b in pairs)


@pytest.mark.parametrize(
    ("hours_before", "told", "expected"),
    [
        (25, (False, False), ""),
        (24, (False, False), "day"),
        (5, (False, False), "day"),
        (5, (True, False), ""),
        (1, (True, False), "hour"),
        (1, (False, False), "hour"),
        (0.5, (True, True), ""),
        (0, (False, False), ""),
        (-1, (False, False), ""),
    ],
)
def test_when_a_reminder_is_due(hours_before, told, expected):
    starts_at = NOW + timedelta(hours=hours_before)
    long_ago = NOW - timedelta(days=9)
    assert reminder_due(starts_at, long_ago, NOW, day_told=told[0], hour_told=told[1]) == expected


def test_who_has_just_planned_it_is_not_reminded_of_it():
    starts_at = NOW + timedelta(minutes=50)
    assert reminder_due(starts_at, NOW, NOW, day_told=False, hour_told=False) == ""
    in_three_hours = NOW + timedelta(hours=3)
    assert reminder_due(in_three_hours, NOW, NOW, day_told=False, hour_told=False) == ""


@given(
    st.tuples(*[st.datetimes(datetime(2027, 1, 1), datetime(2027, 4, 1))] * 2),
    st.tuples(*[st.datetimes(datetime(2027, 1, 1), datetime(2027, 4, 1))] * 2),
)
def test_overlap_is_mutual_and_touching_is_none(first, second):
    first, second = tuple(sorted(first)), tuple(sorted(second))
    assert overlaps(first, second) == overlaps(second, first)
    assert not overlaps(first, (first[1], first[1] + timedelta(hours=1)))
