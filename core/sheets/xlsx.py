"""The first sheet of an XLSX workbook that is shown (ISO/IEC 29500), row after row, in bounded time and memory.

A workbook is packed a thousandfold and may claim anything of itself. So nothing is built up in memory but the texts that
cells share, rows that are missing cost nothing, and whoever packs more than people write is refused.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import IO, Any

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel, from_ISO8601

from core.sheets.parts import Budget, TooLarge, fed, parse, parser, plain

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384  # a sheet has no more
MAX_COLUMNS = 200
LONGEST_PLACE = 12  # the longest name of a cell is XFD1048576
TEXT = 32_767  # the longest text of a cell
LONGEST_FORMAT = 255  # of a number, as Excel has it
PART_BYTES = 8 * 1024 * 1024  # styles and lists of parts; only sheets and texts are long
ROW_BYTES = 1_200  # that a row with its texts unpacks to, at most; people and their employers take 600
CELLS_IN_ROW = 40
ELEMENTS_IN_ROW = 250  # with their attributes; a cell with its value takes four to seven
TEXTS_IN_ROW = 10
SPARE = 10_000  # rows that a short table may be ahead


@dataclass
class Hidden:
    """What a sheet holds and its reader does not see: the numbers of rows with entries, and the places of columns, from 0."""

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)


@dataclass
class _Book:
    """Where the parts of a workbook lie, and what its cells share."""

    sheet: str = ""
    texts: list[str] = field(default_factory=list)
    dates: dict[int, str] = field(
        default_factory=dict
    )  # styles that mean a date ("date") or a duration ("span")
    epoch: datetime = CALENDAR_WINDOWS_1900


def sheet_rows(
    file: IO[bytes], max_rows: int, max_elements: int | None = None, *, hidden: Hidden | None = None
) -> Iterator[tuple[int, list[Any]]]:
    """The rows of the first sheet that is shown, with their numbers; empty cells are None, formulas what they were worth when
    the file was saved. Which of them and of the columns are hidden is added to `hidden`, before they are given. `max_elements` is for doors that are open to everybody: how many elements and attributes all parts that
    are read may have together, less than a table of so many rows has at most. Raises TooLarge, and anything at all for a damaged file."""
    with zipfile.ZipFile(file) as packed:
        if sum(part.file_size for part in packed.infolist()) > PART_BYTES + ROW_BYTES * (max_rows + SPARE):
            raise TooLarge
        budget = Budget(max_elements or ELEMENTS_IN_ROW * (max_rows + SPARE))
        book = _book(packed, max_rows, budget)
        yield from _Reading(book, max_rows, budget, hidden or Hidden()).rows(packed.open(book.sheet))


def _book(packed: zipfile.ZipFile, max_rows: int, budget: Budget) -> _Book:
    root = next(path for kind, path in _related(packed, "", budget).values() if kind == "officeDocument")
    parts = _related(packed, root, budget)
    book = _Book()
    shown: list[str] = []
    hidden: list[str] = []  # whoever sends a workbook means what they see of it

    def start(name: str, given: dict[str, str]) -> None:
        if name == "workbookPr" and given.get("date1904") in ("1", "true"):
            book.epoch = CALENDAR_MAC_1904
        if name == "sheet":
            sheets = shown if given.get("state", "visible") == "visible" else hidden
            sheets.extend(value for key, value in given.items() if key.endswith(" id"))

    parse(_small(packed, root), budget, start)
    book.sheet = next(parts[key][1] for key in (*shown, *hidden) if parts[key][0] == "worksheet")
    for kind, path in parts.values():
        if kind == "sharedStrings":
            book.texts = _texts(packed.open(path), TEXTS_IN_ROW * (max_rows + SPARE), budget)
        elif kind == "styles":
            book.dates = _date_styles(_small(packed, path), budget)
    return book


def _related(packed: zipfile.ZipFile, part: str, budget: Budget) -> dict[str, tuple[str, str]]:
    """What belongs to a part ("" is the file itself): the kind and the path of each, by its id."""
    folder, name = posixpath.split(part)
    found = {}

    def start(element: str, given: dict[str, str]) -> None:
        if element == "Relationship" and given.get("TargetMode") != "External":
            path = posixpath.normpath(posixpath.join("/", folder, given["Target"])).lstrip("/")
            found[given["Id"]] = (given["Type"].rpartition("/")[2], path)

    parse(_small(packed, posixpath.join(folder, "_rels", f"{name}.rels")), budget, start)
    return found


def _small(packed: zipfile.ZipFile, path: str) -> IO[bytes]:
    if packed.getinfo(path).file_size > PART_BYTES:
        raise TooLarge
    return packed.open(path)


def _texts(part: IO[bytes], most: int, budget: Budget) -> list[str]:
    """The texts that cells share, with all their runs and without their pronunciation."""
    found: list[str] = []
    pieces: list[str] = []
    inside = {"t": False, "rPh": False}

    def start(name: str, _given: dict[str, str]) -> None:
        if name in inside:
            inside[name] = True

    def end(name: str) -> None:
        if name in inside:
            inside[name] = False
        elif name == "si":
            if len(found) >= most:
                raise TooLarge
            found.append("".join(pieces)[:TEXT].replace("x005F_", ""))
            pieces.clear()

    def text(data: str) -> None:
        if inside["t"] and not inside["rPh"]:
            pieces.append(data)

    parse(part, budget, start, end, text)
    return found


def _date_styles(part: IO[bytes], budget: Budget) -> dict[int, str]:
    """Which of the cells' styles show a number as a date or a duration."""
    codes: dict[int, str] = dict(BUILTIN_FORMATS)
    formats: list[int] = []
    within = [False]

    def start(name: str, given: dict[str, str]) -> None:
        if name == "numFmt":
            codes[int(given["numFmtId"])] = given["formatCode"]
        elif name == "cellXfs":
            within[0] = True
        elif name == "xf" and within[0]:
            formats.append(int(given.get("numFmtId", 0)))

    def end(name: str) -> None:
        if name == "cellXfs":
            within[0] = False

    parse(part, budget, start, end)
    kinds = {number: _kind(codes.get(number, "")) for number in set(formats)}
    return {place: kind for place, number in enumerate(formats) if (kind := kinds[number])}


