"""Moodle's embedded answers, such as {1:SHORTANSWER:=Paris~%50%Lyon}: each is a blank of a fill-in question."""

from __future__ import annotations

import re
from decimal import Decimal

from lms.questions.policy import (
    BLANK,
    BLANKS,
    FULL,
    Accepted,
    Blank,
    Fault,
    FaultKind,
    Question,
    fault,
    plain,
)

START = re.compile(r"\{(\d{0,3}):([A-Z_]{1,20}):")
WORDS = {"SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"}
NUMBERS = {"NUMERICAL", "NM"}
EXACT = {"SHORTANSWER_C", "SAC", "MWC"}
SHARE = re.compile(r"%(-?\d{1,3}(?:\.\d{1,10})?)%")
TOKEN = re.compile(r"\\([\s\S])|[\s\S]")
ESCAPES = re.compile(r"[}#~/\"\\]")
MOST = 200


def read(text: str, found: list[Fault]) -> tuple[str, tuple[Blank, ...], bool]:
    """The prompt with blanks, what may stand in each, and whether capitals count."""
    pieces: list[str] = []
    blanks: list[Blank] = []
    exact, place = False, 0
    while start := START.search(text, place):
        end = _end(text, start.end())
        if end < 0 or len(blanks) >= MOST:
            found.append(fault(FaultKind.NOT_CLOSED))
            break
        kind = start.group(2)
        if kind not in WORDS | NUMBERS:
            found.append(fault(FaultKind.UNKNOWN_KIND, kind=kind))
        exact = exact or kind in EXACT
        pieces += [text[place : start.start()], BLANK]
        blanks.append(Blank(_answers(text[start.end() : end], kind in NUMBERS)))
        place = end + 1
    return "".join([*pieces, text[place:]]), tuple(blanks), exact


def _end(text: str, place: int) -> int:
    """Where the brace closes that is not escaped; -1 where none does."""
    while (end := text.find("}", place)) >= 0:
        before = end
        while before and text[before - 1] == "\\":
            before -= 1
        if (end - before) % 2 == 0:
            return end
        place = end + 1
    return -1


def _split(text: str, sign: str) -> list[str]:
    """The pieces between signs that are not escaped, still escaped themselves."""
    parts: list[list[str]] = [[]]
    for token in TOKEN.finditer(text):
        if token.group() == sign:
            parts.append([])
        else:
            parts[-1].append(token.group())
    return ["".join(part) for part in parts]


def _plain(text: str) -> str:
    return TOKEN.sub(lambda token: token.group(1) or token.group(), text).strip()


def _answers(text: str, are_numbers: bool) -> tuple[Accepted, ...]:
    """What is worth something; wrong answers with a remark are no answers."""
    answers = []
    for piece in _split(text, "~")[:MOST]:
        share = Decimal(0)
        if piece.startswith("="):
            share, piece = FULL, piece[1:]
        if named := SHARE.match(piece):
            share, piece = Decimal(named.group(1)), piece[named.end() :]
        said, *remark = _split(piece, "#")
        words = _plain(said)
        if are_numbers:
            words = words.partition(":")[0]
        if share > 0:
            answers.append(Accepted(words, share, _plain("#".join(remark))))
    return tuple(answers)


def write(question: Question) -> str:
    """The prompt of a fill-in question with its answers in its blanks."""
    kind = "SHORTANSWER_C" if question.exact_case else "SHORTANSWER"
    blanks = iter(question.blanks)

    def embed(_found: re.Match[str]) -> str:
        return f"{{1:{kind}:{'~'.join(_written(each) for each in next(blanks).answers)}}}"

    return BLANKS.sub(embed, question.prompt)


def _written(answer: Accepted) -> str:
    is_plain = answer.share == FULL and not answer.text.startswith("%")
    weight = "=" if is_plain else f"%{plain(answer.share)}%"
    remark = f"#{_escape(answer.feedback)}" if answer.feedback else ""
    return weight + _escape(answer.text) + remark


def _escape(text: str) -> str:
    return ESCAPES.sub(r"\\\g<0>", text)
