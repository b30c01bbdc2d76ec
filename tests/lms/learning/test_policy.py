from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lms.enrolments.policy import Item
from lms.learning.policy import (
    AnswerFault,
    Hindrance,
    Standing,
    answer_fault,
    hindrances,
    neighbours,
    resume_at,
    share_done,
    step_at,
    steps_of,
)

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
KEYS = "abcdefgh"


@st.composite
def courses(draw):
    """Items that require only earlier ones, and some of them done."""
    count = draw(st.integers(1, len(KEYS)))
    items = []
    for number in range(count):
        earlier = KEYS[:number]
        requires = draw(st.sets(st.sampled_from(earlier), max_size=2)) if earlier else set()
        items.append(
            Item(KEYS[number], draw(st.sampled_from(["lesson", "quiz"])), KEYS[number], "", tuple(requires))
        )
    return items, draw(st.sets(st.sampled_from(KEYS[:count]))), draw(st.booleans())


@given(courses())
def test_whoever_is_not_finished_always_has_something_open(course):
    items, done, in_order = course
    steps = steps_of(items, done=done, in_order=in_order)
    assert (resume_at(steps, None) is None) == (done >= {item.key for item in items})


@given(courses())
def test_a_locked_item_names_one_that_comes_earlier_and_is_not_done(course):
    items, done, in_order = course
    order = [item.key for item in items]
    for step in steps_of(items, done=done, in_order=in_order):
        if step.standing == Standing.LOCKED:
            assert step.waits_for.key not in done
            assert order.index(step.waits_for.key) < order.index(step.item.key)


@given(courses(), st.sampled_from(KEYS))
def test_doing_more_never_locks_anything(course, more):
    items, done, in_order = course
    before = steps_of(items, done=done, in_order=in_order)
    after = steps_of(items, done=done | {more}, in_order=in_order)
    assert all(later.is_open for earlier, later in zip(before, after, strict=True) if earlier.is_open)


@given(courses())
def test_what_is_done_stays_open(course):
    items, done, in_order = course
    steps = steps_of(items, done=done, in_order=in_order)
    assert {step.item.key for step in steps if step.standing == Standing.DONE} == done


@given(courses())
def test_in_order_at_most_one_item_is_open_and_not_done(course):
    items, done, _ = course
    steps = steps_of(items, done=done, in_order=True)
    assert sum(step.standing == Standing.OPEN for step in steps) <= 1


@given(courses())
def test_a_hundred_per_cent_means_everything(course):
    items, done, in_order = course
    share = share_done(steps_of(items, done=done, in_order=in_order))
    assert (share == 100) == (len(done) == len(items))
    assert 0 <= share <= 100


@given(courses(), st.sampled_from(KEYS))
def test_going_on_leads_to_where_one_stopped_if_that_is_still_to_do(course, last):
    items, done, in_order = course
    steps = steps_of(items, done=done, in_order=in_order)
    found, here = resume_at(steps, last), step_at(steps, last)
    if here is not None and here.standing == Standing.OPEN:
        assert found == here
    elif found is not None:
        assert found.standing == Standing.OPEN


def test_neighbours_end_at_the_ends():
    steps = steps_of([Item(key, "lesson", key) for key in "abc"], done=(), in_order=False)
    assert neighbours(steps, "a") == (None, steps[1])
    assert neighbours(steps, "c") == (steps[1], None)


def test_a_lesson_that_was_never_opened_cannot_be_finished():
    (reason,) = hindrances(opened_at=None, now=NOW, min_seconds=0, checks=(), answered=())
    assert reason.why == Hindrance.NOT_OPENED


@given(st.integers(0, 3600), st.integers(0, 3600))
def test_the_shortest_stay_is_counted_from_opening(stayed, needed):
    found = hindrances(
        opened_at=NOW - timedelta(seconds=stayed), now=NOW, min_seconds=needed, checks=(), answered=()
    )
    assert [reason.number for reason in found] == ([needed - stayed] if stayed < needed else [])


def test_every_reason_is_given_at_once():
    found = hindrances(opened_at=NOW, now=NOW, min_seconds=60, checks=["x", "y"], answered=["x"])
    assert [(reason.why, reason.number) for reason in found] == [
        (Hindrance.TOO_SOON, 60),
        (Hindrance.UNANSWERED, 1),
    ]


CHECK = {"kind": "single", "choices": [{"key": "a", "text": "甲"}, {"key": "b", "text": "乙"}]}


def test_faults_of_answers_are_named():
    assert answer_fault(CHECK, []) == AnswerFault.NOTHING_CHOSEN
    assert answer_fault(CHECK, ["a", "b"]) == AnswerFault.ONE_ONLY
    assert answer_fault(CHECK, ["z"]) == AnswerFault.UNKNOWN_CHOICE
    assert answer_fault(CHECK, ["a"]) is None
    assert answer_fault({**CHECK, "kind": "multiple"}, ["a", "b"]) is None
