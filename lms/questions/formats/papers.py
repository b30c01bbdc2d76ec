"""How a Chinese examination paper is laid out: headings, numbers, letters of choices, and fields such as 答案 and 解析."""

from __future__ import annotations

import re
import unicodedata

from lms.questions.formats import labels
from lms.questions.policy import Kind

KEEP = "\u2060"  # before a text that would look like a part of the layout: it is what it says
FIELDS: dict[str, str] = {
    "答案": "answer", "正确答案": "answer", "参考答案": "answer", "标准答案": "answer",
    "评分要点": "model", "答题要点": "model", "评分标准": "model",
    "解析": "explanation", "答案解析": "explanation", "试题解析": "explanation",
    "知识点": "point", "考点": "point", "难度": "difficulty", "分值": "points", "标签": "tags", "来源": "source",
    "编号": "key", "标题": "title", "单位": "unit", "区分大小写": "exact_case", "选项得分": "shares",
    "选项反馈": "feedback", "题型": "kind",
}  # fmt: skip
NAMES = "|".join(sorted(FIELDS, key=len, reverse=True))
FIELD = re.compile(
    rf"(?:【\s{{0,4}}({NAMES})\s{{0,4}}】\s{{0,4}}[:：]?|({NAMES})\s{{0,4}}[:：])\s*(.*)", re.DOTALL
)
INLINE_FIELD = re.compile(rf"(?<!^)(?=【\s{{0,4}}(?:{NAMES})\s{{0,4}}】)")
SECTION = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}\s{0,4}[、.．,，]|第[一二三四五六七八九十]{1,3}[部分大题]{1,2})\s*(.{1,200})"
)
QUESTION = re.compile(
    r"(?:(\d{1,5})\s{0,4}(?:[.．](?!\d)|[、)）])|第\s{0,4}(\d{1,5})\s{0,4}题\s{0,4}[.．、:：]?)\s*(.*)",
    re.DOTALL,
)
PART = re.compile(
    r"[(（]\s{0,4}(\d{1,2})\s{0,4}[)）]\s{0,4}[.．、]?\s*(.*)|问题\s{0,4}(\d{1,2})\s{0,4}[:：.、]\s*(.*)",
    re.DOTALL,
)
CHOICE = re.compile(r"([A-ZＡ-Ｚ])\s{0,4}[.．、)）:：]\s*(.*)", re.DOTALL)
INLINE_CHOICE = re.compile(r"\s(?=[B-ZＢ-Ｚ]\s{0,4}[.．、)）])")
ANSWERS = re.compile(r"(?:参考答案|标准答案|答案)(?:[及与和]?(?:解析|评分标准))?|答案部分")
POINTS = re.compile(r"[(（]\s{0,4}(?:本题|共)?\s{0,4}(\d{1,3}(?:\.\d{1,2})?)\s{0,4}分\s{0,4}[)）]\s{0,4}\Z")
EACH = re.compile(r"每(?:小|道)?题\s{0,4}(\d{1,3}(?:\.\d{1,2})?)\s{0,4}分")
BRACKET = re.compile(r"[(（]\s{0,8}([A-ZＡ-Ｚ]{1,10}|√|×|✓|✗|对|错|正确|错误)\s{0,8}[)）]")
QUESTIONS_HEAD = re.compile(r"(?:问题|要求)\s{0,4}[:：]?")
RANGE = re.compile(
    r"(\d{1,5})\s{0,4}[-—–~～至]\s{0,4}(\d{1,5})\s{0,4}[.．、:：]?\s*([A-ZＡ-Ｚ√×对错\s]{1,400})"
)
ONE = re.compile(r"(\d{1,5})\s{0,4}[.．、:：]\s{0,4}([A-Z]{1,10}|√|×|对|错|正确|错误)(?=\s|[,，;；。]|\d|\Z)")
SOME_KINDS = sorted(
    ((word, kind) for kind, words in labels.KINDS.items() for word in words if len(word) > 1),
    key=lambda each: -len(each[0]),
)


def section_kind(line: str) -> str | None:
    """The kind that a heading names; None when the line is no heading of questions."""
    found = SECTION.fullmatch(line)
    title = found.group(1) if found else line
    bare = re.split(r"[(（:：]", title, maxsplit=1)[0].strip()
    if not found and labels.kind_of(bare) is None:
        return None
    if (kind := labels.kind_of(bare)) is not None and kind != labels.PART:
        return kind
    return (
        next((kind for word, kind in SOME_KINDS if word in title and kind != labels.PART), None)
        if found
        else None
    )


def choices_in(line: str) -> list[str]:
    """The choices of a line that holds one or, set apart by spaces, several whose letters follow one another."""
    first = CHOICE.fullmatch(line)
    if first is None:
        return []
    pieces = INLINE_CHOICE.split(line)
    kept = [pieces[0]]
    for piece in pieces[1:]:
        if _letter(piece) == chr(ord(_letter(kept[-1])) + 1):
            kept.append(piece)
        else:
            kept[-1] += " " + piece
    return kept


def _letter(piece: str) -> str:
    return unicodedata.normalize("NFKC", piece[0])


def key_answers(line: str) -> dict[int, str]:
    """The answers of a line of the key: 1-5 ABCDA, or 1.A 2.BD."""
    line = unicodedata.normalize("NFKC", line)
    found: dict[int, str] = {}
    for run in RANGE.finditer(line):
        first, last, said = int(run.group(1)), int(run.group(2)), run.group(3)
        groups = said.split() if len(said.split()) == last - first + 1 else list("".join(said.split()))
        if len(groups) == last - first + 1:
            found |= dict(enumerate(groups, first))
    for one in ONE.finditer(line):
        found.setdefault(int(one.group(1)), one.group(2))
    return found


def shielded(text: str) -> str:
    """A text of which nothing is taken for a part of the layout."""
    text = text.replace("\n", f"\n{KEEP}")
    text = re.sub(rf"(【)(?=\s{{0,4}}(?:{NAMES})\s{{0,4}}】)", rf"\1{KEEP}", text)
    text = INLINE_CHOICE.sub(lambda found: found.group() + KEEP, text)
    text = text + KEEP if POINTS.search(text) else text
    return KEEP + text if text.startswith((".", "．", "、")) else text


def guessed(choices: list[str], answer: str, prompt: str, has_parts: bool) -> str:
    """The kind of a question that stands below no heading."""
    if has_parts:
        return Kind.CASE.value
    if choices:
        letters = "".join(sign for sign in unicodedata.normalize("NFKC", answer) if sign.isalpha())
        return Kind.MULTIPLE.value if len(letters) > 1 else Kind.SINGLE.value
    if labels.is_yes(answer) is not None:
        return Kind.TRUE_FALSE.value
    return Kind.FILL_IN.value if re.search(r"_{3,}", prompt) else Kind.ESSAY.value
