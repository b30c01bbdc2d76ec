from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.assignments.policy import Turn, correction_of, due_at, last_day, missing_parts, turn_of, verdict_of

SHANGHAI = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("states", "attempts", "turn"),
    [
        ([], 1, Turn.WRITE),
        (["draft"], 1, Turn.WRITE),
        (["submitted"], 1, Turn.WAIT),
        (["returned"], 2, Turn.WRITE),
        (["returned", "submitted"], 2, Turn.WAIT),
        (["returned", "passed"], 2, Turn.DONE),
        (["failed"], 1, Turn.OVER),
        (["returned", "failed"], 2, Turn.OVER),
        (["returned", "returned"], 2, Turn.OVER),
    ],
)
def test_whose_turn_it_is(states, attempts, turn):
    assert turn_of(states, attempts=attempts) == turn


@pytest.mark.parametrize(
    ("states", "granted", "turn"),
    [
        (["failed"], 2, Turn.WRITE),
        (["failed", "draft"], 2, Turn.WRITE),
        (["failed", "submitted"], 2, Turn.WAIT),
        (["failed", "failed"], 2, Turn.OVER),
        (["failed", "passed"], 3, Turn.DONE),
        (["returned", "returned", "returned"], 4, Turn.WRITE),  # the course allows fewer by now
    ],
)
def test_an_attempt_that_a_teacher_granted_counts_once(states, granted, turn):
    assert turn_of(states, attempts=1, granted=granted) == turn


def test_the_last_day_counts_in_full_and_its_midnight_is_late():
    over = due_at(date(2026, 3, 1), 7, SHANGHAI)
    assert last_day(date(2026, 3, 1), 7) == date(2026, 3, 8)
    assert over == datetime(2026, 3, 8, 16, 0, tzinfo=UTC)


def test_without_a_first_day_or_days_there_is_no_deadline():
    assert due_at(None, 7, SHANGHAI) is due_at(date(2026, 3, 1), None, SHANGHAI) is None
    assert last_day(None, 7) is None


def test_every_missing_part_is_named():
    assert len(missing_parts(takes_text=True, takes_file=True, text=" \n", has_file=False)) == 2
    assert not missing_parts(takes_text=False, takes_file=True, text="", has_file=True)


def judge(**facts):
    defaults = {
        "passes": True,
        "score": 70,
        "comment": "",
        "pass_score": 60,
        "max_score": 100,
        "attempts_left": 1,
    }
    return verdict_of(**defaults | facts)


def test_a_score_that_reaches_the_mark_passes():
    assert judge().state == judge(score=60).state == "passed"


@pytest.mark.parametrize("facts", [{"score": None}, {"score": 59}, {"score": 101}, {"passes": False}])
def test_a_mark_that_cannot_stand_is_refused_with_its_reason(facts):
    assert judge(**facts).refusal is not None


def test_what_is_returned_after_the_last_attempt_is_not_passed():
    back = {"passes": False, "score": None, "comment": "再具体一些"}
    assert judge(**back).state == "returned"
    assert judge(**back, attempts_left=0).state == "failed"


@given(
    st.booleans(),
    st.none() | st.integers(-5, 120),
    st.text(max_size=5),
    st.integers(0, 100),
    st.integers(0, 3),
)
def test_nothing_passes_below_the_mark(passes, score, comment, bar, left):
    verdict = verdict_of(
        passes=passes, score=score, comment=comment, pass_score=bar, max_score=100, attempts_left=left
    )
    assert bool(verdict.state) != (verdict.refusal is not None)
    if verdict.state == "passed":
        assert score is not None and bar <= score <= 100


STATES = st.lists(st.sampled_from(["returned", "failed"]), max_size=6)


@given(STATES, st.integers(1, 6), st.integers(0, 8))
def test_work_that_was_not_passed_can_go_on_exactly_while_an_attempt_is_left(states, attempts, granted):
    turn = turn_of(states, attempts=attempts, granted=granted)
    if granted > len(states):
        assert turn == Turn.WRITE
    else:
        assert (turn == Turn.OVER) == ("failed" in states or len(states) >= attempts)


@given(
    state=st.sampled_from(["returned", "failed", "passed"]),
    passes=st.booleans(),
    score=st.none() | st.integers(-5, 120),
    comment=st.sampled_from(["", "请补充"]),
    left=st.integers(0, 3),
)
def test_a_correction_passes_only_what_reaches_the_mark_and_fails_nothing_further(
    state, passes, score, comment, left
):
    verdict = correction_of(
        state=state,
        passes=passes,
        score=score,
        comment=comment,
        pass_score=60,
        max_score=100,
        attempts_left=left,
    )
    if verdict.refusal is not None:
        return
    assert (verdict.state == "passed") == passes
    assert not passes or (score is not None and 60 <= score <= 100)
    if not passes and state != "passed":
        assert verdict.state == state
