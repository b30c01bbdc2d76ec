import json
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lms.pathways.policy import (
    Plan,
    Standing,
    Step,
    Validity,
    counted,
    last_day,
    plan_from,
    progress_of,
    reminder_due,
    reopens_on,
    validity,
)

DAY = date(2026, 3, 1)
days = st.dates(date(2020, 1, 1), date(2040, 1, 1))


def step(number, group="", due=None):
    return Step(number, f"course-{number}", f"课程{number}", group=group, days=due)


@st.composite
def plans(draw):
    groups = draw(st.lists(st.sampled_from(["", "a", "b", "c"]), min_size=1, max_size=8))
    steps = tuple(
        step(number, group, draw(st.none() | st.integers(1, 400))) for number, group in enumerate(groups)
    )
    at_least = {group: draw(st.integers(1, 4)) for group in "abc"}
    return Plan(steps, at_least, draw(st.none() | st.integers(1, 60)))


@st.composite
def ways(draw):
    plan = draw(plans())
    done = {each.course_id: draw(st.none() | days) for each in plan.steps}
    return plan, done


def progress(plan, done, joined_on=DAY, today=DAY):
    return progress_of(plan, done, joined_on=joined_on, today=today)


@given(plans())
def test_a_frozen_plan_comes_back_as_it_was(plan):
    assert plan_from(json.loads(json.dumps(plan.as_json()))) == plan


@given(ways(), days)
def test_complete_means_all_that_is_required_and_enough_of_each_group(way, today):
    plan, done = way
    found = progress(plan, done, today=today)
    enough = all(
        sum(done[each.course_id] is not None for each in plan.of_group(group)) >= plan.needed(group)
        for group in plan.groups
    )
    assert found.is_complete == enough == (found.completed_on is not None) == (not found.missing)
    assert 0 <= found.done <= found.total <= len(plan.steps)


@given(ways(), st.integers(0, 7), days)
def test_one_more_course_never_sets_anybody_back(way, number, day):
    plan, done = way
    assume(number in done and done[number] is None)
    before, after = progress(plan, done), progress(plan, done | {number: day})
    assert after.done >= before.done
    assert len(after.overdue) <= len(before.overdue)


@given(ways(), days)
def test_nobody_is_complete_before_joining(way, joined_on):
    found = progress(*way, joined_on=joined_on)
    assert found.completed_on is None or found.completed_on >= joined_on


@given(ways(), days)
def test_the_next_deadline_is_of_something_missing(way, today):
    found = progress(*way, today=today)
    due = [item.due_on for item in found.missing if item.due_on]
    assert found.next_due == (min(due) if due else None)
    assert all(item.due_on < today for item in found.overdue)


def test_of_an_elective_group_the_first_ones_count():
    plan = Plan((step(1), step(2, "a"), step(3, "a")), {"a": 1})
    found = progress(plan, {1: DAY, 2: DAY + timedelta(days=9), 3: DAY + timedelta(days=2)})
    assert (found.done, found.total) == (2, 2)
    assert found.completed_on == DAY + timedelta(days=2)


def test_who_has_enough_electives_owes_no_further_one():
    plan = Plan((step(1), step(2, "a", due=1), step(3, "a", due=1)), {"a": 1})
    found = progress(plan, {2: DAY}, today=DAY + timedelta(days=50))
    assert [item.standing for item in found.items] == [Standing.TO_DO, Standing.DONE, Standing.NOT_NEEDED]
    assert found.next_due is None


@pytest.mark.parametrize(
    ("after", "standing"),
    [(0, Standing.TO_DO), (16, Standing.SOON), (30, Standing.SOON), (31, Standing.OVERDUE)],
)
def test_a_deadline_belongs_to_the_last_day(after, standing):
    plan = Plan((step(1, due=30),))
    assert progress(plan, {}, today=DAY + timedelta(days=after)).items[0].standing == standing


def test_a_pathway_without_courses_is_never_complete():
    assert not progress(Plan(()), {}).is_complete


@given(st.lists(days), st.none() | days)
def test_only_what_was_completed_in_the_round_counts(done, since):
    found = counted(done, since)
    fits = [day for day in done if since is None or day >= since]
    assert found == (min(fits) if fits else None)


@pytest.mark.parametrize(
    ("completed", "months", "until"),
    [
        (date(2026, 3, 14), 12, date(2027, 3, 13)),
        (date(2026, 3, 1), 1, date(2026, 3, 31)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 3, 14), None, None),
    ],
)
def test_a_result_is_valid_for_calendar_months(completed, months, until):
    assert last_day(completed, months) == until


@given(days, st.integers(1, 119))
def test_longer_is_later(day, months):
    assert day <= last_day(day, months) < last_day(day, months + 1)


@pytest.mark.parametrize(
    ("left", "worth"),
    [(200, Validity.VALID), (90, Validity.RENEWABLE), (0, Validity.RENEWABLE), (-1, Validity.EXPIRED)],
)
def test_what_a_result_is_worth(left, worth):
    assert validity(DAY + timedelta(days=left), today=DAY) == worth


def test_a_result_without_an_end_stays():
    assert validity(None, today=DAY) == Validity.NO_END
    assert reopens_on(DAY) == date(2025, 12, 1)


@pytest.mark.parametrize(
    ("left", "due"), [(61, None), (60, 60), (31, 60), (30, 30), (8, 30), (7, 7), (0, 7), (-1, None)]
)
def test_the_latest_reminder_is_due_and_a_missed_day_is_made_up_for(left, due):
    assert reminder_due(DAY + timedelta(days=left), today=DAY) == due
