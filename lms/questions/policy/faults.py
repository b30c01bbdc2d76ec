"""Everything that keeps a question from being asked or marked, each with a key; the words stand in formats/words.py. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from lms.questions.policy.kinds import (
    BLANKS,
    CHOOSING,
    FALSE,
    FULL,
    PART_KINDS,
    PICTURE,
    TRUE,
    Accepted,
    Kind,
    Question,
)

LONGEST = 20_000  # characters of one text
MOST_CHOICES = 26
MOST_ANSWERS = 100
MOST_POINTS = Decimal(1000)
LARGEST = Decimal(10) ** 15


class FaultKind(StrEnum):
    """What can be wrong with a question, and with a file of questions."""

    NO_PROMPT = "no_prompt"
    TOO_LONG = "too_long"
    SIGNS = "signs"  # characters that no text has
    POINTS = "points"
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    NO_RIGHT = "no_right"
    TWO_RIGHT = "two_right"
    UNKNOWN_RIGHT = "unknown_right"
    EMPTY_CHOICE = "empty_choice"
    SAME_CHOICES = "same_choices"
    SAME_KEYS = "same_keys"
    NOT_TWO = "not_two"
    SHARE = "share"
    NO_FULL = "no_full"
    NO_BLANK = "no_blank"
    BLANKS_DIFFER = "blanks_differ"
    BLANK_EMPTY = "blank_empty"
    TOO_FEW_PAIRS = "too_few_pairs"
    PAIR_EMPTY = "pair_empty"
    PAIRS_NOT_ONE = "pairs_not_one"
    TOO_FEW_ITEMS = "too_few_items"
    NO_NUMBER = "no_number"
    TOLERANCE = "tolerance"
    NUMBER_LARGE = "number_large"
    NO_PARTS = "no_parts"
    PART_KIND = "part_kind"
    PART_EMPTY = "part_empty"
    PARTS_SUM = "parts_sum"
    NO_PICTURE = "no_picture"
    # Of files: what a reader does not understand.
    UNKNOWN_KIND = "unknown_kind"
    UNREADABLE = "unreadable"
    NOT_CLOSED = "not_closed"
    NOTHING_ASKED = "nothing_asked"
    DESCRIPTION = "description"
    NO_ANSWER_LINE = "no_answer_line"
    ANSWER_UNKNOWN = "answer_unknown"
    NOT_A_NUMBER = "not_a_number"
    DIFFICULTY = "difficulty"
    STRAY = "stray"
    PICTURE_KIND = "picture_kind"
    PICTURE_LARGE = "picture_large"
    # Of files: nothing is wrong, but something is not as it was there.
    BECAME_CHOICE = "became_choice"
    BECAME_BLANKS = "became_blanks"
    WRONG_LEFT = "wrong_left"
    HINTS_LEFT = "hints_left"


REMARKS = frozenset(
    {FaultKind.BECAME_CHOICE, FaultKind.BECAME_BLANKS, FaultKind.WRONG_LEFT, FaultKind.HINTS_LEFT}
)


@dataclass(frozen=True)
class Fault:
    """What is wrong, with what the sentence names (`formats.words.words_of` says it)."""

    kind: FaultKind
    names: dict[str, str] = field(default_factory=dict)


def fault(kind: FaultKind, /, **names: object) -> Fault:
    """A fault that names these things, each cut to what a sentence can hold."""
    return Fault(kind, {name: str(value)[:60] for name, value in names.items()})


def faults(question: Question) -> list[Fault]:
    """Everything wrong with a question; an empty list means that it can be asked and marked."""
    return [*_common(question), *_pictures(question), *CHECKS[question.kind](question)]


def _common(question: Question) -> Iterable[Fault]:
    if not question.prompt.strip():
        yield fault(FaultKind.NO_PROMPT)
    texts = question.texts()
    if any(len(text) > LONGEST for text in texts):
        yield fault(FaultKind.TOO_LONG, most=LONGEST)
    if any(has_strange_signs(text) for text in texts):
        yield fault(FaultKind.SIGNS)
    if not question.points.is_finite() or not 0 < question.points <= MOST_POINTS:
        yield fault(FaultKind.POINTS, most=MOST_POINTS)


def has_strange_signs(text: str) -> bool:
    """Whether there are characters that no text has: NUL and other controls, halves of a pair."""
    return any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in set(text))


def _pictures(question: Question) -> Iterable[Fault]:
    here = {picture.name for picture in question.pictures}
    for text in question.texts():
        for name in PICTURE.findall(text):
            if name not in here:
                yield fault(FaultKind.NO_PICTURE, name=name)


def _choosing(question: Question) -> Iterable[Fault]:
    keys = [choice.key for choice in question.choices]
    if question.kind == Kind.TRUE_FALSE:
        if sorted(keys) != [FALSE, TRUE]:
            yield fault(FaultKind.NOT_TWO)
    elif len(keys) < 2:
        yield fault(FaultKind.TOO_FEW)
    yield from _listed([(choice.key, choice.text) for choice in question.choices])
    right = set(question.correct)
    if unknown := right - set(keys):
        yield fault(FaultKind.UNKNOWN_RIGHT, keys=", ".join(sorted(unknown)))
    if not right:
        yield fault(FaultKind.NO_RIGHT)
    elif len(right) > 1 and question.kind != Kind.MULTIPLE:
        yield fault(FaultKind.TWO_RIGHT, keys=", ".join(question.correct))
    if any(choice.share is not None and not -FULL <= choice.share <= FULL for choice in question.choices):
        yield fault(FaultKind.SHARE)


def _listed(rows: list[tuple[str, str]]) -> Iterable[Fault]:
    """What may be wrong with any list of keys and texts."""
    if len(rows) > MOST_CHOICES:
        yield fault(FaultKind.TOO_MANY, most=MOST_CHOICES)
    if any(not text.strip() for _key, text in rows):
        yield fault(FaultKind.EMPTY_CHOICE)
    if len({key for key, _text in rows}) < len(rows):
        yield fault(FaultKind.SAME_KEYS)
    texts = [text.strip() for _key, text in rows if text.strip()]
    if twice := next((text for place, text in enumerate(texts) if text in texts[:place]), ""):
        yield fault(FaultKind.SAME_CHOICES, text=twice)


def _accepted(answers: tuple[Accepted, ...]) -> Iterable[Fault]:
    if len(answers) > MOST_ANSWERS:
        yield fault(FaultKind.TOO_MANY, most=MOST_ANSWERS)
    yield from _shares([answer.share for answer in answers])


def _shares(shares: list[Decimal]) -> Iterable[Fault]:
    if any(not 0 <= share <= FULL for share in shares):
        yield fault(FaultKind.SHARE)
    elif shares and FULL not in shares:
        yield fault(FaultKind.NO_FULL)


def _fill_in(question: Question) -> Iterable[Fault]:
    places = len(BLANKS.findall(question.prompt))
    if not places:
        yield fault(FaultKind.NO_BLANK)
    elif places != len(question.blanks):
        yield fault(FaultKind.BLANKS_DIFFER, places=places, answers=len(question.blanks))
    if places > MOST_ANSWERS:
        yield fault(FaultKind.TOO_MANY, most=MOST_ANSWERS)
    for number, blank in enumerate(question.blanks, 1):
        if not any(answer.text.strip() for answer in blank.answers):
            yield fault(FaultKind.BLANK_EMPTY, number=number)
        yield from _accepted(blank.answers)


def _matching(question: Question) -> Iterable[Fault]:
    if len(question.pairs) < 2:
        yield fault(FaultKind.TOO_FEW_PAIRS)
    if any(not pair.left.strip() or not pair.right.strip() for pair in question.pairs):
        yield fault(FaultKind.PAIR_EMPTY)
    rights = [pair.right.strip() for pair in question.pairs] + [text.strip() for text in question.distractors]
    lefts = [pair.left.strip() for pair in question.pairs]
    if len(set(rights)) < len(rights) or len(set(lefts)) < len(lefts):
        yield fault(FaultKind.PAIRS_NOT_ONE)
    if len(rights) > MOST_CHOICES:
        yield fault(FaultKind.TOO_MANY, most=MOST_CHOICES)


def _ordering(question: Question) -> Iterable[Fault]:
    if len(question.items) < 2:
        yield fault(FaultKind.TOO_FEW_ITEMS)
    yield from _listed([(item.key, item.text) for item in question.items])


def _numeric(question: Question) -> Iterable[Fault]:
    if not question.numbers:
        yield fault(FaultKind.NO_NUMBER)
    if len(question.numbers) > MOST_ANSWERS:
        yield fault(FaultKind.TOO_MANY, most=MOST_ANSWERS)
    for number in question.numbers:
        if not number.value.is_finite() or not number.tolerance.is_finite():
            yield fault(FaultKind.NOT_A_NUMBER, text=number.value)
        elif abs(number.value) > LARGEST or number.tolerance > LARGEST:
            yield fault(FaultKind.NUMBER_LARGE)
        elif number.tolerance < 0:
            yield fault(FaultKind.TOLERANCE)
    yield from _shares([number.share for number in question.numbers])


def _short(question: Question) -> Iterable[Fault]:
    if any(not answer.text.strip() for answer in question.answers):
        yield fault(FaultKind.EMPTY_CHOICE)
    yield from _accepted(question.answers)


def _essay(_question: Question) -> Iterable[Fault]:
    return ()


def _case(question: Question) -> Iterable[Fault]:
    if not question.parts:
        yield fault(FaultKind.NO_PARTS)
    if len(question.parts) > MOST_CHOICES:
        yield fault(FaultKind.TOO_MANY, most=MOST_CHOICES)
    for number, part in enumerate(question.parts, 1):
        if part.kind not in PART_KINDS:
            yield fault(FaultKind.PART_KIND, number=number)
        if not part.prompt.strip():
            yield fault(FaultKind.PART_EMPTY, number=number)
        if not part.points.is_finite() or not 0 < part.points <= MOST_POINTS:
            yield fault(FaultKind.POINTS, most=MOST_POINTS)
    if question.parts and sum(part.points for part in question.parts) != question.points:
        total = sum(part.points for part in question.parts)
        yield fault(FaultKind.PARTS_SUM, total=total, points=question.points)


CHECKS: dict[Kind, Callable[[Question], Iterable[Fault]]] = {
    **dict.fromkeys(sorted(CHOOSING), _choosing),
    Kind.FILL_IN: _fill_in,
    Kind.MATCHING: _matching,
    Kind.ORDERING: _ordering,
    Kind.NUMERIC: _numeric,
    Kind.SHORT: _short,
    Kind.ESSAY: _essay,
    Kind.CASE: _case,
}
