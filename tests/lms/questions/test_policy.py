"""Faults of questions, what their answers are worth, and which of them are alike."""

import time
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.questions.policy import (
    NATIONAL,
    STRICT,
    Accepted,
    Blank,
    Choice,
    FaultKind,
    Kind,
    Likeness,
    Number,
    Pair,
    Part,
    Question,
    Rules,
    alike,
    faults,
    fingerprint,
    letter,
    mark,
)
from tests.lms.questions.making import a_single, questions


def kinds_of(question):
    return {fault.kind for fault in faults(question)}


def several(right="ABC", points=2):
    choices = tuple(Choice(letter(n), f"第{n}项") for n in range(5))
    return Question("", Kind.MULTIPLE, "哪些?", points=Decimal(points), choices=choices, correct=tuple(right))


def test_a_question_says_everything_that_is_wrong_with_it():
    assert kinds_of(a_single(prompt=" ", correct=(), points=Decimal(0))) == {
        FaultKind.NO_PROMPT,
        FaultKind.POINTS,
        FaultKind.NO_RIGHT,
    }
    assert kinds_of(a_single(correct=("A", "B"))) == {FaultKind.TWO_RIGHT}
    assert kinds_of(a_single("含\0号")) == {FaultKind.SIGNS}
    assert kinds_of(a_single(points=Decimal("NaN"))) == {FaultKind.POINTS}
    assert kinds_of(a_single("字" * 20_001)) == {FaultKind.TOO_LONG}
    part = Part("A", "问", Decimal(5))
    assert kinds_of(Question("", Kind.CASE, "材料", points=Decimal(6), parts=(part,))) == {
        FaultKind.PARTS_SUM
    }


@pytest.mark.parametrize(
    ("chosen", "points"),
    [("ABC", "2"), ("AB", "1"), ("A", "0.5"), ("ABD", "0"), ("D", "0"), ("", "0"), ("ABCDE", "0")],
)
def test_the_national_rule_gives_half_a_point_for_each_right_choice_and_nothing_once_one_is_wrong(
    chosen, points
):
    assert mark(several(), list(chosen)).points == Decimal(points)


def test_rules_are_data():
    rules = Rules.from_data({"each": "0.5", "wrong_takes_all": False})
    assert mark(several("AB"), ["A", "C"], rules).points == 0
    assert mark(several("AB"), ["A"], rules).points == 1
    assert mark(several("AB"), ["A"], STRICT).points == 0
    assert Rules.from_data({"each": "0.25"}) == NATIONAL


def test_numbers_are_right_in_full_width_with_thousands_their_unit_and_within_the_tolerance():
    question = Question("", Kind.NUMERIC, "?", numbers=(Number(Decimal(1800), Decimal(10)),), unit="元")
    for said in ("1800", "１８００", "1,800 元", "1,805.5", " +1790元"):
        assert mark(question, said).points == 1, said
    for said in ("1811", "1800美元", "", "一千八", "1" * 5000, "1e99", "nan", None, ["x"], {"a": 1}):
        assert mark(question, said).points == 0, said


def test_blanks_take_full_and_half_width_and_count_by_place():
    blanks = (
        Blank((Accepted("任务中心模式"), Accepted("任务中心", Decimal(50)))),
        Blank((Accepted("ABC(1)"),)),
    )
    question = Question("", Kind.FILL_IN, "____和____", points=Decimal(2), blanks=blanks)
    assert mark(question, ["任务 中心模式。", "ａｂｃ（１）"]).points == 2
    assert mark(question, ["任务中心", ""]).points == Decimal("0.5")
    assert not mark(question, ["任务中心", ""]).is_complete
    assert mark(question, ["任务中心模式", "x"], Rules(by_place=False)).points == 0


def test_pairs_orders_words_and_texts_are_marked_or_left_to_somebody():
    pairs = Question(
        "", Kind.MATCHING, "配", points=Decimal(2), pairs=(Pair("A", "甲", "一"), Pair("B", "乙", "二"))
    )
    assert mark(pairs, {"A": "一", "B": "一"}).points == 1
    order = Question("", Kind.ORDERING, "排", items=tuple(Choice(k, k) for k in "ABC"))
    assert mark(order, ["A", "B", "C"]).points == 1 and mark(order, ["A", "A", "A"]).points == 0
    short = Question("", Kind.SHORT, "?", answers=(Accepted("个案管理"),))
    assert mark(short, "“个案管理”。").points == 1 and not mark(short, "个案").needs_hand
    assert mark(replace(short, answers=()), "个案").needs_hand
    case = Question("", Kind.CASE, "材料", parts=(Part("A", "问", Decimal(1)), Part("B", "问", Decimal(1))))
    marked = mark(case, {"A": "答"})
    assert marked.needs_hand and not marked.is_complete and marked.points == 0
    assert not mark(case, {}).needs_hand


@settings(max_examples=120, deadline=None)
@given(
    questions(),
    st.recursive(
        st.none() | st.booleans() | st.text() | st.integers(),
        lambda x: st.lists(x) | st.dictionaries(st.text(), x),
    ),
)
def test_whatever_is_sent_as_an_answer_is_worth_something_between_nothing_and_all(question, answer):
    assert 0 <= mark(question, answer).points <= question.points


def test_the_same_question_has_one_fingerprint_whatever_its_key():
    assert fingerprint(a_single(key="1")) == fingerprint(a_single(key="2"))
    assert fingerprint(a_single()) != fingerprint(a_single(right="B"))


def test_the_same_words_another_answer_and_nearly_the_same_are_told_apart():
    first = a_single("服务对象王某最近失去工作，社会工作者首先应当做什么？")
    again = replace(first, prompt=first.prompt.replace("，", ",") + " ", choices=first.choices[::-1])
    other = replace(first, correct=("B",))
    near = replace(first, prompt=first.prompt.replace("王某", "李某"))
    found = alike([first, again, other, near, a_single("完全不同的一道题目：社区工作的三大模式是哪些？")])
    assert [(each.place, each.earlier, each.likeness) for each in found] == [
        (1, 0, Likeness.SAME),
        (2, 0, Likeness.OTHER_ANSWER),
        (3, 0, Likeness.NEAR),
    ]
    assert alike([first, again], known=2) == []


def test_ten_thousand_questions_are_compared_in_seconds():
    many = [
        a_single(f"第{n}题：在第{n * 7919 % 10007}个社区，社会工作者{n * 31 % 997}号首先应当做的是什么？")
        for n in range(10_000)
    ]
    many[9_999] = many[3]
    started = time.process_time()
    found = alike(many)
    assert time.process_time() - started < 15
    assert found[-1].place == 9_999 and found[-1].likeness == Likeness.SAME
