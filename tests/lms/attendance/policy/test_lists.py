"""The rows of a participant list: whose they are, and what they add up to."""

from hypothesis import given
from hypothesis import strategies as st

from lms.attendance.policy import (
    Seat,
    gather,
    least_minutes,
    match,
    union_minutes,
)
from tests.lms.attendance.policy.steps import ENDS, STARTS, after


def test_two_devices_count_once_and_only_within_the_class():
    spans = [(after(-10), after(30)), (after(20), after(50)), (after(60), after(70)), (after(85), after(120))]
    assert union_minutes(spans, STARTS, ENDS) == 50 + 10 + 5
    assert union_minutes([], STARTS, ENDS) == 0


@given(st.lists(st.tuples(st.integers(-30, 150), st.integers(0, 90)), max_size=6), st.randoms())
def test_the_order_of_the_rows_does_not_matter(rows, random):
    spans = [(after(begin), after(begin + length)) for begin, length in rows]
    found = union_minutes(spans, STARTS, ENDS)
    random.shuffle(spans)
    assert union_minutes(spans, STARTS, ENDS) == found
    covered = {minute for begin, length in rows for minute in range(begin, begin + length)}
    assert found == len(covered & set(range(90)))


SPANS = st.lists(
    st.tuples(st.integers(-30, 150), st.integers(1, 90)).map(lambda row: (after(row[0]), after(sum(row)))),
    min_size=1,
    max_size=4,
)


@given(SPANS, SPANS)
def test_minutes_whose_spans_are_lost_never_count_twice_and_never_less(lost, new):
    known = union_minutes(lost, STARTS, ENDS)
    stay = (min(begin for begin, _ in lost), max(end for _, end in lost))
    found = least_minutes(new, STARTS, ENDS, known=known, stay=stay)
    assert known <= found <= union_minutes([*lost, *new], STARTS, ENDS)


def who(rows, seats):
    people = gather((name, phone, STARTS, ENDS) for name, phone in rows)
    return [(found.enrolment_ids, found.is_sure) for found in match(people, seats)]


def test_a_number_comes_before_a_name():
    seats = [Seat(1, "王芳", "h1", is_proved=True), Seat(2, "李明")]
    assert who([("Fang", "h1"), ("李明", "")], seats) == [((1,), True), ((2,), True)]


def test_a_number_that_nobody_has_proved_is_no_more_than_a_hint_under_another_name():
    seats = [Seat(1, "王芳", "h1"), Seat(2, "李明")]
    assert who([("赵强", "h1"), ("王芳", "h1")], seats) == [((1,), False)]
    assert who([("王芳", "h1")], seats) == [((1,), True)]


def test_one_name_for_two_people_is_never_guessed():
    assert who([("王芳", "")], [Seat(1, "王芳"), Seat(2, "王芳")]) == [((1, 2), False)]
    assert who([("王芳", "h1"), ("王芳", "")], [Seat(1, "王芳", "h1")]) == [((1,), True), ((1,), False)]
    assert who([("王芳", "h8"), ("王芳", "h9")], [Seat(1, "王芳")]) == [((1,), False), ((1,), False)]
    assert who([("路人", "")], [Seat(1, "王芳")]) == [((), False)]


def test_rows_of_one_person_are_put_together():
    found = gather(
        [("王芳", "", STARTS, after(10)), ("王芳", "", after(5), ENDS), ("李明", "h", STARTS, ENDS)]
    )
    assert [(one.name, len(one.spans)) for one in found] == [("王芳", 2), ("李明", 1)]
