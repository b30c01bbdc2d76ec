"""The words that files use for kinds, difficulties and fields: ours first, then those that are understood as well."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

from lms.questions.policy import Difficulty, Kind

PART = "part"
SHORT_BY_HAND = "short_by_hand"

KINDS: dict[str, tuple[str, ...]] = {
    Kind.SINGLE.value: ("单项选择题", "单选题", "单选", "single", "single choice", "选择题", "单项选择"),
    Kind.MULTIPLE.value: (
        "多项选择题",
        "多选题",
        "多选",
        "multiple",
        "multiple choice",
        "不定项选择题",
        "多项选择",
    ),
    Kind.TRUE_FALSE.value: ("判断题", "判断", "true_false", "true/false", "是非题", "对错题"),
    Kind.FILL_IN.value: ("填空题", "填空", "fill_in", "fill in", "cloze"),
    Kind.MATCHING.value: ("匹配题", "连线题", "配对题", "matching", "匹配"),
    Kind.ORDERING.value: ("排序题", "排序", "ordering"),
    Kind.NUMERIC.value: ("数值题", "计算题", "numeric", "numerical", "数值"),
    Kind.SHORT.value: ("短答题", "short", "short answer", "短答"),
    SHORT_BY_HAND: ("简答题", "简答", "问答题", "名词解释", "short_by_hand"),
    Kind.ESSAY.value: ("论述题", "论述", "essay", "作文题", "方案设计题", "问答"),
    Kind.CASE.value: ("案例分析题", "案例题", "案例分析", "案例", "case", "材料题", "材料分析题"),
    PART: ("小题", "案例小题", "子题", "part"),
}
PARTS: dict[Kind, str] = {Kind.ESSAY: "小题", Kind.SHORT: "小题(简答)"}
DIFFICULTIES: dict[Difficulty, tuple[str, ...]] = {
    Difficulty.EASY: ("易", "容易", "较易", "简单", "easy", "1", "2", "低"),
    Difficulty.MEDIUM: ("中", "中等", "适中", "一般", "medium", "3"),
    Difficulty.HARD: ("难", "较难", "困难", "hard", "4", "5", "高"),
}
YES = ("对", "正确", "√", "✓", "✔", "是", "t", "true", "a", "1", "y", "yes", "r")
NO = ("错", "错误", "×", "✗", "✘", "x", "否", "不正确", "不对", "f", "false", "b", "0", "n", "no", "w")


def plain(word: str) -> str:
    """A word as it is looked up."""
    return "".join(unicodedata.normalize("NFKC", word[:60]).split()).casefold().strip(":.、")


_KINDS = {plain(word): kind for kind, words in KINDS.items() for word in words}
_KINDS |= {plain(word): PART for word in PARTS.values()}
_DIFFICULTIES = {plain(word): level for level, words in DIFFICULTIES.items() for word in words}


def kind_of(word: str) -> str | None:
    """The kind that a word means: a Kind, or PART or SHORT_BY_HAND; None for one that means none."""
    return _KINDS.get(plain(word))


def kind_word(kind: str) -> str:
    return KINDS[kind][0]


def part_kind_of(word: str) -> Kind:
    return Kind.SHORT if "简答" in word or "short" in word.lower() else Kind.ESSAY


def difficulty_of(word: str) -> Difficulty | None:
    """The difficulty that a word means; 难度系数 from 0 to 1 says how many solve it. None for a word that means none."""
    key = plain(word)
    if key in _DIFFICULTIES:
        return _DIFFICULTIES[key]
    if key.startswith("0.") and key[2:].isascii() and key[2:].isdigit() and len(key) < 8:
        solved = Decimal(key)
        steps = [Difficulty.HARD, Difficulty.MEDIUM, Difficulty.EASY]
        return steps[(solved >= Decimal("0.4")) + (solved >= Decimal("0.7"))]
    return None


def difficulty_word(level: Difficulty) -> str:
    return DIFFICULTIES[level][0]


def is_yes(word: str) -> bool | None:
    """Whether a word says that something is right; None when it says neither."""
    key = plain(word)
    if key in YES:
        return True
    return False if key in NO else None
