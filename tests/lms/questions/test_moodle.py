"""Moodle XML as Moodle exports it, and as nobody should send it."""

import pytest

from lms.questions.formats import words_of
from lms.questions.formats.moodle import read
from lms.questions.formats.results import FileRefused
from lms.questions.policy import FaultKind, Kind


def quiz(*questions):
    return ('<?xml version="1.0" encoding="UTF-8"?><quiz>' + "".join(questions) + "</quiz>").encode()


def asked(kind, inner, prompt="<p>题干<script>alert(1)</script></p>"):
    return (
        f'<question type="{kind}"><name><text>名</text></name><questiontext format="html"><text><![CDATA[{prompt}]]></text>'
        f"</questiontext><defaultgrade>2.0000000</defaultgrade>{inner}</question>"
    )


CHOICES = '<single>true</single><answer fraction="100"><text>甲</text></answer><answer fraction="0"><text>乙</text></answer>'


def test_html_is_cleaned_and_keeps_its_lines_lists_tables_and_powers():
    prompt = "<p>第一行<br>第二行</p><ul><li>甲</li><li>乙</li></ul><p>x<sup>2</sup></p><table><tr><td>1</td><td>2</td></tr></table>"
    (entry,) = read(quiz(asked("multichoice", CHOICES, prompt)))
    assert entry.question.prompt == "第一行\n第二行\n- 甲\n- 乙\nx^2\n1\t2"
    assert entry.question.points == 2
    (entry,) = read(quiz(asked("multichoice", CHOICES)))
    assert entry.question.prompt == "题干"


def test_embedded_answers_become_blanks():
    text = "首都{1:SHORTANSWER:=北京~%50%北平#旧称~*}和{2:NUMERICAL:=16:0}区"
    (entry,) = read(quiz(asked("cloze", "", text)))
    question = entry.question
    assert (question.kind, question.prompt) == (Kind.FILL_IN, "首都____和____区")
    assert [(each.text, each.share, each.feedback) for each in question.blanks[0].answers] == [
        ("北京", 100, ""),
        ("北平", 50, "旧称"),
    ]
    assert question.blanks[1].answers[0].text == "16"


def test_one_embedded_choice_is_a_question_with_choices():
    text = "首都是{1:MULTICHOICE_VS:~上海#不对~=北京#对}。"
    several = "直辖市有{1:MULTIRESPONSE:=北京~=天津~*%-50%石家庄}"
    one, more = read(quiz(asked("cloze", "", text), asked("cloze", "", several)))
    question = one.question
    assert (question.kind, question.prompt, question.correct) == (Kind.SINGLE, "首都是____。", ("B",))
    assert [(each.text, each.feedback) for each in question.choices] == [("上海", "不对"), ("北京", "对")]
    assert [each.kind for each in one.remarks] == [FaultKind.BECAME_CHOICE] and one.is_good
    assert more.question.kind == Kind.MULTIPLE and more.question.correct == ("A", "B")


def test_embedded_choices_among_blanks_are_filled_in_and_what_is_left_out_is_named():
    text = "{1:MC:=甲~%50%乙~丙~丁}在{2:SHORTANSWER:=前~后#错}边，共{1:NUMERICAL:=2:0}个"
    (entry,) = read(quiz(asked("cloze", "", text)))
    question = entry.question
    assert (question.kind, question.prompt) == (Kind.FILL_IN, "____在____边，共____个") and entry.is_good
    assert [[(each.text, each.share) for each in blank.answers] for blank in question.blanks] == [
        [("甲", 100), ("乙", 50)],
        [("前", 100)],
        [("2", 100)],
    ]
    said = [(each.kind, each.names) for each in entry.remarks]
    assert said == [
        (FaultKind.BECAME_BLANKS, {"number": "1", "text": "丙、丁"}),
        (FaultKind.WRONG_LEFT, {"text": "后"}),
    ]
    assert "丙、丁" in words_of(entry.remarks[0])


def test_several_right_choices_within_one_blank_of_many_and_other_kinds_are_refused_by_name():
    text = "{1:MULTIRESPONSE:=甲~=乙}和{1:SA:=丙}"
    entries = list(read(quiz(asked("cloze", "", text), asked("calculated", ""))))
    assert [entry.faults[0].kind for entry in entries] == [FaultKind.UNKNOWN_KIND] * 2
    assert [entry.faults[0].names for entry in entries] == [{"kind": "MULTIRESPONSE"}, {"kind": "calculated"}]


def test_wrong_answers_that_only_have_a_remark_and_hints_are_named_as_left_out():
    answers = (
        '<answer fraction="100"><text>社工</text></answer><answer fraction="0"><text>义工</text></answer>'
    )
    hint = "<hint><text>两个字</text></hint>"
    boxes = "<selectoption><text>接案</text></selectoption><selectoption><text>结案</text></selectoption>"
    words, select = read(quiz(asked("shortanswer", answers + hint), asked("gapselect", boxes, "先[[1]]")))
    assert {each.kind for each in words.remarks} == {FaultKind.HINTS_LEFT, FaultKind.WRONG_LEFT}
    assert words.is_good and select.remarks[0].names == {"text": "结案"}


def test_dragged_words_become_blanks_and_descriptions_are_passed_over():
    boxes = "<dragbox><text>接案</text><group>1</group></dragbox><dragbox><text>预估</text></dragbox>"
    drag, text = read(quiz(asked("ddwtos", boxes, "先[[1]]后[[2]]"), asked("description", "")))
    assert [blank.answers[0].text for blank in drag.question.blanks] == ["接案", "预估"]
    assert text.is_note


def test_a_missing_picture_is_named_and_one_that_is_none_too():
    shown = '<img src="@@PLUGINFILE@@/a.png">'
    missing, fake = read(
        quiz(
            asked("essay", "", shown),
            asked("essay", "", shown).replace(
                "</questiontext>", '<file name="a.png" encoding="base64">PHN2Zz4=</file></questiontext>'
            ),
        )
    )
    assert [(fault.kind, fault.names) for fault in missing.faults] == [
        (FaultKind.NO_PICTURE, {"name": "a.png"})
    ]
    assert FaultKind.PICTURE_KIND in {fault.kind for fault in fake.faults}


BOMB = b'<?xml version="1.0"?><!DOCTYPE q [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><quiz><question type="essay">&b;</question></quiz>'


@pytest.mark.parametrize(
    "content",
    [
        BOMB,
        b"<html></html>",
        b"no xml",
        b"<quiz>" + b"<a>" * 100_000,
        b"",
        b"\0" * 40,
        b'<?xml version="1.0" encoding="x"?><quiz/>',
    ],
)
def test_what_is_no_quiz_is_refused_in_a_sentence(content):
    with pytest.raises(FileRefused):
        list(read(content))


def test_a_file_that_breaks_off_keeps_what_was_read():
    whole, broken = read(quiz(asked("essay", ""))[:-7] + b"<question>")
    assert whole.is_good and broken.faults[0].kind == FaultKind.UNREADABLE


def test_a_file_in_gbk_is_read():
    content = quiz(asked("essay", "")).decode().replace("UTF-8", "GBK").encode("gb18030")
    (entry,) = read(content)
    assert entry.question.prompt == "题干"
