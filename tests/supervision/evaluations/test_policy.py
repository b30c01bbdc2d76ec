"""When an evaluation is due; and what is published never lets an answer of one be worked out, not even by one of them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supervision.evaluations.policy import (
    HIGHEST,
    LEAST,
    LOWEST,
    Course,
    Given,
    Reading,
    average,
    block_of,
    due,
    growth,
    half_year,
    last_closed,
    mid_of,
)

START = date(2026, 1, 1)
scores = st.integers(LOWEST, HIGHEST)


def test_the_middle_is_the_agreed_review_or_half_way_or_after_ninety_days():
    assert mid_of(Course(START, date(2026, 7, 1), date(2026, 3, 1))) == date(2026, 3, 1)
    assert mid_of(Course(START, START + timedelta(days=100))) == START + timedelta(days=50)
    assert mid_of(Course(START)) == START + timedelta(days=90)


@pytest.mark.parametrize(
    ("course", "day", "which"),
    [
        (Course(START), date(2026, 3, 31), ""),
        (Course(START), date(2026, 4, 1), "mid"),
        (Course(START), date(2026, 5, 1), "mid"),
        (Course(START), date(2026, 5, 2), ""),
        (Course(START, date(2026, 6, 30)), date(2026, 6, 30), "end"),
        (Course(START, ended_on=date(2026, 3, 1)), date(2026, 3, 1), "end"),
        (Course(START, ended_on=date(2026, 3, 1)), date(2026, 4, 1), ""),
    ],
)
def test_what_is_due_on_a_day(course, day, which):
    assert due(course, day) == which


def test_periods_are_halves_of_the_calendar_year():
    assert half_year(date(2026, 6, 30)) == (date(2026, 1, 1), date(2026, 6, 30))
    assert half_year(date(2026, 7, 1)) == (date(2026, 7, 1), date(2026, 12, 31))
    assert last_closed(date(2026, 7, 1)) == (date(2026, 1, 1), date(2026, 6, 30))
    assert last_closed(date(2026, 6, 30)) == (date(2025, 7, 1), date(2025, 12, 31))


def published(number):
    """Everything that can be said of so many answers, and every sum of answers of which it is said."""
    found = {}
    for total in range(number * LOWEST, number * HIGHEST + 1):
        each, more = divmod(total, number)
        values = [each + 1] * more + [each] * (number - more)
        found.setdefault(average(values, LEAST), set()).add(total)
    return found


def others_of(sums, number, own):
    """What the other answers may sum up to, for whoever knows their own."""
    rest = {total - own for total in sums}
    return {each for each in rest if (number - 1) * LOWEST <= each <= (number - 1) * HIGHEST}


@pytest.mark.parametrize("number", range(5, 60))
def test_whoever_took_part_cannot_work_out_the_answer_of_another(number):
    """Every possible publication, and every possible answer of the curious one: nobody else is left with one answer."""
    for each, sums in published(number).items():
        for own in range(LOWEST, HIGHEST + 1):
            left = others_of(sums, number, own)
            ends = {(number - 1) * LOWEST, (number - 1) * HIGHEST}
            assert not left or left - ends, (
                each,
                own,
                left,
            )  # only at the very ends would all others be known


@given(values=st.lists(scores, min_size=20, max_size=200))
def test_large_groups_leave_room_too(values):
    number, said = len(values), average(values, LEAST)
    total, step = sum(values), Decimal("0.1")
    if said.mark == "≥":
        assert said.value <= HIGHEST - Decimal(HIGHEST) / number
    elif said.mark == "≤":
        assert said.value >= LOWEST + Decimal(HIGHEST) / number
    else:
        assert abs(said.value - Decimal(total) / number) <= step / 2


@given(st.lists(scores, max_size=LEAST - 1), st.integers(1, 10))
def test_below_the_minimum_nothing_is_said(values, minimum):
    assert average(values, minimum) is None


def test_no_rule_goes_below_five():
    assert average([5, 5, 5, 5], 2) is None
    assert average([1, 2, 3, 4, 5], 2).words == "3.0"


answers = st.lists(
    st.builds(
        Given,
        key=st.integers(1, 10_000),
        person=st.integers(1, 12),
        closed_on=st.dates(date(2026, 1, 1), date(2026, 6, 30)),
        scores=st.dictionaries(st.sampled_from("甲乙丙"), scores, max_size=3),
    ),
    max_size=40,
    unique_by=lambda each: each.key,
)


@settings(deadline=None)
@given(answers, st.integers(5, 9))
def test_a_block_has_enough_people_and_takes_every_answer_with_it(rows, minimum):
    block = block_of(rows, minimum)
    people = {each.person for each in rows}
    if len(people) < minimum:
        assert block is None
    if block is not None:
        assert block.people == len(people) >= minimum
        assert sorted(block.keys) == sorted(
            each.key for each in rows
        )  # none is left over to be found by difference
        assert all(said.answers >= minimum for _words, said in block.averages)


@settings(deadline=None)
@given(st.lists(answers, min_size=1, max_size=4), st.integers(5, 7))
def test_two_published_blocks_never_share_an_answer(periods, minimum):
    """As the periods close one after the other, what was published is never published again."""
    waiting, published = [], []
    for rows in periods:
        known = {key for block in published for key in block.keys} | {each.key for each in waiting}
        waiting += [each for each in rows if each.key not in known]
        block = block_of(waiting, minimum)
        if block is not None:
            published.append(block)
            waiting = []
    keys = [key for block in published for key in block.keys]
    assert len(keys) == len(set(keys))
    assert all(block.people >= minimum for block in published)


@given(st.permutations([(each, each % 5 + 1) for each in range(1, 9)]))
def test_the_order_of_the_answers_changes_nothing(rows):
    made = [Given(key, key, date(2026, 3, 1), {"问": score}) for key, score in rows]
    assert block_of(made, 5).averages == block_of(sorted(made, key=lambda each: each.key), 5).averages


def test_whoever_answered_twice_counts_once_with_the_later_answer():
    rows = [Given(number, number, date(2026, 2, 1), {"问": 3}) for number in range(1, 6)]
    again = Given(9, 1, date(2026, 5, 1), {"问": 5})
    block = block_of([*rows, again], 5)
    assert (block.people, block.averages[0][1].answers) == (5, 5)
    assert 9 in block.keys and 1 in block.keys


def test_growth_keeps_both_voices_apart_and_the_last_word_of_a_day():
    rows = [
        Reading("禁毒戒毒", date(2026, 3, 1), 1, False),
        Reading("禁毒戒毒", date(2026, 3, 1), 2, False),
        Reading("禁毒戒毒", date(2026, 6, 1), 4, False),
        Reading("禁毒戒毒", date(2026, 3, 2), 3, True),
        Reading("教育辅导", date(2026, 3, 2), 3, True),
    ]
    first, second = growth(rows)
    assert (first.by_supervisor[0][1], first.latest, first.change) == (2, 4, 2)
    assert first.by_self == ((date(2026, 3, 2), 3),)
    assert (second.latest, second.by_supervisor) == (3, ())
