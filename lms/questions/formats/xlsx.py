"""Our own table of questions (XLSX; read as CSV too): a question in a row, the questions of a case in the rows below it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from core.sheets.reading import Column, Row, SheetRefused, read_sheet, text_of
from core.sheets.writing import UNWRITABLE, Heading, Table, workbook
from lms.questions.formats import labels
from lms.questions.formats.drafts import Draft, draft_of, join_path, question_of, split_path
from lms.questions.formats.encodings import checked
from lms.questions.formats.results import MOST_QUESTIONS, Entry, FileRefused, Loss, Written, entry, loss
from lms.questions.policy import FaultKind, Kind, Question, fault, letter

CHOICES = 10
LONGEST_CELL = 32_000
ELEMENTS = 6_000_000

COLUMNS: tuple[Column, ...] = (
    Column("key", ("编号", "题目编号", "ID", "Number"), required=False),
    Column("kind", ("题型", "类型", "Kind", "Type")),
    Column("subject", ("科目", "Subject"), required=False),
    Column("chapter", ("章节", "章", "Chapter"), required=False),
    Column("point", ("知识点", "考点", "Knowledge point"), required=False),
    Column("difficulty", ("难度", "Difficulty"), required=False),
    Column("points", ("分值", "分数", "Points", "Score"), required=False),
    Column("prompt", ("题干", "题目", "试题", "Question", "Prompt")),
    *(
        Column(
            f"choice_{letter(place)}",
            (f"选项{letter(place)}", f"Choice {letter(place)}", letter(place)),
            False,
        )
        for place in range(CHOICES)
    ),
    Column("answer", ("答案", "正确答案", "标准答案", "Answer"), required=False),
    Column("model", ("参考答案", "评分要点", "Model answer"), required=False),
    Column("explanation", ("解析", "答案解析", "Explanation"), required=False),
    Column("unit", ("单位", "Unit"), required=False),
    Column("exact_case", ("区分大小写", "Case-sensitive"), required=False),
    Column("shares", ("选项得分", "Choice shares"), required=False),
    Column("feedback", ("选项反馈", "Choice feedback"), required=False),
    Column("title", ("标题", "Title"), required=False),
    Column("tags", ("标签", "Tags"), required=False),
    Column("source", ("来源", "Source"), required=False),
)
PLAIN: tuple[str, ...] = (
    "key",
    "kind",
    "difficulty",
    "points",
    "prompt",
    "answer",
    "model",
    "explanation",
    "unit",
    "exact_case",
)
PLAIN += ("shares", "feedback", "title", "tags", "source")
WIDE = {"prompt": 60, "explanation": 40, "answer": 20, "model": 30}


def read(content: bytes) -> Iterator[Entry]:
    """The questions of a table. Raises FileRefused when it is none, or has too many rows."""
    try:
        sheet = read_sheet(
            io.BytesIO(checked(content)),
            COLUMNS,
            max_rows=MOST_QUESTIONS,
            max_elements=ELEMENTS,
            text=cell_text,
        )
    except SheetRefused as refused:
        raise FileRefused(str(refused))
    if not sheet.rows:
        raise FileRefused(_("There is no row below the headings."))
    for number, (line, draft) in enumerate(_drafts(sheet.rows), 1):
        if draft is None:
            yield Entry(number, line, None, (fault(FaultKind.STRAY),))
            continue
        question, found = question_of(draft)
        yield entry(number, line, question, found, draft.prompt)


def cell_text(value: Any) -> str:
    """A cell as text that keeps its lines."""
    if not isinstance(value, str):
        return text_of(value)
    lines = value.replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", "")
    return lines.strip()


def _drafts(rows: Sequence[Row]) -> Iterator[tuple[int, Draft | None]]:
    """A draft for each question; a part that stands below no case is None."""
    waiting: tuple[int, Draft] | None = None
    for row in rows:
        draft = _draft(row)
        if labels.kind_of(draft.kind) == labels.PART:
            if waiting is None:
                yield row.number, None
            else:
                waiting[1].parts.append(draft)
            continue
        if waiting is not None:
            yield waiting
        waiting = None
        if labels.kind_of(draft.kind) == Kind.CASE:
            waiting = (row.number, draft)
        else:
            yield row.number, draft
    if waiting is not None:
        yield waiting


def _draft(row: Row) -> Draft:
    draft = Draft()
    for name in PLAIN:
        setattr(draft, name, row[name])
    names = (row["subject"], row["chapter"])
    draft.point = tuple(name.strip() for name in names if name.strip()) + split_path(row["point"])
    draft.choices = [row[f"choice_{letter(place)}"] for place in range(CHOICES)]
    while draft.choices and not draft.choices[-1]:
        draft.choices.pop()
    return draft


def write(questions: Sequence[Question]) -> Written:
    """The questions as a table, with how it is filled in above the headings."""
    losses: list[Loss] = []
    rows: list[list[str]] = []
    for number, question in enumerate(questions, 1):
        draft = draft_of(question)
        texts = [*vars(draft).values(), *draft.choices]
        if len(draft.choices) > CHOICES or any(isinstance(t, str) and len(t) > LONGEST_CELL for t in texts):
            losses += loss(
                number, question, ["choices" if len(draft.choices) > CHOICES else "length"], whole=True
            )
            continue
        losses += loss(number, question, lost(question))
        rows += [_row(draft), *(_row(part) for part in draft.parts)]
    return Written(table(rows), tuple(losses))


def lost(question: Question) -> list[str]:
    """What a table cannot hold of a question."""
    found = ["pictures"] if question.pictures else []
    return found + (["signs"] if any(UNWRITABLE.search(text) for text in question.texts()) else [])


def _row(draft: Draft) -> list[str]:
    cells: dict[str, str] = {name: getattr(draft, name) for name in PLAIN}
    cells |= {f"choice_{letter(place)}": text for place, text in enumerate(draft.choices)}
    cells["subject"], cells["chapter"] = [*draft.point, "", ""][:2]
    cells["point"] = join_path(draft.point[2:])
    return [cells.get(column.name, "") for column in COLUMNS]


def table(rows: Sequence[Sequence[str]] = ()) -> bytes:
    """A table with the headings and these rows; without rows it is the template to fill in."""
    headings = [Heading(column.headings[0], WIDE.get(column.name, 12)) for column in COLUMNS]
    return workbook(Table("题库", headings, rows, () if rows else template_notes()))


def template_notes() -> tuple[str, ...]:
    """How the table is filled in."""
    return (
        "题型:单选题、多选题、判断题、填空题、匹配题、排序题、数值题、短答题(自动判分)、简答题(人工判分)、论述题、案例分析题;案例的各小问写在它下面的行,题型填“小题”。",
        "答案:选择题填字母(如 ABD);判断题填“对”或“错”;填空题每空一行,多个可接受的答案用 | 隔开;匹配题每行写“左 -> 右”;排序题填正确顺序的字母;数值题可写 3.14±0.01。",
        "填空题在题干中用四个下划线 ____ 表示空。难度填“易”“中”“难”。带 % 的得分:%50%部分正确的答案。",
    )
