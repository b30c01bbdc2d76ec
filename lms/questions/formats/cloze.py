"""Moodle's embedded answers, such as {1:SHORTANSWER:=Paris~%50%Lyon}: each is a blank of a fill-in question."""

from __future__ import annotations

import re
from dataclasses import dataclass
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
ONE_OF = {name + more for name in ("MULTICHOICE", "MC") for more in ("", "V", "H", "S", "VS", "HS")}
ONE_OF |= {f"MULTICHOICE_{more}" for more in ("V", "H", "S", "VS", "HS")}
SOME_OF = {name + more for name in ("MULTIRESPONSE", "MR") for more in ("", "H", "S", "HS")}
SOME_OF |= {f"MULTIRESPONSE_{more}" for more in ("H", "S", "HS")}
EXACT = {"SHORTANSWER_C", "SAC", "MWC"}
SHARE = re.compile(r"%(-?\d{1,3}(?:\.\d{1,10})?)%")
TOKEN = re.compile(r"\\([\s\S])|[\s\S]")
ESCAPES = re.compile(r"[}#~/\"\\]")
MOST = 200


@dataclass(frozen=True)
class Gap:
    """One embedded answer: its kind, and each thing that it names with its share and what is said to it."""

    kind: str
    rows: tuple[Accepted, ...]

    @property
    def blank(self) -> Blank:
        """What is worth something; wrong answers are no answers."""
        return Blank(tuple(row for row in self.rows if row.share > 0))

    @property
    def wrong(self) -> list[str]:
        return [row.text for row in self.rows if row.share <= 0 and row.text not in ("*", "")]


def read(text: str, found: list[Fault]) -> tuple[str, list[Gap]]:
    """The prompt with a blank for each embedded answer, and these."""
    pieces: list[str] = []
    gaps: list[Gap] = []
    place = 0
    while start := START.search(text, place):
        end = _end(text, start.end())
        if end < 0 or len(gaps) >= MOST:
            found.append(fault(FaultKind.NOT_CLOSED))
            break
        kind = start.group(2)
        if kind not in WORDS | NUMBERS | ONE_OF | SOME_OF:
            found.append(fault(FaultKind.UNKNOWN_KIND, kind=kind))
        pieces += [text[place : start.start()], BLANK]
        gaps.append(Gap(kind, _answers(text[start.end() : end], kind in NUMBERS)))
        place = end + 1
    return "".join([*pieces, text[place:]]), gaps


def is_choice(gaps: list[Gap]) -> bool:
    """Whether the text asks for one thing, among choices: then it is a question with choices."""
    return len(gaps) == 1 and gaps[0].kind in ONE_OF | SOME_OF


def blanks_of(gaps: list[Gap], found: list[Fault]) -> tuple[tuple[Blank, ...], bool]:
    """What may stand in each blank, and whether capitals count. Of a choice the right ones are accepted, which is said;
    several right ones at once are more than a blank can ask for."""
    for number, gap in enumerate(gaps, 1):
        if gap.kind in SOME_OF:
            found.append(fault(FaultKind.UNKNOWN_KIND, kind=gap.kind))
        elif gap.kind in ONE_OF:
            found.append(fault(FaultKind.BECAME_BLANKS, number=number, text="、".join(gap.wrong) or "—"))
        elif gap.wrong:
            found.append(fault(FaultKind.WRONG_LEFT, text="、".join(gap.wrong)))
    return tuple(gap.blank for gap in gaps), any(gap.kind in EXACT for gap in gaps)


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
    answers = []
    for piece in _split(text, "~")[:MOST]:
        if not piece.strip():  # before a ~ at the beginning
            continue
        share = Decimal(0)
        if piece.startswith("="):
            share, piece = FULL, piece[1:]
        if named := SHARE.match(piece):
            share, piece = Decimal(named.group(1)), piece[named.end() :]
        said, *remark = _split(piece, "#")
        words = _plain(said)
        if are_numbers:
            words = words.partition(":")[0]
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
