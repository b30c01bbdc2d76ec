"""The table of questions: in Chinese or English, with cases over several rows."""

import io

import openpyxl
import pytest

from lms.questions.formats.results import FileRefused
from lms.questions.formats.xlsx import read, table, write
from lms.questions.policy import FaultKind, Kind
from tests.lms.questions.making import a_single


def book(*rows):
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


HEAD = ["题型", "题干", "选项A", "选项B", "选项C", "答案", "分值", "难度"]


def test_rows_of_every_kind_are_read_as_people_fill_them_in():
    content = book(
        HEAD,
        ["单选", "第一步？", "接案", "预估", None, "A", 1, "易"],
        ["多选题", "伦理？", "保密", "收费", "自决", "A、C", 2, 3],
        ["判断", "督导是直接服务。", None, None, None, "×", 1, 0.9],
        ["填空题", "先____后____。", None, None, None, "接案；预估|评估"],
        ["匹配题", "配对", None, None, None, "甲 -> 一\n乙→二"],
        ["排序题", "排序", "二", "一", None, "BA"],
        ["数值题", "圆周率？", None, None, None, "3.14±0.01"],
        ["简答题", "简述。", None, None, None, "要点"],
        ["案例分析题", "材料", None, None, None, None, 20],
        ["小题", "问一", None, None, None, "答一", 8],
        ["小题", "问二", None, None, None, "答二", 12],
    )
    entries = list(read(content))
    assert all(entry.is_good for entry in entries)
    found = [entry.question for entry in entries]
    assert [each.kind for each in found] == [
        Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE, Kind.FILL_IN, Kind.MATCHING, Kind.ORDERING, Kind.NUMERIC, Kind.SHORT, Kind.CASE,
    ]  # fmt: skip
    assert found[1].correct == ("A", "C") and found[2].correct == ("false",)
    assert [each.text for each in found[5].items] == ["一", "二"]
    assert found[7].by_hand and found[7].model == "要点"
    assert [part.points for part in found[8].parts] == [8, 12] and entries[8].line == 10


def test_what_is_wrong_with_a_row_is_said_at_its_number():
    content = book(
        HEAD,
        ["单选题", "两个对？", "甲", "乙", None, "AB"],
        ["单选题", "没有对？", "甲", "乙", None, "D"],
        ["单选题", "相同？", "甲", "甲", None, "A"],
        ["怪题", "？", "甲", "乙", None, "A"],
        ["小题", "没有案例", None, None, None, "x"],
        ["填空题", "先____后____。", None, None, None, "接案"],
        ["匹配题", "配对", None, None, None, "甲->一\n乙->一"],
        ["单选题", "=1+1\x0b".replace("\x0b", ""), "甲", "乙", None, "A", "很多", "?"],
    )
    found = {entry.line: [fault.kind for fault in entry.faults] for entry in read(content)}
    assert found == {
        2: [FaultKind.TWO_RIGHT],
        3: [FaultKind.UNKNOWN_RIGHT],
        4: [FaultKind.SAME_CHOICES],
        5: [FaultKind.UNKNOWN_KIND],
        6: [FaultKind.STRAY],
        7: [FaultKind.BLANKS_DIFFER],
        8: [FaultKind.PAIRS_NOT_ONE],
        9: [FaultKind.DIFFICULTY, FaultKind.NOT_A_NUMBER, FaultKind.NO_PROMPT],
    }


def test_english_headings_and_csv_in_gbk_are_understood():
    text = "Kind,Question,Choice A,Choice B,Answer\nsingle,第一步是什么呢？,接案,预估,B\n"
    (entry,) = read(text.encode("gb18030"))
    assert entry.question.correct == ("B",)


def test_the_template_is_empty_and_can_be_sent_back_filled_in():
    with pytest.raises(FileRefused):
        list(read(table()))
    assert [entry.question for entry in read(write([a_single()]).content)] == [a_single()]


def test_a_text_that_looks_like_a_formula_stays_a_text():
    question = a_single('=HYPERLINK("http://example.com")')
    assert [entry.question for entry in read(write([question]).content)] == [question]


def test_more_choices_than_columns_are_said_and_not_cut():
    choices = tuple(type(a_single().choices[0])(chr(65 + n), f"第{n}项") for n in range(12))
    written = write([a_single(choices=choices)])
    assert written.losses[0].is_whole and written.losses[0].fields == ("choices",)
