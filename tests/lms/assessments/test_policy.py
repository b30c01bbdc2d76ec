from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.assessments.policy import Question, Start, can_answer, grade, is_over, may_start, pages_of

LETTERS = frozenset("abcd")
questions = st.lists(
    st.builds(
        lambda kind, right: (kind, right if kind == "multiple" else frozenset(sorted(right)[:1])),
        st.sampled_from(["single", "multiple", "true_false"]),
        st.frozensets(st.sampled_from("abcd"), min_size=1),
    ),
    max_size=25,
).map(lambda rows: [Question(str(number), kind, LETTERS, right) for number, (kind, right) in enumerate(rows)])
chosen = st.dictionaries(st.integers(0, 30).map(str), st.lists(st.sampled_from("abcdz"), max_size=5))


@given(questions, chosen, st.integers(0, 100))
def test_a_grade_counts_the_questions_answered_exactly_right(paper, answers, mark):
    result = grade(paper, answers, pass_percent=mark)
    expected = [question for question in paper if set(answers.get(question.key, ())) == question.correct]
    assert result.right == len(expected)
    assert result.total == len(paper)
    assert 0 <= result.percent <= 100
    assert result.is_passed == (bool(paper) and result.right * 100 >= mark * result.total)


@given(questions)
def test_all_right_is_a_hundred_and_nothing_is_zero(paper):
    perfect = {question.key: sorted(question.correct) for question in paper}
    assert grade(paper, perfect, pass_percent=100).is_passed == bool(paper)
    assert grade(paper, {}, pass_percent=1).right == 0


def test_the_pass_mark_is_not_reached_by_rounding():
    paper = [Question(str(number), "single", LETTERS, frozenset("a")) for number in range(3)]
    two = {"0": ["a"], "1": ["a"]}
    assert grade(paper, two, pass_percent=66).percent == 66
    assert not grade(paper, two, pass_percent=67).is_passed


def test_a_multiple_choice_is_all_or_nothing():
    paper = [Question("1", "multiple", LETTERS, frozenset("ab"))]
    for keys in (["a"], ["a", "b", "c"], []):
        assert grade(paper, {"1": keys}, pass_percent=1).right == 0
    assert grade(paper, {"1": ["b", "a", "a"]}, pass_percent=1).right == 1


@pytest.mark.parametrize(
    ("kind", "keys", "can"),
    [
        ("single", ["a"], True),
        ("single", [], True),
        ("single", ["a", "b"], False),
        ("true_false", ["a", "b"], False),
        ("multiple", ["a", "b"], True),
        ("multiple", ["a", "z"], False),
        ("single", ["z"], False),
    ],
)
def test_only_what_the_form_offers_can_be_answered(kind, keys, can):
    assert can_answer(Question("1", kind, LETTERS, frozenset("a")), keys) is can


@pytest.mark.parametrize(
    ("facts", "start"),
    [
        ({"has_open": True}, Start.RESUME),
        ({"has_open": True, "used": 3}, Start.RESUME),
        ({"is_passed": True}, Start.PASSED),
        ({"used": 3}, Start.USED_UP),
        ({"used": 2}, Start.START),
        ({"used": 99, "max_attempts": 0}, Start.START),
    ],
)
def test_an_attempt_may_start_while_there_is_one_left(facts, start):
    usual = {"has_open": False, "is_passed": False, "used": 0, "max_attempts": 3}
    assert may_start(**usual | facts) == start


def test_the_deadline_itself_is_too_late():
    now = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)
    assert is_over(now, now=now)
    assert not is_over(now + timedelta(seconds=1), now=now)
    assert not is_over(None, now=now)


def test_five_questions_stand_on_a_page():
    assert [pages_of(number) for number in (0, 1, 5, 6, 20)] == [1, 1, 1, 2, 4]
