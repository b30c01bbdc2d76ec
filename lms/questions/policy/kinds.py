"""A question of a bank, whatever its kind, as frozen facts. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

BLANK = "____"
BLANKS = re.compile(r"_{3,}")  # how a blank is written in a prompt
PICTURE = re.compile(r"\[\[picture:([^\[\]\n]{1,300})\]\]")  # where a picture stands in a text
FULL = Decimal(100)


class Kind(StrEnum):
    """What is asked for. The first three are those of the check questions in lessons (core.blocks.policy)."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"
    FILL_IN = "fill_in"
    MATCHING = "matching"
    ORDERING = "ordering"
    NUMERIC = "numeric"
    SHORT = "short"
    ESSAY = "essay"
    CASE = "case"


CHOOSING = frozenset({Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE})
PART_KINDS = frozenset({Kind.SHORT, Kind.ESSAY})
TRUE, FALSE = "true", "false"


class Difficulty(StrEnum):
    """The three steps that papers are planned by (易、中、难): nobody judges finer than that before it was answered."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


@dataclass(frozen=True)
class Choice:
    """One choice, or one item to be put in order. `share`: what choosing it is worth in per cent of the points, where
    the question says so itself; None: as the rule of the paper says."""

    key: str
    text: str
    share: Decimal | None = None
    feedback: str = ""


@dataclass(frozen=True)
class Accepted:
    """An answer in words that is accepted, and for how much of the points (per cent)."""

    text: str
    share: Decimal = FULL
    feedback: str = ""


@dataclass(frozen=True)
class Blank:
    """One blank of a prompt with what may stand in it."""

    answers: tuple[Accepted, ...]


@dataclass(frozen=True)
class Pair:
    """What belongs together; `left` is shown, `right` is looked for."""

    key: str
    left: str
    right: str


@dataclass(frozen=True)
class Number:
    """A number that is accepted, give or take the tolerance, and for how much of the points (per cent)."""

    value: Decimal
    tolerance: Decimal = Decimal(0)
    share: Decimal = FULL
    feedback: str = ""


@dataclass(frozen=True)
class Part:
    """One of the questions below a case: `answer` is what the marker compares with."""

    key: str
    prompt: str
    points: Decimal
    kind: Kind = Kind.ESSAY
    answer: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture that stands in a text of the question, by its name. `alt`: what it shows, for whoever cannot see it."""

    name: str
    type: str
    data: bytes
    alt: str = ""


@dataclass(frozen=True)
class Question:
    """One question. What its kind does not need is empty. `point` is the path of its knowledge point, the subject first.

    Single, multiple, true_false: `choices` and the keys of the right ones. Fill-in: a blank for every `____` of the prompt.
    Matching: `pairs`, and right sides that belong to nothing. Ordering: `items` in their right order. Numeric: `numbers`.
    Short: `answers`, or none: then it is marked by hand, as an essay is, against `model`. Case: the prompt is the material.
    """

    key: str
    kind: Kind
    prompt: str
    title: str = ""
    point: tuple[str, ...] = ()
    difficulty: Difficulty = Difficulty.MEDIUM
    points: Decimal = Decimal(1)
    explanation: str = ""
    tags: tuple[str, ...] = ()
    source: str = ""
    choices: tuple[Choice, ...] = ()
    correct: tuple[str, ...] = ()
    blanks: tuple[Blank, ...] = ()
    pairs: tuple[Pair, ...] = ()
    distractors: tuple[str, ...] = ()
    items: tuple[Choice, ...] = ()
    numbers: tuple[Number, ...] = ()
    unit: str = ""
    answers: tuple[Accepted, ...] = ()
    exact_case: bool = False  # of answers in words: whether A and a differ
    model: str = ""
    parts: tuple[Part, ...] = ()
    pictures: tuple[Picture, ...] = ()

    @property
    def subject(self) -> str:
        return self.point[0] if self.point else ""

    @property
    def by_hand(self) -> bool:
        """Whether somebody has to read the answer."""
        return self.kind in (Kind.ESSAY, Kind.CASE) or (self.kind == Kind.SHORT and not self.answers)

    @property
    def right(self) -> tuple[Choice, ...]:
        """The choices that are right, as they stand."""
        return tuple(choice for choice in self.choices if choice.key in self.correct)

    def texts(self) -> list[str]:
        """Every text that is shown or compared, the prompt first."""
        found = [self.prompt, self.explanation, self.model, self.title, self.source, self.unit]
        found += [each.text for each in (*self.choices, *self.items)]
        found += [each.feedback for each in self.choices]
        for answers in (self.answers, *(blank.answers for blank in self.blanks)):
            found += [text for each in answers for text in (each.text, each.feedback)]
        found += [text for pair in self.pairs for text in (pair.left, pair.right)]
        found += [text for part in self.parts for text in (part.prompt, part.answer)]
        found += [picture.alt for picture in self.pictures]
        return [*found, *self.distractors, *self.tags, *self.point, *(each.feedback for each in self.numbers)]


def letter(place: int) -> str:
    """The key of a choice by its place: A, B … Z, then A1, B1 …"""
    turn, sign = divmod(place, 26)
    return chr(ord("A") + sign) + (str(turn) if turn else "")


def true_or_false(yes: str = "对", no: str = "错", said: tuple[str, str] = ("", "")) -> tuple[Choice, Choice]:
    """The choices of a true-or-false question, with what is said to whoever takes them."""
    return Choice(TRUE, yes, None, said[0]), Choice(FALSE, no, None, said[1])