def _kind(code: str) -> str:
    """What a number format makes of a number. Raises TooLarge for one longer than Excel writes: looking into it would take a
    time that grows with the square of its length."""
    if len(code) > LONGEST_FORMAT:
        raise TooLarge
    if is_timedelta_format(code):
        return "span"
    return "date" if is_date_format(code) else ""


class _Reading:
    """One pass over a sheet. Only the row that is being read is held, and those of one piece of the file."""

    def __init__(self, book: _Book, max_rows: int, budget: Budget, hidden: Hidden) -> None:
        self.book, self.budget, self.hidden = book, budget, hidden
        self.ready: list[tuple[int, list[Any]]] = []
        self.cells_left = CELLS_IN_ROW * (max_rows + SPARE)
        self.number = self.last = 0
        self.row: list[Any] = []
        self.place = -1
        self.is_hidden = False
        self.kind = self.style = ""
        self.pieces: list[str] | None = None
        self.value: str | None = None

    def rows(self, part: IO[bytes]) -> Iterator[tuple[int, list[Any]]]:
        feed = parser(self.start, self.end, self.text)
        for _piece in fed(part, feed):
            yield from self.ready
            self.ready = []

    def start(self, name: str, given: dict[str, str]) -> None:
        self.budget.spend(given)
        name = plain(name)
        if name == "c":
            place = given.get("r")
            self.place = _column(place[:LONGEST_PLACE].rstrip("0123456789")[:4]) if place else self.place + 1
            self.cells_left -= 1
            if self.cells_left < 0 or self.place > LAST_COLUMN:
                raise TooLarge
            self.kind, self.style = given.get("t", "n"), given.get("s", "")
            self.value = None
        elif name == "v" or (name == "t" and self.kind == "inlineStr"):
            self.pieces = []
        elif name == "rPh":  # how the text before it is pronounced
            self.kind = "str"
        elif name == "row":
            self.number = int(given.get("r", self.number + 1))
            if not 0 < self.number <= LAST_ROW:
                raise ValueError(name)
            self.row, self.place, self.is_hidden = [], -1, _is_hidden(given, "ht")
        elif name == "col" and _is_hidden(given, "width"):
            first, last = int(given["min"]), min(int(given["max"]), MAX_COLUMNS)
            self.hidden.columns.update(range(first - 1, last))

    def text(self, data: str) -> None:
        if self.pieces is not None:
            self.pieces.append(data)

    def end(self, name: str) -> None:
        name = plain(name)
        if name == "c":
            if self.value and self.place < MAX_COLUMNS:
                self.row += [None] * (self.place + 1 - len(self.row))
                self.row[self.place] = self._meant(self.value)
        elif name in ("v", "t"):
            if self.pieces is not None:
                # A cell that says its value a million times is never put together to more than a text may have.
                if len(self.value or "") < TEXT:
                    self.value = ((self.value or "") + "".join(self.pieces))[:TEXT]
                self.pieces = None
        elif name == "row" and self.number > self.last:  # a row that stands there twice counts once
            self.last = self.number
            if self.is_hidden and self.row:
                self.hidden.rows.add(self.number)
            self.ready.append((self.number, self.row))

    def _meant(self, said: str) -> Any:
        if self.kind == "s":
            return self.book.texts[int(said)]
        if self.kind == "n":
            number = float(said) if not said.lstrip("-").isdigit() else int(said)
            shown = self.book.dates.get(int(self.style)) if self.style else None
            return self._date(number, shown) if shown else number
        if self.kind == "b":
            return said == "1"
        return from_ISO8601(said) if self.kind == "d" else said

    def _date(self, number: float, shown: str) -> Any:
        try:
            return from_excel(number, self.book.epoch, timedelta=shown == "span")
        except (OverflowError, ValueError):
            return "#VALUE!"  # what a spreadsheet program shows of it


def _is_hidden(given: dict[str, str], size: str) -> bool:
    """Whether a row or column is not shown: it says so, or it has no height or width."""
    return given.get("hidden") in ("1", "true") or given.get(size, "")[:8].strip("0.") == "" != given.get(
        size, ""
    )


@lru_cache(maxsize=MAX_COLUMNS)
def _column(letters: str) -> int:
    """The place of a column by its letters, from 0."""
    place = 0
    for letter in letters:
        place = place * 26 + "ABCDEFGHIJKLMNOPQRSTUVWXYZ".index(letter.upper()) + 1
    return place - 1
