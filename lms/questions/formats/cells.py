"""Several things in one text: lines, alternatives set apart by |, and a backslash before a sign that means itself.

`|` sets accepted answers apart, `%50%` before one is its share of the points, `##` after it what is said to whoever gives it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from lms.questions.formats.numbers import decimal_of
from lms.questions.policy import FULL, Accepted, Fault, FaultKind, Number, fault, plain

SIGNS = "\\|%#>±=;；/"
ESCAPED = {"\n": "\\n", **{sign: "\\" + sign for sign in SIGNS}}
TOKENS = re.compile(r"\\[n\\|%#>±=;；/]|[\s\S]")
MARKS = {sign: chr(0xFDD0 + place) for place, sign in enumerate(SIGNS)}  # no characters, see encodings
PLAIN = {mark: sign for sign, mark in MARKS.items()}
SHARE = re.compile(r"%(-?\d{1,3}(?:\.\d{1,10})?)%")
STRANGE = re.compile("[\ufdd0-\ufdef]")


def escape(text: str, signs: str = "\\\n") -> str:
    """A text in which these signs mean themselves; the backslash and the end of a line always."""
    wanted = set(signs) | {"\\", "\n"}
    return "".join(ESCAPED[sign] if sign in wanted else sign for sign in text)


def marked(text: str) -> str:
    """The text with its escaped signs taken out of the way, until `unmarked`."""

    def take(found: re.Match[str]) -> str:
        token = found.group()
        if len(token) == 1:
            return token
        return "\n" if token == "\\n" else MARKS[token[1]]

    if "\\" not in text:
        return text
    return TOKENS.sub(take, STRANGE.sub("", text))


def unmarked(text: str) -> str:
    return "".join(PLAIN.get(sign, sign) for sign in text)


def lines_of(text: str) -> list[str]:
    """The lines that are not empty, each with its escaped signs out of the way."""
    return [marked(line.strip()) for line in text.split("\n") if line.strip()]


def _framed(text: str, share: Decimal, feedback: str) -> str:
    before = "" if share == FULL else f"%{plain(share)}%"
    after = f"##{escape(feedback, '|#')}" if feedback else ""
    return before + text + after


def _unframed(piece: str, faults: list[Fault]) -> tuple[str, Decimal, str]:
    share, piece = FULL, piece.strip()
    if found := SHARE.match(piece):
        share, piece = Decimal(found.group(1)), piece[found.end() :]
    elif piece.startswith("%") and piece.count("%") > 1:
        faults.append(fault(FaultKind.NOT_A_NUMBER, text=unmarked(piece)))
    text, _sign, feedback = piece.partition("##")
    return unmarked(text.strip()), share, unmarked(feedback.strip())


def write_answers(answers: Sequence[Accepted]) -> str:
    """Accepted answers in one line."""
    return "|".join(_framed(escape(each.text, "|%#"), each.share, each.feedback) for each in answers)


def read_answers(line: str, faults: list[Fault]) -> tuple[Accepted, ...]:
    """Accepted answers of a line that went through `marked`."""
    pieces = [piece for piece in re.split(r"[|｜]", line) if piece.strip()]
    return tuple(Accepted(*_unframed(piece, faults)) for piece in pieces)


def write_number(number: Number) -> str:
    value = plain(number.value) + (f"±{plain(number.tolerance)}" if number.tolerance else "")
    return _framed(value, number.share, number.feedback)


def read_number(line: str, faults: list[Fault]) -> Number | None:
    """A number, with ± and what it may differ by, or from … to …; None, and a fault, for anything else."""
    text, share, feedback = _unframed(line, faults)
    low, _sign, high = text.replace("～", "~").replace("..", "~").partition("~")
    if high:
        ends = decimal_of(low), decimal_of(high)
        if ends[0] is not None and ends[1] is not None:
            return Number((ends[0] + ends[1]) / 2, abs(ends[1] - ends[0]) / 2, share, feedback)
    value, _sign, tolerance = text.replace("+-", "±").partition("±")
    found, around = decimal_of(value), decimal_of(tolerance or "0")
    if found is None or around is None:
        faults.append(fault(FaultKind.NOT_A_NUMBER, text=text))
        return None
    return Number(found, around, share, feedback)
