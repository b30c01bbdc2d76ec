"""A table as rows with their lines: every fault is named by file, line and field."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from supervision.matching.files.words import _

MOST = 10**9  # of a rank or a capacity: beyond is mistyped
MOST_SCORE = 10**15


class TableFault(ValueError):
    """A table that cannot be used. The sentence names the file, and where it is known the line and the field."""

    def __init__(self, file: str, words: str, line: int = 0, field: str = "") -> None:
        where = file
        if line:
            where += ", " + _("line %(line)s") % {"line": line}
        if field:
            where += ", " + _("field %(field)s") % {"field": field}
        super().__init__(f"{where}: {words}")
        self.file, self.line, self.field = file, line, field


def whole(path: Path, line: int, field: str, text: str, *, least: int, most: int = MOST) -> int:
    """A whole number in a cell. Raises TableFault when it is none, or too small or too large."""
    plain = text.strip()
    digits = plain[1:] if plain[:1] in ("-", "+") else plain
    if digits.isascii() and digits.isdecimal() and len(digits) <= 30 and least <= int(plain) <= most:
        return int(plain)
    words = _("“%(text)s” is no whole number from %(least)s to %(most)s.")
    raise TableFault(path.name, words % {"text": plain[:40], "least": least, "most": most}, line, field)


def columns(path: Path, *names: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The cells of these columns, row by row, with the line where each row ends."""
    places = places_of(path, names)
    for line, row in rows(path):
        yield line, tuple(row[place].strip() for place in places)


def optional_columns(
    path: Path, names: Sequence[str], optional: Sequence[str]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The same with columns that may be missing: then their cells are empty."""
    places = places_of(path, names, optional)
    for line, row in rows(path):
        yield line, tuple(row[place].strip() if place >= 0 else "" for place in places)


def places_of(path: Path, names: Sequence[str], optional: Sequence[str] = ()) -> list[int]:
    """Where these columns stand; -1 for an optional one that is not there."""
    line, header = next(_raw(path), (1, []))
    found = []
    titles = [title.strip() for title in header]
    for name in (*names, *optional):
        if titles.count(name) > 1:
            raise TableFault(path.name, _("This column stands here twice."), line, name)
        if name not in titles and name in names:
            raise TableFault(path.name, _("This column is missing."), line, name)
        found.append(titles.index(name) if name in titles else -1)
    return found


def rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows below the header, each with the line where it ends, and all as wide as the header."""
    rows = _raw(path)
    width = len(next(rows, (0, []))[1])
    for line, row in rows:
        if len(row) == width:
            yield line, row
        else:
            words = _("There are %(found)s cells instead of %(wanted)s.")
            raise TableFault(path.name, words % {"found": len(row), "wanted": width}, line)


def _raw(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, each with the line where it ends."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            try:
                for row in reader:
                    if row and (row[0].strip() or any(cell.strip() for cell in row)):
                        yield reader.line_num, row
            except csv.Error as error:
                raise TableFault(
                    path.name, _("This is no CSV: %(why)s.") % {"why": error}, reader.line_num
                ) from error
    except FileNotFoundError:
        raise TableFault(path.name, _("This file is missing.")) from None
    except OSError as error:
        raise TableFault(path.name, _("It cannot be opened: %(why)s.") % {"why": error.strerror}) from error
    except UnicodeDecodeError:
        raise TableFault(path.name, _("This is not UTF-8."), _line_not_utf8(path)) from None


def _line_not_utf8(path: Path) -> int:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    return 0
