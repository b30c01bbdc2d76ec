"""A question as one sitting asks it."""

from decimal import Decimal

import pytest

from lms.questions.policy import dealt, mixed, scaled


def choices(*texts):
    return [{"key": str(place), "text": text} for place, text in enumerate(texts)]


def texts(row):
    return [each["text"] for each in row]


@pytest.mark.parametrize(
    "last", ["以上都对", "以上都不对", "以上选项均正确", "上述各项都是", "All of the above", "none of these"]
)
def test_a_choice_that_speaks_of_all_others_stays_behind_them(last):
    orders = {
        tuple(texts(mixed(choices(last, "甲", "乙", "丙"), str(seed), kind="single"))) for seed in range(40)
    }
    assert {order[-1] for order in orders} == {last}
    assert len(orders) == 6


@pytest.mark.parametrize("text", ["A和B", "A、B", "B and C"])
def test_nothing_moves_where_a_choice_names_others_by_their_letters(text):
    asked = choices("甲", "乙", "丙", text)
    assert all(mixed(asked, str(seed), kind="single") == asked for seed in range(10))


def test_true_comes_before_false():
    asked = choices("对", "错")
    assert all(mixed(asked, str(seed), kind="true_false") == asked for seed in range(10))


@pytest.mark.parametrize("text", ["以上门服务为主", "尊重、接纳", "社区和家庭"])
def test_a_choice_that_only_sounds_like_it_moves(text):
    places = {
        texts(mixed(choices(text, "甲", "乙"), str(seed), kind="single")).index(text) for seed in range(30)
    }
    assert places == {0, 1, 2}


def test_the_parts_of_a_case_make_what_the_paper_says():
    parts = [{"key": key, "points": "1"} for key in "ABC"]
    assert [part["points"] for part in scaled(parts, Decimal(10))] == ["3.33", "3.33", "3.34"]
    assert scaled(parts, Decimal(3)) == parts


def test_a_question_keeps_what_its_choices_are_worth_and_brings_its_own_points():
    content = {"kind": "multiple", "prompt": "？", "correct": ["0"], "explanation": "", "points": "2.5",
               "choices": [{"key": "0", "text": "甲", "share": "50", "feedback": "对"}], "tags": ["x"]}  # fmt: skip
    row = dealt(content, "seed")
    assert row["marks"] == "2.5"
    assert row["choices"] == [{"key": "0", "text": "甲", "share": "50"}]
    assert "tags" not in row
    assert dealt(content, "seed", 4)["marks"] == 4
