"""What a manual entry may say: minutes within the times, or at most a lump without any."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from credentials.manual_entries.policy import LONGEST, Said, faults_of

NOW = datetime.datetime(2026, 11, 25, 12, 0, tzinfo=datetime.UTC)
TODAY = NOW.date()
LUMP = 90 * 45

minutes = st.integers(min_value=-10, max_value=10_000)
days = st.dates(min_value=datetime.date(1990, 1, 1), max_value=datetime.date(2030, 12, 31))
moments = st.datetimes(
    min_value=datetime.datetime(2026, 11, 20),
    max_value=datetime.datetime(2026, 11, 28),
    timezones=st.just(datetime.UTC),
)


def faults(said: Said) -> set[tuple[str, str]]:
    return {(fault.field, fault.code) for fault in faults_of(said, today=TODAY, now=NOW, lump_minutes=LUMP)}


def test_a_morning_of_yesterday_is_all_right():
    start = NOW - datetime.timedelta(days=1)
    said = Said(start.date(), 90, start, start + datetime.timedelta(minutes=90))
    assert faults(said) == set()


def test_every_fault_stands_at_its_field():
    start = NOW - datetime.timedelta(days=1)
    end = start + datetime.timedelta(minutes=60)
    day = start.date()
    assert faults(Said(TODAY + datetime.timedelta(days=1), 10)) == {("day", "in_future")}
    assert faults(Said(datetime.date(1999, 12, 31), 10)) == {("day", "long_ago")}
    assert faults(Said(day, 0)) == {("minutes", "none")}
    assert faults(Said(day, 10, start, None)) == {("end", "half")}
    assert faults(Said(day, 10, None, end)) == {("start", "half")}
    assert faults(Said(day, 10, end, start)) == {("end", "order")}
    assert faults(Said(day, 61, start, end)) == {("minutes", "longer")}
    assert faults(Said(day, LUMP + 1)) == {("minutes", "lump")}
    late = NOW + datetime.timedelta(minutes=1)
    assert faults(Said(TODAY, 10, NOW - datetime.timedelta(hours=1), late)) == {("end", "in_future")}


@given(day=days, many=minutes)
def test_without_times_a_day_that_is_past_takes_one_minute_up_to_the_lump(day, many):
    fits = datetime.date(2000, 1, 1) <= day <= TODAY and 1 <= many <= LUMP
    assert (faults(Said(day, many)) == set()) is fits


@given(start=moments, end=moments, many=minutes)
def test_what_has_no_fault_lies_within_its_times_and_is_over(start, end, many):
    said = Said(start.date(), many, start, end)
    if not faults(said):
        assert datetime.timedelta(minutes=many) <= end - start <= LONGEST
        assert many >= 1
        assert end <= NOW
