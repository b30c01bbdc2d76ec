"""Aiken, in its own spelling and as people in China type it."""

from hypothesis import given, settings

from lms.questions.formats import FORMATS
from lms.questions.formats.aiken import read
from lms.questions.policy import FaultKind, Kind, Question
from tests.lms.questions.making import a_single, lines, single


def test_letters_full_width_and_answers_in_chinese_are_understood():
    text = "个案工作的第一步是?\nA. 接案\nB) 预估\nANSWER: A\n\n哪些属于直接服务?\nＡ、个案\nＢ、小组\nＣ、督导\n答案：AB\n解析：督导是间接服务。\n"
    first, second = read(text.encode())
    assert first.question.correct == ("A",) and first.line == 1
    assert (second.question.kind, second.question.correct) == (Kind.MULTIPLE, ("A", "B"))
    assert second.question.explanation == "督导是间接服务。" and second.line == 6


def test_what_is_missing_is_named_at_its_question():
    text = "第一题\nA. 甲\nB. 乙\n\n第二题\nA. 甲\nB. 乙\nANSWER: F\n\n第三题\nA. 甲\nC. 乙\nANSWER: A"
    entries = list(read(text.encode()))
    kinds = [{fault.kind for fault in entry.faults} for entry in entries]
    assert FaultKind.STRAY in kinds[0]
    assert kinds[1] == {FaultKind.SAME_KEYS}


def test_a_file_without_an_answer_line_says_so():
    (entry,) = read("第一题\nA. 甲\nB. 乙".encode())
    assert FaultKind.NO_ANSWER_LINE in {fault.kind for fault in entry.faults}


@settings(max_examples=60, deadline=None)
@given(facts=single(), prompt=lines())
def test_a_plain_single_choice_comes_back_unless_a_loss_is_named(facts, prompt):
    choices = tuple(type(each)(each.key, each.text) for each in facts["choices"])
    question = Question(key="", kind=Kind.SINGLE, prompt=prompt, choices=choices, correct=facts["correct"])
    written = FORMATS["aiken"].write([question])
    if not written.losses:
        assert [entry.question for entry in read(written.content)] == [question]


def test_kinds_that_aiken_has_no_word_for_are_listed_whole():
    essay = Question(key="E1", kind=Kind.ESSAY, prompt="论述")
    written = FORMATS["aiken"].write([a_single(), essay])
    assert [(each.number, each.is_whole, each.fields) for each in written.losses] == [(2, True, ("kind",))]
