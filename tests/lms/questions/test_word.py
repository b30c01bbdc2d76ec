"""Word papers in the layouts that teachers in China use."""

import io
import zipfile

import pytest

from lms.questions.formats import FORMATS
from lms.questions.formats.results import FileRefused
from lms.questions.formats.word import read
from lms.questions.formats.word_writing import W, _packed
from lms.questions.policy import Difficulty, FaultKind, Kind
from tests.lms.questions.making import a_single


def paper(*lines):
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in lines)
    return _packed(body, {})


def table(*rows):
    cells = ("".join(f"<w:tc><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>" for cell in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def test_the_usual_layout_is_read_with_its_fields():
    content = paper(
        "社会工作实务模拟试卷",
        "一、单项选择题（共2题，每题1分）",
        "1．接案阶段的首要任务是（ B ）。",
        "A．签订协议  B．了解来源  C．评估  D．结案",
        "【解析】先了解求助者。【难度】较难【知识点】社会工作实务/接案",
        "2、下列属于直接服务的是",
        "A、个案",
        "B、督导",
        "答案：A",
        "二、多项选择题（每题2分）",
        "3. 伦理原则包括",
        "A. 保密 B. 自决 C. 收费 D. 差别平等 E. 尊重",
        "答案：ABDE",
        "三、判断题",
        "4. 督导是间接服务。（√）",
        "四、填空题",
        "5. 个案工作分为____和____等阶段。",
        "答案：接案|申请与接案；预估",
        "五、简答题",
        "6. 简述保密原则的例外。",
        "答案：一是涉及生命安全；",
        "二是法律要求。",
    )
    found = [entry.question for entry in read(content)]
    assert [each.kind for each in found] == [
        Kind.SINGLE, Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE, Kind.FILL_IN, Kind.SHORT,
    ]  # fmt: skip
    first = found[0]
    assert (first.prompt, first.correct, first.difficulty) == (
        "接案阶段的首要任务是(  )。",
        ("B",),
        Difficulty.HARD,
    )
    assert [each.text for each in first.choices] == ["签订协议", "了解来源", "评估", "结案"]
    assert first.point == ("社会工作实务", "接案") and first.explanation == "先了解求助者。"
    assert found[2].points == 2 and found[2].correct == ("A", "B", "D", "E")
    assert found[3].correct == ("true",)
    assert [[a.text for a in blank.answers] for blank in found[4].blanks] == [
        ["接案", "申请与接案"],
        ["预估"],
    ]
    assert found[5].model == "一是涉及生命安全；\n二是法律要求。" and found[5].by_hand


def test_a_case_has_its_questions_with_points_and_answers():
    content = paper(
        "一、案例分析题",
        "1. 服务对象王某，62岁，独居。",
        "他最近不愿出门。",
        "问题：",
        "1. 王某有哪些需要？（8分）",
        "2. 社会工作者如何介入？（12分）",
        "答案：",
        "（1）社交的需要。",
        "（2）先建立关系。",
    )
    (entry,) = read(content)
    question = entry.question
    assert entry.is_good and question.prompt == "服务对象王某，62岁，独居。\n他最近不愿出门。"
    assert [(part.prompt, part.points, part.answer) for part in question.parts] == [
        ("王某有哪些需要？", 8, "社交的需要。"),
        ("社会工作者如何介入？", 12, "先建立关系。"),
    ]
    assert question.points == 20


def test_answers_at_the_end_stand_in_lines_or_in_a_table():
    head = [
        "一、单选题",
        "1. 甲？",
        "A. 一",
        "B. 二",
        "2. 乙？",
        "A. 一",
        "B. 二",
        "二、判断题",
        "1. 丙。",
        "参考答案",
        "一、单选题",
    ]
    lines = paper(*head, "1-2 AB", "二、判断题", "1.错")
    assert [each.question.correct for each in read(lines)] == [("A",), ("B",), ("false",)]
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in head)
    rows = _packed(body + table(["题号", "1", "2"], ["答案", "B", "A"]), {})
    assert [each.question.correct for each in read(rows)][:2] == [("B",), ("A",)]


def test_numbers_that_word_draws_itself_are_read():
    def item(text, level):
        plan = f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr></w:pPr>'
        return f"<w:p>{plan}<w:r><w:t>{text}</w:t></w:r></w:p>"

    body = (
        item("甲？", 0)
        + item("一", 1)
        + item("二", 1)
        + "<w:p><w:r><w:t>答案：B</w:t></w:r></w:p>"
        + item("乙？", 0)
    )
    level = '<w:lvl w:ilvl="{}"><w:start w:val="1"/><w:numFmt w:val="{}"/><w:lvlText w:val="{}"/></w:lvl>'
    plans = level.format(0, "decimal", "%1.") + level.format(1, "upperLetter", "%2.")
    numbering = f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0">{plans}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    content = with_parts(_packed(body, {}), {"word/numbering.xml": numbering}, relate="numbering")
    first, second = read(content)
    assert first.question.correct == ("B",) and [each.text for each in first.question.choices] == ["一", "二"]
    assert second.question.prompt == "乙？"


def with_parts(content, parts, relate=""):
    """The document with these parts besides, the first of them related to it."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if relate and name.endswith("document.xml.rels"):
                more = (
                    f'<Relationship Id="n" Type="http://x/{relate}" Target="{relate}.xml"/></Relationships>'
                )
                data = data.replace(b"</Relationships>", more.encode())
            new.writestr(name, data if name not in parts else parts.pop(name))
        for name, data in parts.items():
            new.writestr(name, data)
    return kept.getvalue()


def test_a_picture_that_the_document_lacks_is_named():
    body = '<w:p><w:r><w:t>1. 看图</w:t><w:drawing><a:blip r:embed="p9"/></w:drawing></w:r></w:p>'
    (entry,) = read(_packed(body, {}))
    assert [(fault.kind, fault.names) for fault in entry.faults] == [(FaultKind.NO_PICTURE, {"name": "?"})]


BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aa">]><w:document>&a;</w:document>'


def test_entities_bombs_old_files_and_empty_papers_are_refused_in_a_sentence():
    good = FORMATS["word"].write([a_single()]).content
    bad = [
        with_parts(good, {"word/document.xml": BOMB}),
        with_parts(good, {"word/document.xml": b"<a>" * 2_000_000}),
        with_parts(good, {"word/document.xml": b" " * 50_000_000}),
        b"\xd0\xcf\x11\xe0" + b"x" * 100,
        b"PK\x03\x04" + b"x" * 100,
        good[:200],
        b"",
        paper("没有题目"),
    ]
    for content in bad:
        with pytest.raises(FileRefused):
            list(read(content))
