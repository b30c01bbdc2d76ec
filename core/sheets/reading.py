"""Tables that officers send (XLSX, CSV): found by their headings, read as text, every row with the number it has in the file."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import IO, Any

from django.utils.translation import gettext as _

from core.sheets.parts import TooFull, TooLarge
from core.sheets.words import list_words
from core.sheets.xlsx import LAST_ROW, MAX_COLUMNS, Hidden, sheet_rows
from core.states import Refused

MAX_ROWS = 50_000
HEADING_ROWS = 10  # titles and notes may stand above the headings
MOST_SPANS = 8  # of hidden rows that are named
EXACT = 1e15  # a spreadsheet keeps fifteen digits of a number
ROUNDED = re.compile(r"\d(?:\.\d+)?[eE]\+\d{2,4}")
ENCODINGS = ("utf-8-sig", "gb18030")  # what Excel in China writes


class SheetRefused(Refused):
    """The file as a whole cannot be read; the message says what to do."""


@dataclass(frozen=True)
class Column:
    """A column that is looked for: our name for it, and the headings that mean it (case and spaces do not count)."""

    name: str
    headings: tuple[str, ...]
    required: bool = True


@dataclass(frozen=True)
class Row:
    """One row: the number that the spreadsheet program shows beside it, and its cells as text ("" when empty)."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")


@dataclass(frozen=True)
class Sheet:
    """A table that was read: its rows that are not empty, and the headings that mean nothing to us."""

    rows: list[Row]
    ignored: list[str] = field(default_factory=list)


def read_sheet(
    file: IO[bytes],
    columns: Sequence[Column],
    *,
    max_rows: int = MAX_ROWS,
    max_elements: int | None = None,
    exported: bool = False,
    agreeing: bool = False,
    text: Callable[[Any], str] | None = None,
) -> Sheet:
    """Read the first sheet of a workbook that is shown, or a CSV file in UTF-8 or GB 18030. Nothing in it is computed or run.

    `max_elements` bounds what a workbook from anybody may cost (see `sheet_rows`). `exported`: another program wrote the
    table, whose columns nobody chose: of several that mean the same the last counts. `agreeing`: they may stand there as
    long as none says something else than another. `text`: what a cell is as text, where its lines count (see `text_of`).

    Raises SheetRefused, with a sentence that says what to do, when it is neither, is too large, lacks a heading, or holds
    something in rows or columns that are hidden: whoever sends it would not see what they hand in.
    """
    ignored: list[str] = []
    hidden = Hidden()
    lines = _lines(file, max_rows, max_elements, hidden)
    rows = _table(
        lines, columns, max_rows, ignored, exported=exported, agreeing=agreeing, hidden=hidden, text=text
    )
    return Sheet(list(_seen(rows, hidden)), ignored)


def stream_sheet(file: IO[bytes], columns: Sequence[Column], *, max_rows: int = MAX_ROWS) -> Iterator[Row]:
    """The rows that `read_sheet` gives, one after the other: of a long table only one row is held at a time.

    The file stays open as long as rows are taken. Raises as `read_sheet` does, a damage or too many rows only when it
    comes to them, and hidden rows at the end: whoever must know before the first row counts them first.
    """
    hidden = Hidden()
    rows = _table(_lines(file, max_rows, None, hidden), columns, max_rows, [], hidden=hidden)
    return _seen(rows, hidden)


def _lines(
    file: IO[bytes], max_rows: int, max_elements: int | None, hidden: Hidden
) -> Iterator[tuple[int, Sequence[Any]]]:
    file.seek(0)
    head = file.read(4)
    file.seek(0)
    if head.startswith(b"PK"):
        return _workbook(file, max_rows, max_elements, hidden)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise SheetRefused(
            _("This is an old Excel file (.xls) or one with a password. Save it as .xlsx without one.")
        )
    if (getattr(file, "name", "") or "").lower().endswith(".xlsx"):  # something else under another name
        raise _broken()
    return _text(file)


def _broken() -> SheetRefused:
    return SheetRefused(
        _("This file cannot be read as a spreadsheet. Open it in Excel or WPS and save it as .xlsx again.")
    )


def _workbook(
    file: IO[bytes], max_rows: int, max_elements: int | None, hidden: Hidden
) -> Iterator[tuple[int, Sequence[Any]]]:
    try:
        yield from sheet_rows(file, max_rows, max_elements, hidden=hidden)
    except TooFull as full:
        raise SheetRefused(
            _(
                "This spreadsheet holds far more cells and formats than such a table needs. Copy the rows into a new spreadsheet."
            )
        ) from full
    except TooLarge as large:
        raise SheetRefused(_("This spreadsheet is too large. Divide it into several files.")) from large
    except Exception as damage:  # whatever the parser stumbles over, the file is at fault
        raise _broken() from damage


def _text(file: IO[bytes]) -> Iterator[tuple[int, Sequence[Any]]]:
    content = file.read()
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))  # "Unicode text" of Excel
    for encoding in ("utf-16",) if marked else ENCODINGS:
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise SheetRefused(_("This file is neither a spreadsheet (.xlsx) nor a text table (.csv)."))
    if "\0" in text:
        raise SheetRefused(_("This file is neither a spreadsheet (.xlsx) nor a text table (.csv)."))
    lines = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=lines.count)
    try:
        for number, line in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            if number > LAST_ROW:
                raise SheetRefused(_("This spreadsheet is too large. Divide it into several files."))
            yield number, line[:MAX_COLUMNS]
    except csv.Error as damage:
        raise SheetRefused(
            _("This file is neither a spreadsheet (.xlsx) nor a text table (.csv).")
        ) from damage


