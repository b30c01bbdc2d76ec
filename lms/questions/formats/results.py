"""What reading a file of questions gives, and what writing one leaves out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.states import Refused
from lms.questions.policy import REMARKS, Fault, FaultKind, Question, fault, faults

MAX_BYTES = 20 * 1024 * 1024
MOST_QUESTIONS = 20_000
MOST_FAULTS = 8  # of one question: more help nobody


class FileRefused(Refused):
    """The file as a whole cannot be read; the message says what to do."""


@dataclass(frozen=True)
class Entry:
    """One question of a file: its number there, the line or row where it begins, and everything wrong with it.

    `is_note`: nothing that is asked (a description), passed over on purpose.
    """

    number: int
    line: int
    question: Question | None
    faults: tuple[Fault, ...] = ()
    label: str = ""
    is_note: bool = False
    remarks: tuple[Fault, ...] = ()  # what is not as it was in the file, though nothing is wrong

    @property
    def is_good(self) -> bool:
        return self.question is not None and not self.faults and not self.is_note


def entry(
    number: int, line: int, question: Question | None, found: Sequence[Fault], label: str = ""
) -> Entry:
    """A question as it was read, with what the reader found wrong or changed, and then with what is wrong with any question
    so."""
    remarks = tuple(each for each in found if each.kind in REMARKS)[:MOST_FAULTS]
    found = [each for each in found if each.kind not in REMARKS]
    own = [] if question is None else faults(question)
    kinds = {each.kind for each in found}
    every = [*found, *(each for each in own if each.kind not in kinds)]
    if question is None and not every:
        every = [fault(FaultKind.UNREADABLE)]
    prompt = question.prompt if question is not None else label
    return Entry(number, line, question, tuple(every[:MOST_FAULTS]), short(prompt), remarks=remarks)


def note(number: int, line: int, label: str) -> Entry:
    """A text that asks nothing: passed over, and said so."""
    return Entry(number, line, None, (fault(FaultKind.DESCRIPTION),), short(label), is_note=True)


def short(text: str) -> str:
    """The beginning of a text, to recognise a question by."""
    return " ".join(text[:200].split())[:60].strip()


@dataclass(frozen=True)
class Loss:
    """What a format could not say of one question: names of fields, or the whole question (`is_whole`)."""

    number: int
    key: str
    label: str
    fields: tuple[str, ...]
    is_whole: bool = False


@dataclass(frozen=True)
class Written:
    """A file and what is not in it, by question. Nothing is left out silently."""

    content: bytes
    losses: tuple[Loss, ...] = ()


def loss(number: int, question: Question, fields: Sequence[str], *, whole: bool = False) -> list[Loss]:
    """One loss, or none where nothing is lost."""
    if not fields:
        return []
    return [Loss(number, question.key, short(question.prompt), tuple(dict.fromkeys(fields)), whole)]
