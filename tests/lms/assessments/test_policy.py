from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.assessments.policy import Start, grade, is_over, may_start, paged
from lms.questions.policy import NATIONAL, Choice, Kind, Question

CHOICES = tuple(Choice(key, key) for key in "abcd")


def asked(key, kind, right, points="1"):
    return Question(
        key, Kind(kind), "?", choices=CHOICES, correct=tuple(sorted(right)), points=Decimal(points)
    )


def essay(key="e", points="10"):
    return Question(key, Kind.ESSAY, "?", points=Decimal(points))


questions = st.lists(
    st.builds(
        lambda kind, right: (kind, right if kind == "multiple" else sorted(right)[:1]),
        st.sampled_from(["single", "multiple", "true_false"]),
        st.frozensets(st.sampled_from("abcd"), min_size=1),
    ),
    max_size=25,
).map(lambda rows: [asked(str(number), kind, right) for number, (kind, right) in enumerate(rows)])
chosen = st.dictionaries(st.integers(0, 30).map(str), st.lists(st.sampled_from("abcd"), max_size=5))


@given(questions, chosen, st.integers(0, 100))
def test_a_grade_counts_the_questions_answered_exactly_right(paper, answers, mark):
    result = grade(paper, answers, pass_percent=mark)
    expected = [question for question in paper if set(answers.get(question.key, ())) == set(question.correct)]
    assert result.right == result.points == len(expected)
    assert result.total == result.most == len(paper)
    assert 0 <= result.percent <= 100
    assert result.is_passed == (bool(paper) and result.right * 100 >= mark * result.total)


@given(questions)
def test_all_right_is_a_hundred_and_nothing_is_zero(paper):
    perfect = {question.key: list(question.correct) for question in paper}
    assert grade(paper, perfect, pass_percent=100).is_passed == bool(paper)
    assert grade(paper, {}, pass_percent=1).right == 0


def test_the_pass_mark_is_not_reached_by_rounding():
    paper = [asked(str(number), "single", "a") for number in range(3)]
    two = {"0": ["a"], "1": ["a"]}
    assert grade(paper, two, pass_percent=66).percent == 66
    assert not grade(paper, two, pass_percent=67).is_passed


def test_a_multiple_choice_is_all_or_nothing_unless_the_paper_says_otherwise():
    paper = [asked("1", "multiple", "ab", "2")]
    for keys in (["a"], ["a", "b", "c"], []):
        assert grade(paper, {"1": keys}, pass_percent=1).points == 0
    assert grade(paper, {"1": ["b", "a"]}, pass_percent=1).points == 2
    assert grade(paper, {"1": ["a"]}, pass_percent=1, rules=NATIONAL).points == Decimal("0.5")
    assert grade(paper, {"1": ["a", "c"]}, pass_percent=1, rules=NATIONAL).points == 0


def test_questions_count_by_their_points():
    paper = [asked("1", "single", "a", "3"), asked("2", "single", "a")]
    assert grade(paper, {"1": ["a"]}, pass_percent=75).is_passed
    assert grade(paper, {"2": ["a"]}, pass_percent=75).percent == 25


def test_there_is_no_result_before_every_essay_is_read():
    paper = [asked("1", "single", "a", "10"), essay()]
    result = grade(paper, {"1": ["a"], "e": "我的看法。"}, pass_percent=60)
    assert (result.percent, result.is_passed, result.points, result.most) == (None, None, 10, 20)
    read = grade(paper, {"1": ["a"], "e": "我的看法。"}, pass_percent=60, given={"e": Decimal("2.5")})
    assert (read.percent, read.is_passed, read.points) == (62, True, Decimal("12.5"))


def test_an_essay_that_was_not_written_needs_nobody_to_read_it():
    assert grade([essay()], {"e": "  "}, pass_percent=60).percent == 0


@pytest.mark.parametrize(
    ("facts", "start"),
    [
        ({"has_open": True}, Start.RESUME),
        ({"has_open": True, "used": 3}, Start.RESUME),
        ({"is_passed": True}, Start.PASSED),
        ({"used": 3}, Start.USED_UP),
        ({"used": 1, "waits": True}, Start.WAITS),
        ({"used": 3, "waits": True}, Start.WAITS),
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


def test_so_many_questions_stand_on_a_page_and_an_empty_paper_has_one():
    assert [len(paged([""] * number, 5)) for number in (0, 1, 5, 6, 20)] == [1, 1, 1, 2, 4]
    assert paged([""] * 6, 5) == [range(5), range(5, 6)]
    assert len(paged([""] * 3, 1)) == 3


def test_a_page_for_each_section_ends_where_the_next_begins():
    assert paged(["一", "一", "二", "三"], 0) == [range(2), range(2, 3), range(3, 4)]
    assert paged(["", ""], 0) == [range(2)]
    assert paged([], 0) == [range(0)]
