"""Aiken: a prompt, choices with letters, and a line with the letter of the right one. Nothing else can be said in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lms.questions.formats.encodings import decoded
from lms.questions.formats.results import MOST_QUESTIONS, Entry, Loss, Written, entry, loss
from lms.questions.policy import (
    CHOOSING,
    Choice,
    Difficulty,
    Fault,
    FaultKind,
    Kind,
    Question,
    fault,
    letter,
)

CHOICE = re.compile(r"([A-ZＡ-Ｚ])\s{0,4}[.)．、）：:]\s*(.*)")
ANSWER = re.compile(r"(?:ANSWER|答案|正确答案)\s{0,4}[:：]\s*(.*)", re.IGNORECASE)
EXPLANATION = re.compile(r"(?:FEEDBACK|解析)\s{0,4}[:：]\s*(.*)", re.IGNORECASE)
LETTERS = re.compile(r"[A-Z](?:[\s,，、;；/]{0,4}[A-Z]){0,25}")
LONGEST = 50_000


@dataclass
class _Block:
    """The lines of one question so far."""

    line: int = 0
    prompt: list[str] = field(default_factory=list)
    choices: list[tuple[str, str]] = field(default_factory=list)
    answer: str | None = None
    explanation: str = ""
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_begun(self) -> bool:
        return bool(self.prompt or self.choices or self.answer is not None)


def read(content: bytes) -> Iterator[Entry]:
    """The questions of an Aiken file. Several letters make a question with several right answers."""
    block, number = _Block(), 0
    for place, line in enumerate(decoded(content).split("\n"), 1):
        line = line.strip()[:LONGEST]
        if not line:
            continue
        if block.answer is not None and not (said := EXPLANATION.match(line)):
            number += 1
            if number > MOST_QUESTIONS:
                yield Entry(number, place, None, (fault(FaultKind.TOO_MANY, most=MOST_QUESTIONS),))
                return
            yield _entry(number, block)
            block = _Block()
        elif block.answer is not None and said:
            block.explanation = said.group(1).strip()
            continue
        _take(block, place, line)
    if block.is_begun:
        yield _entry(number + 1, block)


def _take(block: _Block, place: int, line: str) -> None:
    block.line = block.line or place
    if answer := ANSWER.fullmatch(line):
        block.answer = answer.group(1).strip()
    elif (choice := CHOICE.fullmatch(line)) and block.prompt:
        block.choices.append((unicodedata.normalize("NFKC", choice.group(1)), choice.group(2).strip()))
    elif block.choices:
        block.faults.append(fault(FaultKind.STRAY, text=line))
    else:
        block.prompt.append(line)


def _entry(number: int, block: _Block) -> Entry:
    found = list(block.faults)
    said = unicodedata.normalize("NFKC", (block.answer or "")[:200]).upper()
    right = tuple(dict.fromkeys(re.findall(r"[A-Z]", said))) if LETTERS.fullmatch(said) else ()
    if block.answer is None:
        found.append(fault(FaultKind.NO_ANSWER_LINE))
    elif not right:
        found.append(fault(FaultKind.ANSWER_UNKNOWN, text=block.answer))
    if [key for key, _text in block.choices] != [letter(place) for place in range(len(block.choices))]:
        found.append(fault(FaultKind.SAME_KEYS))
    question = Question(
        key="",
        kind=Kind.MULTIPLE if len(right) > 1 else Kind.SINGLE,
        prompt=" ".join(block.prompt),
        choices=tuple(Choice(letter(place), text) for place, (_key, text) in enumerate(block.choices)),
        correct=right,
        explanation=block.explanation,
    )
    return entry(number, block.line, question, found)


def write(questions: Sequence[Question]) -> Written:
    """The single-choice questions as Aiken; what it has no word for is said, by question."""
    pieces: list[str] = []
    losses: list[Loss] = []
    for number, question in enumerate(questions, 1):
        if whole := unsaid(question):
            losses += loss(number, question, whole, whole=True)
            continue
        losses += loss(number, question, lost(question))
        lines = [_line(question.prompt)]
        lines += [f"{letter(place)}. {_line(each.text)}" for place, each in enumerate(question.choices)]
        right = next(place for place, each in enumerate(question.choices) if each.key in question.correct)
        pieces.append("\n".join([*lines, f"ANSWER: {letter(right)}"]) + "\n")
    return Written("\n".join(pieces).encode("utf-8", "replace"), tuple(losses))


def unsaid(question: Question) -> list[str]:
    """Why a question cannot be written at all."""
    if question.kind not in CHOOSING or question.kind == Kind.MULTIPLE:
        return ["kind"]
    prompt = _line(question.prompt)
    is_other = CHOICE.fullmatch(prompt) or ANSWER.fullmatch(prompt) or EXPLANATION.match(prompt)
    return ["prompt"] if is_other or not prompt or len(question.choices) > 26 else []


def lost(question: Question) -> list[str]:
    """The fields that are left out."""
    names = ("key", "title", "point", "explanation", "tags", "source", "pictures")
    found = [name for name in names if getattr(question, name)]
    found += ["kind"] if question.kind != Kind.SINGLE else []
    found += ["difficulty"] if question.difficulty != Difficulty.MEDIUM else []
    found += ["points"] if question.points != 1 else []
    found += ["shares"] if any(each.share is not None for each in question.choices) else []
    found += ["feedback"] if any(each.feedback for each in question.choices) else []
    texts = [question.prompt, *(each.text for each in question.choices)]
    return found + (["lines"] if any(_line(text) != text for text in texts) else [])


def _line(text: str) -> str:
    return " ".join(part.strip() for part in text.split("\n") if part.strip()).strip()
