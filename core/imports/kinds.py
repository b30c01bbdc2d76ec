"""What a kind of table brings along: its columns, and who checks and writes its rows. Kinds register themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any, Protocol

from django.db import IntegrityError
from django.utils.functional import lazy

from core.imports.models import AUTHORED, SheetImport
from core.imports.states import Outcome
from core.jobs.queries import Place
from core.sheets.reading import Column, Row

later: Callable[[Callable[[], str]], Any] = lazy(lambda words: words(), str)
"""A sentence with values that is said anew in each language: `later(lambda: _("Row %(row)s") % {"row": 3})`."""


@dataclass(frozen=True)
class Verdict:
    """What a row is: new, known already (`subject_id` says as what) or wrong (in which column, and why)."""

    row: Row
    outcome: Outcome
    label: str
    column: object = ""  # texts, or lazy ones: they are kept in every language
    message: object = ""
    subject_id: int | None = None
    payload: Any = None  # what the kind needs to write a new row


class TakenMeanwhile(IntegrityError):
    """What these rows need has been taken since they were checked. Like a constraint that says no: they are written
    again one by one, and whoever finds nothing any more is named, with this sentence and the column that it is about."""

    def __init__(self, sentence: object, column: object = "") -> None:
        super().__init__(str(sentence))
        self.sentence, self.column = sentence, column  # texts or lazy ones, as of a Verdict


class Checker(Protocol):
    """One pass over one file. It remembers what it has seen, so that a row that stands there twice is found."""

    def refusal(self) -> str:
        """Why nothing of this kind may be taken over here as things stand now; "" when it may."""

    def check(self, rows: Sequence[Row]) -> list[Verdict]:
        """A verdict for each of at most 500 rows, in a constant number of statements."""

    def write(self, verdicts: Sequence[Verdict]) -> list[int]:
        """Write rows that `check` has just found new, in this transaction; the id of what each became.

        Raises IntegrityError (of a constraint, or TakenMeanwhile with what to say of the row) when somebody was a moment
        faster.
        """

    def finish(self) -> None:
        """Once, when all is written, in a transaction of its own."""


@dataclass(frozen=True)
class Kind:
    """A kind of table: its columns, who reads it, and what its import is called."""

    key: str
    columns: Sequence[Column]
    checker: Callable[[SheetImport], Checker]
    place: Callable[[SheetImport], Place | None] = lambda sheet: None
    then: Callable[[SheetImport], Place | None] = lambda sheet: None  # where what was taken over stands now
    # What is no table: its rows, read by the kind itself; None: a table with these columns. Raises SheetRefused.
    rows: Callable[[IO[bytes]], Iterator[Row]] | None = None
    mend: Callable[[SheetImport, int], str] | None = None  # where a wrong row can be put right, by its number
    is_authored: bool = False  # instructors send it too: it holds nothing about people


_kinds: dict[str, Kind] = {}


def import_kind(kind: Kind) -> Kind:
    """Register a kind of table."""
    _kinds[kind.key] = kind
    if kind.is_authored:
        AUTHORED.add(kind.key)
    return kind


def kind_of(key: str) -> Kind:
    return _kinds[key]
