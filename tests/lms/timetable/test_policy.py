import datetime
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.timetable.policy import (
    Clash,
    Draft,
    Phase,
    Slot,
    cancelling_refusal,
    clashes,
    fingerprint,
    is_urgent,
    minutes_until,
    overlap_among,
    overlaps,
    phase_of,
    problems_of,
    series,
    weekly,
)

ZONE = datetime.timezone(timedelta(hours=8))
NINE = datetime.datetime(2026, 3, 14, 9, tzinfo=ZONE)


def slot(start=0, minutes=90, **fields):
    begins = NINE + timedelta(minutes=start)
    defaults = {"cohort_id": 1, "place": "市民政局", "room": "301"}
    return Slot(starts_at=begins, ends_at=begins + timedelta(minutes=minutes), **defaults | fields)


slots = st.builds(
    slot,
    st.integers(0, 400),
    st.integers(1, 300),
    cohort_id=st.integers(1, 3),
    is_on_site=st.booleans(),
    room=st.sampled_from(["", "301", "302"]),
    instructor_id=st.sampled_from([None, 1, 2]),
    id=st.integers(1, 50),
)


def test_a_class_may_begin_when_another_ends():
    assert not overlaps(slot(0, 90), slot(90, 60))
    assert overlaps(slot(0, 91), slot(90, 60))


@given(slots, slots, st.integers(0, 3))
def test_what_is_in_the_way_of_one_is_in_the_way_of_the_other(one, other, shared):
    assert clashes(one, other, shared) == clashes(other, one, shared)


@given(slots, slots)
def test_they_overlap_exactly_when_some_minute_belongs_to_both(one, other):
    def minutes(each):
        return set(range(int(each.starts_at.timestamp()) // 60, int(each.ends_at.timestamp()) // 60))

    assert overlaps(one, other) == bool(minutes(one) & minutes(other))


@pytest.mark.parametrize(
    ("other", "found"),
    [
        ({}, ()),  # the class itself
        ({"id": 2}, (Clash.COHORT,)),
        ({"id": 2, "cohort_id": 2}, (Clash.ROOM,)),
        ({"id": 2, "cohort_id": 2, "place": " 市民政局 "}, (Clash.ROOM,)),
        ({"id": 2, "cohort_id": 2, "room": "302"}, ()),
        ({"id": 2, "cohort_id": 2, "is_on_site": False}, ()),
        ({"id": 2, "cohort_id": 2, "instructor_id": 7}, (Clash.INSTRUCTOR, Clash.ROOM)),
        ({"id": 2, "cohort_id": 2, "instructor_id": 7, "room": "302"}, (Clash.TWO_PLACES,)),
        ({"id": 2, "cohort_id": 2, "instructor_id": 7, "is_on_site": False}, (Clash.INSTRUCTOR,)),
        ({"id": 2, "cohort_id": 2, "instructor_id": 8, "room": ""}, ()),
        ({"id": 2, "cohort_id": 2, "start": 90, "instructor_id": 7}, ()),
    ],
)
def test_each_kind_of_conflict_is_named(other, found):
    assert clashes(slot(id=1, instructor_id=7), slot(**other | {"id": other.get("id", 1)})) == found


def test_trainees_of_both_are_a_conflict_without_room_or_instructor():
    mine, other = slot(), slot(cohort_id=2, room="302")
    assert clashes(mine, other, shared=3) == (Clash.TRAINEES,)


def test_a_room_without_a_number_is_no_room():
    assert clashes(slot(room=""), slot(room="", cohort_id=2)) == ()


def test_the_name_of_warnings_knows_no_order_and_each_warning_matters():
    one, two = (Clash.ROOM, NINE, 1), (Clash.TRAINEES, NINE, 2)
    assert fingerprint([one, two]) == fingerprint([two, one])
    later = (Clash.ROOM, NINE + timedelta(days=7), 1)
    assert len({fingerprint(each) for each in ([], [one], [two], [later], [one, two])}) == 5


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 30), st.lists(st.integers(0, 40)))
def test_a_series_has_so_many_days_a_week_apart_and_none_of_those_left_out(first, times, weeks):
    skipped = {first + timedelta(days=7 * week) for week in weeks}
    days = weekly(first, times, skipped)
    assert len(days) == times
    assert not skipped & set(days)
    assert all((day - first).days % 7 == 0 for day in days)
    assert all(one < other for one, other in pairwise(days))


