from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.analysis.policy import (
    ENOUGH,
    Asked,
    Flag,
    Reply,
    alpha_of,
    correlation_of,
    items_of,
    outer_size,
    share_of,
)


def right(*bits):
    return {f"q{number}": Reply(float(bit), 1.0) for number, bit in enumerate(bits, start=1)}


# Five people, three questions. Reckoned by hand:
# totals 3, 2, 2, 1, 0; variance of the totals 26/25 = 1.04; of the questions .24, .24, .16+.08 = .24
FIVE = [right(1, 1, 1), right(1, 1, 0), right(1, 0, 1), right(0, 1, 0), right(0, 0, 0)]


def test_difficulty_is_the_mean_share_reckoned_by_hand():
    items = items_of([Asked("q1"), Asked("q2"), Asked("q3")], FIVE)
    assert [item.difficulty for item in items] == [0.6, 0.6, 0.4]


def test_kr_20_is_as_reckoned_by_hand():
    # k/(k-1) · (1 − Σpq/σ²) = 3/2 · (1 − 0.72/1.04)
    alpha = alpha_of(FIVE)
    assert alpha is not None
    assert isclose(alpha, 1.5 * (1 - 0.72 / 1.04))


def test_discrimination_compares_the_best_with_the_worst_reckoned_by_hand():
    # 27 per cent of five is one: the first against the last.
    assert [item.discrimination for item in items_of([Asked("q1"), Asked("q3")], FIVE)] == [1.0, 1.0]
    # Ten people in whom the strong fail the question: round(2.7) = 3 above, 3 below.
    strong = [{"a": Reply(0, 1), "b": Reply(9, 9)}] * 3
    middle = [{"a": Reply(1, 1), "b": Reply(4, 9)}] * 4
    weak = [{"a": Reply(1, 1), "b": Reply(0, 9)}] * 2 + [{"a": Reply(0, 1), "b": Reply(0, 9)}]
    item = items_of([Asked("a")], strong + middle + weak)[0]
    assert isclose(item.discrimination, 0 - 2 / 3)


def test_the_correlation_leaves_the_question_itself_out_reckoned_by_hand():
    # q1: 1 1 1 0 0; the rest: 2 1 1 1 0 of 2. cov = 0.2·(…)= 0.2; sd(q1)=√.24; sd(rest)=√.4 → 0.2/√(.24·.4)
    item = items_of([Asked("q1")], FIVE)[0]
    assert item.correlation is not None
    assert isclose(item.correlation, 0.2 / (0.24 * 0.4) ** 0.5)


def test_pearson_is_one_for_a_line_and_nothing_where_nobody_differs():
    assert correlation_of([1, 2, 3], [2, 4, 6]) == pytest.approx(1)
    assert correlation_of([1, 2, 3], [6, 4, 2]) == pytest.approx(-1)
    assert correlation_of([1, 1, 1], [1, 2, 3]) is None


@pytest.mark.parametrize(
    ("people", "size"), [(0, 0), (1, 0), (2, 1), (3, 1), (10, 3), (100, 27), (5000, 1350)]
)
def test_the_outer_groups_have_27_per_cent_and_never_meet(people, size):
    assert outer_size(people) == size


def of_choices(upper, lower, others="A", size=40):
    """People who took these choices, the strong above; A is right."""

    def one(key, rest):
        return {"q": Reply(float(key == "A"), 1.0, (key,)), "rest": Reply(rest, 10.0)}

    middle = [one(others, 5.0)] * (size - len(upper) - len(lower))
    return [one(key, 10.0) for key in upper] + middle + [one(key, 0.0) for key in lower]


def flags(sittings):
    return set(items_of([Asked("q", ("A", "B"), frozenset("A"))], sittings)[0].flags)


def test_a_wrong_choice_that_draws_the_strong_makes_the_key_doubtful():
    assert Flag.KEY in flags(of_choices("B" * 10 + "A", "A" * 11))
    assert Flag.KEY not in flags(of_choices("A" * 11, "B" * 11))


def test_a_question_that_nearly_all_have_is_too_easy_and_one_that_nobody_has_very_hard():
    assert flags(of_choices("A" * 11, "A" * 11)) == {Flag.EASY}
    assert Flag.HARD in flags(of_choices("B" * 11, "B" * 11, others="B"))


def test_a_question_that_strong_and_weak_have_alike_does_not_separate():
    assert Flag.FLAT in flags(of_choices("A" * 6 + "B" * 5, "A" * 6 + "B" * 5))


def test_of_few_people_nothing_is_said():
    assert flags(of_choices("B" * 5, "A" * 5, size=ENOUGH - 1)) == {Flag.FEW}


def test_who_took_a_choice_is_told_by_group():
    item = items_of([Asked("q", ("A", "B"), frozenset("A"))], of_choices("A" * 11, "B" * 11))[0]
    by_key = {taken.key: taken for taken in item.choices}
    assert (by_key["B"].number, by_key["B"].upper, by_key["B"].middle, by_key["B"].lower) == (11, 0, 0, 1)
    assert by_key["A"].is_right


def test_questions_that_not_everybody_was_asked_are_judged_by_those_who_were():
    sittings = [right(1, 1), {"q1": Reply(1, 1)}, {"q2": Reply(0, 1)}]
    items = items_of([Asked("q1"), Asked("q2"), Asked("never")], sittings)
    assert [(item.key, item.people, item.difficulty) for item in items] == [("q1", 2, 1.0), ("q2", 2, 0.5)]
    assert alpha_of(sittings) is None


replies = st.tuples(st.floats(0, 1), st.sampled_from([1.0, 2.0, 5.0]), st.sampled_from(["", "A", "B"]))
sittings_of_three = st.lists(
    st.fixed_dictionaries(dict.fromkeys(("x", "y", "z"), replies)).map(
        lambda row: {key: Reply(a * b, b, (c,) if c else ()) for key, (a, b, c) in row.items()}
    ),
    max_size=40,
)


@given(sittings_of_three)
def test_every_figure_is_a_share_or_a_correlation(sittings):
    asked = [Asked(key, ("A", "B"), frozenset("A")) for key in "xyz"]
    for item in items_of(asked, sittings):
        assert 0 <= item.difficulty <= 1 + 1e-9
        assert -1 - 1e-9 <= item.discrimination <= 1 + 1e-9
        assert item.correlation is None or -1 <= item.correlation <= 1
        for taken in item.choices:
            assert all(0 <= share <= 1 for share in (taken.upper, taken.middle, taken.lower))
            assert 0 <= taken.number <= item.people == len(sittings)


@given(sittings_of_three, st.randoms(use_true_random=False))
def test_the_order_of_the_people_does_not_change_difficulty_nor_alpha(sittings, random):
    asked = [Asked(key) for key in "xyz"]
    mixed = random.sample(sittings, len(sittings))
    one, other = items_of(asked, sittings), items_of(asked, mixed)
    assert [round(a.difficulty, 9) for a in one] == [round(b.difficulty, 9) for b in other]
    first, second = alpha_of(sittings), alpha_of(mixed)
    assert (first is None) == (second is None)
    assert first is None or isclose(first, second or 0, rel_tol=1e-6, abs_tol=1e-6)


@given(sittings_of_three)
def test_alpha_is_never_above_one_and_the_share_within_bounds(sittings):
    alpha = alpha_of(sittings)
    assert alpha is None or alpha <= 1 + 1e-6
    assert all(0 <= share_of(row, "x") <= 1 + 1e-9 for row in sittings)
