"""What stands between the braces of GIFT: each kind of answer has its signs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lms.questions.formats.numbers import decimal_of
from lms.questions.formats.tags import shares_of
from lms.questions.policy import (
    BLANKS,
    FALSE,
    FULL,
    TRUE,
    Accepted,
    Blank,
    Choice,
    Fault,
    FaultKind,
    Kind,
    Number,
    Pair,
    fault,
    letter,
    true_or_false,
)

Words = Callable[[str], str]
SPLIT = re.compile(r"([=~])")
SHARE = re.compile(r"%(-?\d{1,3}(?:\.\d{1,10})?)%")
YES = ("T", "TRUE", "对", "正确")
NO = ("F", "FALSE", "错", "错误")
MOST = 200


@dataclass(frozen=True)
class Said:
    """One answer: its sign, its text as it stands, its share (None: none named) and what is said to it."""

    sign: str
    text: str
    share: Decimal | None
    feedback: str


def read_answer(
    inside: str, prompt: str, words: Words, found: list[Fault]
) -> tuple[Kind | None, dict[str, Any]]:
    """The kind of a question and its fields. `words` makes a text of a piece. None, and a fault, for what is no answer."""
    body, _sign, general = inside.partition("####")
    more = {"explanation": words(general)} if general.strip() else {}
    body = body.strip()
    if not body:
        return Kind.ESSAY, more
    if body.startswith("#"):
        return Kind.NUMERIC, more | _numeric(body[1:], words, found)
    if body.startswith(">"):
        return Kind.ORDERING, more | _ordering(body, words)
    if body.split("#", 1)[0].strip().upper() in (*YES, *NO):
        return Kind.TRUE_FALSE, more | _true_false(body, words)
    answers = _answers(body, words, found)
    if not answers:
        found.append(fault(FaultKind.NOTHING_ASKED))
        return None, {}
    return _with_signs(answers, prompt, words, more)


def _with_signs(
    answers: list[Said], prompt: str, words: Words, more: dict[str, Any]
) -> tuple[Kind | None, dict[str, Any]]:
    signs = {each.sign for each in answers}
    if signs == {"="}:
        if all("->" in each.text for each in answers):
            return Kind.MATCHING, more | _matching(answers, words)
        kind = Kind.FILL_IN if len(BLANKS.findall(prompt)) == 1 else Kind.SHORT
        accepted = tuple(
            Accepted(words(each.text), FULL if each.share is None else each.share, each.feedback)
            for each in answers
        )
        return kind, more | (
            {"blanks": (Blank(accepted),)} if kind == Kind.FILL_IN else {"answers": accepted}
        )
    if signs == {"~"} and any(each.share is not None for each in answers):
        return Kind.MULTIPLE, more | _multiple(answers, words)
    return Kind.SINGLE, more | _single(answers, words)


def _answers(body: str, words: Words, found: list[Fault]) -> list[Said]:
    pieces = SPLIT.split(body)
    if pieces[0].strip():
        found.append(fault(FaultKind.STRAY, text=words(pieces[0])))
    pairs = list(zip(pieces[1::2], pieces[2::2], strict=True))
    if len(pairs) > MOST:
        found.append(fault(FaultKind.TOO_MANY, most=MOST))
    return [_said(sign, piece, words, found) for sign, piece in pairs[:MOST]]


def _said(sign: str, piece: str, words: Words, found: list[Fault]) -> Said:
    piece, share = piece.strip(), None
    if named := SHARE.match(piece):
        share, piece = Decimal(named.group(1)), piece[named.end() :]
    elif piece.startswith("%") and piece.count("%") > 1:
        found.append(fault(FaultKind.NOT_A_NUMBER, text=words(piece)))
    text, _sign, feedback = piece.partition("#")
    return Said(sign, text, share, words(feedback))


def _single(answers: list[Said], words: Words) -> dict[str, Any]:
    """Where the file gives shares, choices have those; else only the right one counts."""
    own = any(each.share is not None for each in answers)
    choices, right = [], []
    for place, each in enumerate(answers):
        is_right = each.sign == "=" or each.share == FULL
        share = each.share if each.share is not None else FULL if is_right else Decimal(0)
        choices.append(Choice(letter(place), words(each.text), share if own else None, each.feedback))
        right += [letter(place)] if is_right else []
    return {"choices": tuple(choices), "correct": tuple(right)}


def _multiple(answers: list[Said], words: Words) -> dict[str, Any]:
    rows = [(words(each.text), each.share or Decimal(0), each.feedback) for each in answers]
    return multiple(rows)


def multiple(rows: list[tuple[str, Decimal, str]]) -> dict[str, Any]:
    """Choices of which several are right: whatever is worth something. Equal shares, and everything lost by a wrong one,
    are what the paper's rule says anyway: then the choices have none of their own."""
    right = [place for place, row in enumerate(rows) if row[1] > 0]
    usual = all(
        abs(share - (shares_of(len(right)) if place in right else -FULL)) < Decimal("0.01")
        for place, (_text, share, _feedback) in enumerate(rows)
    )
    choices = [
        Choice(letter(place), text, None if usual else share, feedback)
        for place, (text, share, feedback) in enumerate(rows)
    ]
    return {"choices": tuple(choices), "correct": tuple(letter(place) for place in right)}


def _true_false(body: str, words: Words) -> dict[str, Any]:
    """After the answer: what is said to a wrong answer, then to the right one."""
    said, *feedback = body.split("#")
    is_true = said.strip().upper() in YES
    wrong, right = (*(words(each) for each in feedback[:2]), "", "")[:2]
    said_to = (right, wrong) if is_true else (wrong, right)
    return {"choices": true_or_false(said=said_to), "correct": (TRUE if is_true else FALSE,)}


def _matching(answers: list[Said], words: Words) -> dict[str, Any]:
    pairs: list[Pair] = []
    distractors = []
    for each in answers:
        left, _arrow, right = each.text.partition("->")
        if left.strip():
            pairs.append(Pair(letter(len(pairs)), words(left), words(right)))
        else:
            distractors.append(words(right))
    return {"pairs": tuple(pairs), "distractors": tuple(distractors)}


def _ordering(body: str, words: Words) -> dict[str, Any]:
    """The first line holds settings; every further line is an item, in its right order."""
    lines = [line for line in body.split("\n")[1:] if line.strip()]
    return {"items": tuple(Choice(letter(place), words(line)) for place, line in enumerate(lines[:MOST]))}


def _numeric(body: str, words: Words, found: list[Fault]) -> dict[str, Any]:
    answers = (
        _answers(body, words, found) if body.lstrip().startswith("=") else [_said("=", body, words, found)]
    )
    numbers = [number for each in answers if (number := _number(each, found)) is not None]
    return {"numbers": tuple(numbers)}


def _number(said: Said, found: list[Fault]) -> Number | None:
    text = said.text.replace("\ufdd5", ":").strip()
    low, _dots, high = text.partition("..")
    value, _colon, tolerance = text.partition(":")
    ends = (decimal_of(low), decimal_of(high)) if high else (decimal_of(value), decimal_of(tolerance or "0"))
    first, second = ends
    if first is None or second is None:
        found.append(fault(FaultKind.NOT_A_NUMBER, text=text))
        return None
    share = FULL if said.share is None else said.share
    if high:
        return Number((first + second) / 2, abs(second - first) / 2, share, said.feedback)
    return Number(first, second, share, said.feedback)
