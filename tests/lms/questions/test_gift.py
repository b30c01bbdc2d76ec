"""GIFT as Moodle and people write it."""

from decimal import Decimal

import pytest

from lms.questions.formats.gift import read
from lms.questions.policy import FaultKind, Kind

SAMPLE = r"""
// 社会工作实务
$CATEGORY: $course$/top/社会工作实务/接案

// [id:Q-1] [tag:示例] [tag:难度:难]
::接案::接案阶段的第一步是{
=了解来源和服务对象的类型#对
~签订协议#太早
~%50%建立关系
~评估效果
####先了解求助者从何而来。
}

社会工作的价值观包括哪些?{~%50%助人自助 ~%50%公平正义 ~%-100%盈利优先}

社会工作者可以向同事随意谈论案主的隐私。{F#违反保密原则#对}

介入的模式有危机介入、{=任务中心=任务中心模式}和心理社会治疗。

把阶段和任务配对。{
=接案 -> 建立关系
=预估 -> 收集资料
= -> 分配奖金
}

"""
REST = r"""
小组工作一般有几个阶段?{#5:0}

社区居民人数在哪个范围?{#1000..3000}

转义: \{不是答案\} 3\=3{T}

[html]<p>看<b>图</b><br>回答</p>{=甲 ~乙}

写一份预估报告。{}

这一段只是说明文字,没有问题。

排出顺序{>ALL
接案
预估
结案
}
"""


def all_of(text, encoding="utf-8"):
    return list(read(text.encode(encoding)))


def test_every_kind_is_read_with_category_title_key_tags_weights_and_remarks():
    found = all_of(SAMPLE)
    assert [entry.question.kind for entry in found] == [
        Kind.SINGLE,
        Kind.MULTIPLE,
        Kind.TRUE_FALSE,
        Kind.FILL_IN,
        Kind.MATCHING,
    ]
    assert all(entry.is_good for entry in found)
    first = found[0].question
    assert (first.key, first.title, first.tags, first.point) == (
        "Q-1",
        "接案",
        ("示例",),
        ("社会工作实务", "接案"),
    )
    assert first.difficulty == "hard" and first.explanation == "先了解求助者从何而来。"
    assert [each.share for each in first.choices] == [100, 0, 50, 0]
    assert [each.feedback for each in first.choices] == ["对", "太早", "", ""]
    assert found[1].question.correct == ("A", "B") and found[1].question.choices[0].share is None
    assert [each.feedback for each in found[2].question.choices] == ["违反保密原则", "对"]
    assert found[3].question.prompt == "介入的模式有危机介入、 ____ 和心理社会治疗。"
    assert [each.text for each in found[3].question.blanks[0].answers] == ["任务中心", "任务中心模式"]
    assert found[4].question.distractors == ("分配奖金",)


def test_numbers_ranges_escapes_html_essays_orders_and_descriptions_are_read():
    exact, between, escaped, html, essay, description, order = all_of(REST)
    assert exact.question.numbers[0].value == 5
    assert (between.question.numbers[0].value, between.question.numbers[0].tolerance) == (
        Decimal(2000),
        Decimal(1000),
    )
    assert escaped.question.prompt == "转义: {不是答案} 3=3"
    assert html.question.prompt == "看图\n回答"
    assert essay.question.kind == Kind.ESSAY
    assert description.is_note and description.faults[0].kind == FaultKind.DESCRIPTION
    assert [each.text for each in order.question.items] == ["接案", "预估", "结案"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_chinese_encodings_are_told_apart(encoding):
    found = all_of("接案阶段的第一步是什么?{=了解来源 ~签订协议}\n\n" * 3, encoding)
    assert found[0].question.prompt == "接案阶段的第一步是什么?"


def test_two_right_answers_in_a_single_choice_are_refused_with_their_letters():
    (entry,) = all_of("哪一个?{=甲 =乙 ~丙}")
    assert [(fault.kind, fault.names) for fault in entry.faults] == [(FaultKind.TWO_RIGHT, {"keys": "A, B"})]


@pytest.mark.parametrize("text", ["{" * 50_000 + "}" * 50_000, "题{=甲 ~乙", "题}{", "{{=甲}}"])
def test_braces_that_do_not_pair_are_said_and_the_next_question_is_read(text):
    broken, whole = all_of(text + "\n\n第二题{=甲 ~乙}")
    assert broken.faults[0].kind in (FaultKind.NOT_CLOSED, FaultKind.UNREADABLE)
    assert whole.is_good and whole.line == 3


def test_a_line_of_a_megabyte_ends_soon():
    long = "字" * 1_000_000
    assert all_of(long + "{=甲 ~乙}")[0].faults[0].kind == FaultKind.TOO_LONG
    assert not all_of("题{=" + "~%50%" * 60_000 + "}")[0].is_good