def _table(
    lines: Iterable[tuple[int, Sequence[Any]]],
    columns: Sequence[Column],
    max_rows: int,
    ignored: list[str],
    *,
    exported: bool = False,
    agreeing: bool = False,
    hidden: Hidden,
    text: Callable[[Any], str] | None = None,
) -> Iterator[Row]:
    """The rows below the headings; the headings that mean nothing to us are added to `ignored`."""
    known = {
        _plain(heading): column.name for column in columns for heading in (column.name, *column.headings)
    }
    places: dict[int, str] = {}
    headings: list[str] = []
    nearest: set[str] = set()
    rows = 0
    for number, line in lines:
        cells = [(text or text_of)(value) for value in line]
        if not places:
            found = {place: known[_plain(cell)] for place, cell in enumerate(cells) if _plain(cell) in known}
            nearest = max(nearest, set(found.values()), key=len)
            if not _missing(columns, found.values()):
                places = found if exported or agreeing else _once(found, cells)
                _require_shown(places, cells, hidden)
                headings = cells
                ignored += [cell for place, cell in enumerate(cells) if cell and place not in found]
            elif number >= HEADING_ROWS:
                break
            continue
        values = {name: cells[place] for place, name in places.items() if place < len(cells)}
        if agreeing:
            values |= _agreed(number, cells, places, headings)
        if any(values.values()):
            rows += 1
            if rows > max_rows:
                raise SheetRefused(
                    _("There are more than %(rows)s rows. Divide the file.") % {"rows": max_rows}
                )
            yield Row(number, values)
    if not places:
        wanted = list_words(column.headings[0] for column in _missing(columns, nearest))
        raise SheetRefused(
            _("The headings of these columns were not found in the first rows: %(columns)s.")
            % {"columns": wanted}
        )


def _seen(rows: Iterable[Row], hidden: Hidden) -> Iterator[Row]:
    """The rows. Raises SheetRefused after the last one where some of them are hidden."""
    unseen = []
    for row in rows:
        if row.number in hidden.rows:
            unseen.append(row.number)
        yield row
    if unseen:
        words = _(
            "Rows of this spreadsheet are hidden: %(rows)s. Show them, or delete those that do not belong to it, and send it again."
        )
        raise SheetRefused(words % {"rows": _spans(unseen)})


def _require_shown(places: dict[int, str], cells: Sequence[str], hidden: Hidden) -> None:
    """Raises SheetRefused where a column that means something to us is hidden."""
    unseen = [cells[place] for place in sorted(places) if place in hidden.columns]
    if unseen:
        words = _(
            "Columns of this spreadsheet are hidden: %(columns)s. Show or delete them, and send it again."
        )
        raise SheetRefused(words % {"columns": list_words(unseen)})


def _spans(numbers: Sequence[int]) -> str:
    """5–7, 9: what follows one another together, and of many the first."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    said = [str(first) if first == last else f"{first}–{last}" for first, last in spans[:MOST_SPANS]]
    return list_words(said) + ("…" if len(spans) > MOST_SPANS else "")


def _once(found: dict[int, str], cells: Sequence[str]) -> dict[int, str]:
    """The places of the columns. Raises SheetRefused where two mean the same: nobody can tell which of them counts."""
    names = list(found.values())
    double = [cells[place] for place, name in found.items() if names.count(name) > 1]
    if double:
        words = _("Several columns mean the same: %(columns)s. Keep the one that counts.")
        raise SheetRefused(words % {"columns": list_words(double)})
    return found


def _agreed(
    number: int, cells: Sequence[str], places: dict[int, str], headings: Sequence[str]
) -> dict[str, str]:
    """What the cells of columns say of which there are several. Raises SheetRefused where they say different things."""
    found: dict[str, tuple[str, str]] = {}  # name → what is said, and by which heading
    for place, name in places.items():
        said = cells[place] if place < len(cells) else ""
        if name in found and said and said != found[name][0]:
            words = _("Row %(row)s: “%(one)s” and “%(other)s” mean the same, and say different things.")
            raise SheetRefused(words % {"row": number, "one": found[name][1], "other": headings[place]})
        if said:
            found[name] = (said, headings[place])
    return {name: said for name, (said, _heading) in found.items()}


def _missing(columns: Sequence[Column], found: Iterable[str]) -> list[Column]:
    here = set(found)
    return [column for column in columns if column.required and column.name not in here]


def _plain(heading: str) -> str:
    return "".join(heading.split()).strip("*:：（）()").lower()


def is_rounded(text: str) -> bool:
    """Whether a spreadsheet has taken a long number, such as that of an identity card, for a quantity: then its last digits
    are lost, whatever stands there now."""
    return ROUNDED.fullmatch(text) is not None


def _rounded(number: float) -> str:
    """Fifteen digits of a long number, such as 1.20199199001011e+17: see is_rounded."""
    try:
        return f"{float(number):.15g}"
    except OverflowError:  # longer than any that a spreadsheet can hold
        return f"{Decimal(number):.14e}"


def text_of(value: Any) -> str:
    """A cell as text: a number without the ".0" that spreadsheets add, a date as 2026-11-25, a time as 14:00."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, int | float) and abs(value) >= EXACT:
        return _rounded(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).replace("\u3000", " ").split())