def test_classes_of_one_series_do_not_stand_at_the_same_time():
    assert not overlap_among([slot(90), slot(0), slot(300)])
    assert overlap_among([slot(300), slot(0), slot(310)])


def draft(**changes):
    defaults = {"title": "接案", "starts_at": NINE, "ends_at": NINE + timedelta(hours=2), "mode": "on_site"}
    return Draft(**defaults | {"place": "市民政局"} | changes)


def test_a_class_is_repeated_from_the_next_week_on_at_its_hour():
    model = draft(instructor_id=3)
    copies = series(model, 2, [date(2026, 3, 21)])
    assert [copy.starts_at for copy in copies] == [NINE + timedelta(days=14), NINE + timedelta(days=21)]
    assert {(copy.ends_at - copy.starts_at, copy.title, copy.instructor_id) for copy in copies} == {
        (timedelta(hours=2), "接案", 3)
    }


@pytest.mark.parametrize(
    ("minutes", "somebody_came", "is_refused"),
    [
        (-1, True, False),  # whoever came early is sent home
        (0, True, True),
        (80, True, True),
        (120, True, True),
        (80, False, False),
        (120, False, False),
    ],
)
def test_a_class_that_has_begun_with_somebody_in_it_is_not_cancelled(minutes, somebody_came, is_refused):
    refusal = cancelling_refusal(
        NINE,
        NINE + timedelta(hours=2),
        somebody_came=somebody_came,
        now=NINE + timedelta(minutes=minutes),
    )
    assert (refusal is not None) is is_refused


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, []),
        ({"title": " "}, ["title"]),
        ({"ends_at": NINE}, ["end"]),
        ({"ends_at": NINE + timedelta(hours=12, minutes=1)}, ["end"]),
        ({"place": ""}, ["place"]),
        ({"mode": "online", "place": ""}, ["link"]),
        ({"mode": "online", "place": "", "link": "https://meet.example.com/1"}, []),
        ({"mode": "both", "link": "http://meet.example.com/1"}, ["link"]),
        ({"mode": "both", "place": "", "link": "https://meet.example.com/1"}, ["place"]),
    ],
)
def test_what_a_class_lacks_is_said_at_its_field(changes, fields):
    assert [each.field for each in problems_of(draft(**changes), today=NINE.date())] == fields


def test_a_day_that_is_years_away_is_mistyped():
    assert [each.field for each in problems_of(draft(), today=date(2020, 1, 1))] == ["day"]


@pytest.mark.parametrize(
    ("minutes", "phase"),
    [
        (-60 * 24, Phase.LATER),
        (-9 * 60 - 1, Phase.LATER),
        (-9 * 60, Phase.TODAY),
        (-61, Phase.TODAY),
        (-60, Phase.SOON),
        (-1, Phase.SOON),
        (0, Phase.RUNNING),
        (89, Phase.RUNNING),
        (90, Phase.OVER),
    ],
)
def test_where_a_class_stands(minutes, phase):
    now = NINE + timedelta(minutes=minutes)
    ends = NINE + timedelta(minutes=90)
    assert phase_of(NINE, ends, is_cancelled=False, now=now) == phase
    assert phase_of(NINE, ends, is_cancelled=True, now=now) == Phase.CANCELLED


@given(st.integers(1, 3600))
def test_the_minutes_until_are_never_none(seconds):
    found = minutes_until(NINE, NINE - timedelta(seconds=seconds))
    assert found >= 1
    assert (found - 1) * 60 < seconds <= max(found, 1) * 60


@pytest.mark.parametrize(("hours", "urgent"), [(-1, False), (0, True), (48, True), (49, False)])
def test_what_comes_within_two_days_is_told_at_once(hours, urgent):
    assert is_urgent([NINE + timedelta(hours=hours)], now=NINE) is urgent
