"""What a manual entry may say: minutes within the times, or at most a lump without any."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.manual_entries.policy import LONGEST, Other, Said, faults_of, is_near, may_be_same

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


def test_without_times_a_near_title_is_asked_about_and_what_was_credited_whatever_it_is_called():
    lump = Said(TODAY, 60)
    timed = Said(TODAY, 60, NOW - datetime.timedelta(hours=2), NOW - datetime.timedelta(hours=1))

    def asked(said, other, *, is_degree=False):
        return may_be_same(said, "危机干预工作坊", is_degree=is_degree, other=other)

    near, far = "危机干预培训班", "老年照护"
    assert asked(lump, Other(near, has_times=True, is_credited=False))
    assert asked(timed, Other(near, has_times=False, is_credited=False))
    assert not asked(timed, Other(near, has_times=True, is_credited=True))
    assert not asked(lump, Other(far, has_times=False, is_credited=False))
    assert asked(lump, Other(far, has_times=True, is_credited=True))
    assert asked(timed, Other(far, has_times=False, is_credited=True))
    assert not asked(lump, Other(far, has_times=False, is_credited=True, is_degree=True))
    assert not asked(lump, Other(far, has_times=False, is_credited=True), is_degree=True)
    assert asked(lump, Other(near, has_times=False, is_credited=True, is_degree=True))


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("危机干预工作坊", "危机干预培训班", True),
        ("督导工作坊", "督导培训", True),
        ("《危机干预》 专题讲座", "危机干预研讨会", True),
        ("Crisis Intervention Workshop", "Crisis intervention training", True),
        ("危机干预工作坊（二）", "危机干预 工作坊", True),
        ("危机干预工作坊", "老年照护工作坊", False),
        ("培训班", "工作坊", False),  # no subject is no likeness
        ("培训师培训", "讲师培训", False),
    ],
)
def test_titles_are_near_by_their_subject_whatever_the_event_is_called(one, other, near):
    assert is_near(one, other) is is_near(other, one) is near
