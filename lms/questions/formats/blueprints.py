"""Blueprints as editors write them: a line of text for so many questions of a kind."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from lms.questions.formats.drafts import split_path
from lms.questions.formats.labels import PART, SHORT_BY_HAND, difficulty_of, kind_of
from lms.questions.policy import Kind, Line

MOST_LINES, MOST_QUESTIONS, MOST_MARKS, LONGEST_HEADING = 50, 300, 100, 100
ANYTHING = ("", "不限", "任意", "any")
BETWEEN = re.compile(r"[|｜]")


class Unreadable(ValueError):
    """What is wrong with a line, in words."""


def read_blueprint(text: str) -> tuple[list[Line], list[str]]:
    """The lines of a blueprint, and what is wrong with it: a sentence for each line, by its number. A line that begins with #
    is the heading of those below it."""
    rows = [row.strip() for row in text[:20_000].splitlines() if row.strip()]
    lines: list[Line] = []
    faults: list[str] = []
    section = ""
    for number, row in enumerate(rows[:MOST_LINES], 1):
        if row[0] in "#＃":
            section = row.lstrip("#＃ ")[:LONGEST_HEADING]
            continue
        try:
            lines.append(replace(_line(row), section=section))
        except Unreadable as wrong:
            faults.append(_("Line %(number)s: %(words)s") % {"number": number, "words": wrong})
    if len(rows) > MOST_LINES or sum(line.count for line in lines) > MOST_QUESTIONS:
        words = _("A paper has at most %(lines)s lines and %(most)s questions. Ask for fewer.")
        faults.append(words % {"lines": MOST_LINES, "most": MOST_QUESTIONS})
    return lines, faults


def _line(row: str) -> Line:
    fields = [field.strip() for field in BETWEEN.split(row)]
    if len(fields) not in (4, 5):
        raise Unreadable(
            _("Write five fields with | between them: knowledge point | difficulty | kind | number | marks.")
        )
    point = () if fields[0] in ANYTHING else split_path(fields[0])
    count, marks = _number(fields[3], MOST_QUESTIONS), _marks(fields[4] if fields[4:] else "1")
    return Line(count, point, _difficulty(fields[1]), _kind(fields[2]), marks)


def _difficulty(word: str) -> str:
    if word in ANYTHING:
        return ""
    level = difficulty_of(word)
    if level is None:
        raise Unreadable(_("“%(word)s” is no difficulty. Write 易, 中, 难 or 不限.") % {"word": word[:40]})
    return level.value


def _kind(word: str) -> str:
    if word in ANYTHING:
        return ""
    kind = kind_of(word)
    if kind == SHORT_BY_HAND:
        return Kind.SHORT.value
    if kind is None or kind == PART:
        raise Unreadable(
            _(
                "“%(word)s” is no kind of question. Write 单选, 多选, 判断, 填空, 匹配, 排序, 数值, 简答, 论述, 案例 "
                "or 不限."
            )
            % {"word": word[:40]}
        )
    return Kind(kind).value


def _marks(text: str) -> int:
    """What each question of a line is worth; nothing or 0: as much as it says itself."""
    return 0 if text in ("", "0") else _number(text, MOST_MARKS)


def _number(text: str, most: int) -> int:
    number = int(text) if text.isdecimal() and len(text) < 5 else 0
    if not 1 <= number <= most:
        words = _("“%(text)s” is no number from 1 to %(most)s.")
        raise Unreadable(words % {"text": text[:40], "most": most})
    return number


def blueprint_data(lines: list[Line]) -> list[dict[str, Any]]:
    """The lines as they are kept."""
    return [
        {
            "count": each.count,
            "point": list(each.point),
            "difficulty": each.difficulty,
            "kind": each.kind,
            "marks": each.marks,
            **({"section": each.section} if each.section else {}),
        }
        for each in lines
    ]


def blueprint_from(data: list[dict[str, Any]]) -> list[Line]:
    """The lines that were kept."""
    return [Line(**{**row, "point": tuple(row["point"])}) for row in data]
