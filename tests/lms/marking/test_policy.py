from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.marking.policy import Given, Reason, Scheme, Third, Unit, criteria_of, next_round, outcome_of
from lms.questions.policy import question_from
from tests.lms.marking.making import CASE, ESSAY

TEN = Decimal(10)


def given_rows(*points):
    return [Given(number, Decimal(str(each))) for number, each in enumerate(points, start=1)]


def test_one_reader_decides_alone():
    outcome = outcome_of(Scheme(), given_rows(7), most=TEN)
    assert (outcome.points, outcome.reason) == (7, Reason.ONE)


def test_two_who_are_near_enough_make_the_mean_in_steps():
    scheme = Scheme(readers=2, difference=Decimal(2))
    assert outcome_of(scheme, given_rows(7, "7.5"), most=TEN).points == Decimal("7.5")
    assert outcome_of(scheme, given_rows(6, 8), most=TEN).points == 7
    assert outcome_of(
        Scheme(readers=2, step=Decimal("0.01")), given_rows(7, "7.5"), most=TEN
    ).points == Decimal("7.25")


def test_the_difference_itself_still_gives_the_mean_and_more_asks_for_a_third():
    scheme = Scheme(readers=2, difference=Decimal(2))
    assert outcome_of(scheme, given_rows(5, 7), most=TEN).reason == Reason.MEAN
    assert outcome_of(scheme, given_rows(5, "7.5"), most=TEN).reason == Reason.DIFFER


def test_the_difference_may_be_per_cent_of_the_question():
    scheme = Scheme(readers=2, difference=Decimal(20), unit=Unit.PERCENT)
    assert outcome_of(scheme, given_rows(10, 14), most=Decimal(20)).reason == Reason.MEAN
    assert outcome_of(scheme, given_rows(10, 14), most=TEN * Decimal("1.5")).reason == Reason.DIFFER


def test_a_third_decides_or_counts_with_the_nearer():
    rows = given_rows(2, 8, 7)
    assert outcome_of(Scheme(readers=2), rows, most=TEN).points == 7
    nearer = outcome_of(Scheme(readers=2, third=Third.NEARER), rows, most=TEN)
    assert (nearer.points, nearer.counted) == (Decimal("7.5"), (2, 3))


def test_a_third_in_the_middle_counts_with_the_higher():
    nearer = outcome_of(Scheme(readers=2, third=Third.NEARER), given_rows(2, 8, 5), most=TEN)
    assert (nearer.points, nearer.counted) == (Decimal("6.5"), (2, 3))


@pytest.mark.parametrize(
    ("rows", "taken", "expected"),
    [
        ((), (), 1),
        ((), (1,), 2),
        ((), (1, 2), None),
        ((5,), (), 2),
        ((5, 5), (), None),
        ((1, 9), (), 3),
        ((1, 9), (3,), None),
        ((1, 9, 5), (), None),
    ],
)
def test_the_round_that_is_open(rows, taken, expected):
    assert next_round(Scheme(readers=2), given_rows(*rows), taken, most=TEN) == expected


half_points = st.integers(0, 20).map(lambda n: Decimal(n) / 2)


@given(st.tuples(half_points, half_points, half_points), st.sampled_from(Third), st.integers(0, 10))
def test_what_counts_lies_between_what_was_given(rows, third, difference):
    scheme = Scheme(readers=2, difference=Decimal(difference), third=third)
    outcome = outcome_of(scheme, given_rows(*rows), most=TEN)
    assert outcome.points is not None
    assert min(rows) <= outcome.points <= max(rows)
    assert outcome.points % scheme.step == 0


@given(half_points, half_points)
def test_who_reads_first_does_not_matter(one, two):
    scheme = Scheme(readers=2)
    there, back = (outcome_of(scheme, given_rows(*rows), most=TEN) for rows in ((one, two), (two, one)))
    assert (there.points, there.reason) == (back.points, back.reason)


def test_a_case_is_read_by_its_parts_and_an_essay_by_the_rubric_of_its_paper():
    parts = criteria_of(question_from(CASE), Scheme())
    assert [(row.key, row.most, row.answer) for row in parts] == [("a", 4, "照料"), ("b", 2, "个案")]
    scheme = Scheme.from_data(
        {"rubric": [{"title": "要点", "percent": 60}, {"title": "表达", "percent": 40}]}
    )
    assert [(row.title, row.most) for row in criteria_of(question_from(ESSAY), scheme)] == [
        ("要点", 6),
        ("表达", 4),
    ]
    assert [row.most for row in criteria_of(question_from(ESSAY), Scheme())] == [10]


@given(st.decimals("0.01", 100, places=2), st.lists(st.integers(1, 100), min_size=1, max_size=12))
def test_the_criteria_make_the_points_of_the_question(most, shares):
    rubric = [{"title": str(number), "percent": each} for number, each in enumerate(shares)]
    question = question_from(ESSAY | {"points": str(most)})
    criteria = criteria_of(question, Scheme.from_data({"rubric": rubric}))
    assert sum(row.most for row in criteria) == most
    assert all(row.most >= 0 for row in criteria)


def test_a_scheme_is_what_the_paper_keeps_of_it():
    assert Scheme.from_data({}) == Scheme()
    data = {
        "readers": 2,
        "difference": "15",
        "unit": "percent",
        "third": "nearer",
        "step": "0.01",
        "anonymous": False,
    }
    scheme = Scheme.from_data(data)
    assert (scheme.readers, scheme.allowed(Decimal(20)), scheme.is_anonymous) == (2, 3, False)
