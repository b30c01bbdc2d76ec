"""Period arithmetic on calendars, subjects that stand, and numbers, tried with whatever there is."""

import datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from credentials.qualifications.policy import (
    DEFAULT_TERMS,
    LATE_DAYS,
    Said,
    Terms,
    complete_in,
    faults_of,
    first_registration_until,
    fits_any,
    last_day_of,
    months_before,
    plain_number,
    renewal_opens,
    slip_until,
    stage_of,
    standing,
)
from credentials.renewals.policy import filling, stops_of

DAY = datetime.timedelta(days=1)
days = st.dates(datetime.date(2008, 1, 1), datetime.date(2120, 12, 31))
passes = st.sets(st.tuples(st.integers(1, 3), st.integers(2008, 2030)), max_size=12)


@given(days, st.integers(1, 10))
def test_so_many_years_end_on_the_day_before_the_anniversary_leap_days_too(first, years):
    last = last_day_of(first, years)
    assert (last + DAY).year == first.year + years
    assert ((last + DAY).month, (last + DAY).day) in {(first.month, first.day), (3, 1)}
    # One period after another leaves no gap and no day twice.
    assert last_day_of(last + DAY, years) > last
    assert last_day_of(first, years) < last_day_of(first + DAY, years) or first.day == 28 or first.day == 29


@given(days)
def test_renewal_opens_three_calendar_months_before_the_end(first):
    last = last_day_of(first)
    opens = renewal_opens(last)
    assert 88 <= (last - opens).days <= 92
    assert months_before(last + DAY, 3) == opens
    assert renewal_opens(datetime.date(2029, 11, 24)) == datetime.date(2029, 8, 25)
    assert renewal_opens(datetime.date(2028, 5, 30)) == datetime.date(2028, 2, 29)


@given(days, st.integers(-200, 200))
def test_of_a_deadline_one_stage_is_told_and_they_come_in_order(last, shift):
    today, opens = last + datetime.timedelta(days=shift), renewal_opens(last)
    order = ["", "open", "month", "week", "over"]
    stage, next_one = stage_of(today, opens, last), stage_of(today + DAY, opens, last)
    if shift + 1 <= LATE_DAYS:
        assert order.index(next_one) >= order.index(stage)
    assert (stage == "over") == (0 < shift <= LATE_DAYS)
    assert (stage != "") == (opens <= today and shift <= LATE_DAYS)


@given(passes, st.integers(1, 3), st.integers(1, 4))
def test_an_examination_is_passed_where_one_window_holds_every_subject(held, subjects, window):
    found = complete_in(held, subjects, window)
    windows = [
        last
        for last in range(2008, 2040)
        if all(any(last - window < year <= last for each, year in held if each == n) for n in range(1, subjects + 1))
    ]  # fmt: skip
    assert found == (min(windows) if windows else None)


@given(passes, st.integers(1, 3), st.integers(2008, 2035))
def test_a_subject_stands_until_its_window_is_over(held, window, this_year):
    for stand in standing(held, 3, window, this_year):
        years = [year for number, year in held if number == stand.number]
        assert stand.year == max(years, default=None)
        assert stand.stands == any(year + window - 1 >= this_year for year in years)


def test_the_national_rules_are_what_holds_where_nobody_has_said_anything():
    middle = DEFAULT_TERMS["social_worker"]
    assert (len(middle["subjects"]), middle["window_years"]) == (3, 2)
    assert complete_in([(1, 2024), (2, 2025), (3, 2025)], 3, 2) == 2025
    assert complete_in([(1, 2023), (2, 2025), (3, 2025)], 3, 2) is None
    assert slip_until(datetime.date(2024, 2, 29), DEFAULT_TERMS["senior"]["slip_years"]) == datetime.date(2027, 2, 28)  # fmt: skip
    assert first_registration_until(datetime.date(2024, 2, 29)) == datetime.date(2025, 2, 28)


@given(st.text(max_size=60))
def test_a_number_is_the_same_however_it_is_written(text):
    plain = plain_number(text)
    assert plain_number(plain) == plain
    assert plain_number(f" {text} ") == plain
    assert fits_any(plain, [])


def test_a_number_is_compared_with_the_forms_that_are_known():
    assert plain_number("２０２5 0001-ab") == "20250001-AB"
    assert fits_any("20250001-AB", ["########", "########-@@"])
    assert not fits_any("2025000X-AB", ["########-@@"])
    assert fits_any("2025/沪", ["####/?"])


def test_what_cannot_be_so_is_said_at_its_field():
    today, terms = datetime.date(2026, 11, 26), Terms("x", **DEFAULT_TERMS["social_worker"])
    good = Said("12345", datetime.date(2025, 9, 1), 2025, ((1, 2024), (2, 2025), (3, 2025)))
    assert faults_of(good, terms, today) == []
    wrong = Said("1", datetime.date(2027, 1, 1), 2030, ((1, 2020), (2, 2025), (3, 2025)), None)
    assert {field for field, _code in faults_of(wrong, terms, today)} == {"number", "issued_on", "exam_year"}
    senior = Terms("x", subjects=("实务",), slip_years=3)
    late = Said("12345", datetime.date(2026, 1, 1), None, (), datetime.date(2022, 12, 31))
    assert faults_of(late, senior, today) == [("slip_on", "slip")]


@given(st.decimals(0, 90, places=1), st.lists(st.decimals(0, 40, places=1), max_size=8))
def test_the_fewest_courses_fill_what_is_missing(missing, offers):
    found = filling(missing, list(enumerate(offers)))
    total = sum((hours for _course, hours in found), Decimal(0))
    assert total >= min(missing, sum(offers, Decimal(0)))
    assert len(found) <= len(offers)
    if found and total >= missing:
        assert total - found[-1][1] < missing  # without the last one it would not do


@given(st.one_of(st.none(), days), st.lists(days, max_size=3), days)
def test_the_way_of_a_registration_ends_with_its_renewal(issued, firsts, today):
    spans = [(first, last_day_of(first)) for first in firsts]
    stops = stops_of(issued, spans, today)
    assert [stop.code for stop in stops].count("first") == (1 if spans or issued else 0)
    assert (stops[-1].code == "renewal") if spans else True
    assert {stop.state for stop in stops} <= {"done", "now", "todo", "stopped"}
