"""A Word document (ISO/IEC 29500) as lines of text, in bounded time and memory: paragraphs, tables, numbering, pictures.

A document is packed a thousandfold and may claim anything of itself: its parts are read with the guards of core.sheets, piece
after piece, with one budget of elements, and nothing in it is opened, run or fetched.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO

from django.utils.translation import gettext as _

from core.sheets.parts import Budget, TooLarge, parse
from lms.questions.formats.encodings import checked
from lms.questions.formats.pictures import LARGEST
from lms.questions.formats.results import FileRefused

PART_BYTES = 40 * 1024 * 1024
SMALL_BYTES = 4 * 1024 * 1024
MOST_PARTS = 5_000
ELEMENTS = 4_000_000
LONGEST = 100_000  # characters of one paragraph
CELL = "\t"
CHINESE = "〇一二三四五六七八九"


@dataclass
class Paper:
    """The lines of a document. A picture stands in them by the path of its part: `[[picture:word/media/…]]`."""

    packed: zipfile.ZipFile
    lines: list[str] = field(default_factory=list)
    alts: dict[str, str] = field(default_factory=dict)  # what a picture shows, by the path of its part

    def picture(self, path: str) -> bytes | None:
        """The bytes of a picture, too many where it is larger than any that may be kept; None when it is missing."""
        try:
            if self.packed.getinfo(path).file_size > LARGEST:
                return b"\0" * (LARGEST + 1)
            return self.packed.read(path)
        except Exception:  # whatever a damaged archive raises: the picture is not there
            return None


def open_paper(content: bytes) -> Paper:
    """Read a document. Raises FileRefused, with what to do, for whatever is none, or more than any paper."""
    checked(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefused(
            _("This is an old Word file (.doc) or one with a password. Save it as .docx without one.")
        )
    try:
        return _read(content)
    except TooLarge:
        raise FileRefused(
            _("This document holds far more than a paper needs. Divide it, or copy its text into a new one.")
        )
    except Exception as damage:  # whatever the parser stumbles over, the file is at fault
        raise FileRefused(
            _(
                "This file cannot be read as a Word document. Open it in Word or WPS and save it as .docx again."
            )
        ) from damage


def _read(content: bytes) -> Paper:
    packed = zipfile.ZipFile(io.BytesIO(content))
    parts = packed.infolist()
    if len(parts) > MOST_PARTS:
        raise TooLarge
    budget = Budget(ELEMENTS)
    root = next(path for kind, path in _related(packed, "", budget).values() if kind == "officeDocument")
    related = _related(packed, root, budget)
    numbering = next((path for kind, path in related.values() if kind == "numbering"), "")
    levels = _numbering(packed, numbering, budget) if numbering else {}
    paper = Paper(packed=packed)
    reading = _Reading(paper, {key: path for key, (kind, path) in related.items() if kind == "image"}, levels)
    parse(_part(packed, root, PART_BYTES), budget, reading.start, reading.end, reading.text)
    return paper


def _part(packed: zipfile.ZipFile, path: str, most: int) -> IO[bytes]:
    if packed.getinfo(path).file_size > most:
        raise TooLarge
    return packed.open(path)


def _related(packed: zipfile.ZipFile, part: str, budget: Budget) -> dict[str, tuple[str, str]]:
    """What belongs to a part ("" is the file itself): the kind and the path of each, by its id."""
    folder, name = posixpath.split(part)
    found: dict[str, tuple[str, str]] = {}

    def start(element: str, given: dict[str, str]) -> None:
        if element == "Relationship" and given.get("TargetMode") != "External":
            path = posixpath.normpath(posixpath.join("/", folder, given["Target"])).lstrip("/")
            found[given["Id"]] = (given["Type"].rpartition("/")[2], path)

    path = posixpath.join(folder, "_rels", f"{name}.rels")
    if path in packed.namelist():
        parse(_part(packed, path, SMALL_BYTES), budget, start)
    return found


Levels = dict[str, dict[str, tuple[str, str, int]]]  # number → level → format, text, first


def _numbering(packed: zipfile.ZipFile, path: str, budget: Budget) -> Levels:
    """How the lists of a document are numbered: Word keeps no number in the text."""
    plans: Levels = {}
    numbers: Levels = {}
    now = {"plan": "", "level": "", "number": ""}

    def start(name: str, given: dict[str, str]) -> None:
        value = given.get(VAL, "")
        if name == "abstractNum":
            now["plan"] = given.get(f"{W} abstractNumId", "")
            plans[now["plan"]] = {}
        elif name == "lvl":
            now["level"] = given.get(f"{W} ilvl", "0")
            plans.setdefault(now["plan"], {})[now["level"]] = ("decimal", "%1.", 1)
        elif name == "num":
            now["number"] = given.get(f"{W} numId", "")
        elif name == "abstractNumId":
            numbers[now["number"]] = plans.get(value, {})
        elif name in ("numFmt", "lvlText", "start") and now["level"] in plans.get(now["plan"], {}):
            form, text, first = plans[now["plan"]][now["level"]]
            if name == "start":
                first = int(value) if value.isascii() and value.isdigit() and len(value) < 5 else 1
            plans[now["plan"]][now["level"]] = (
                value if name == "numFmt" else form,
                value[:20] if name == "lvlText" else text,
                first,
            )

    parse(_part(packed, path, SMALL_BYTES), budget, start)
    return numbers


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
VAL = f"{W} val"
EMBED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships embed"


def numeral(form: str, number: int) -> str:
    """A number as a list of that format writes it."""
    if form in ("upperLetter", "lowerLetter"):
        sign = chr(ord("A") + (number - 1) % 26)
        return sign if form == "upperLetter" else sign.lower()
    if form.startswith(("chinese", "japanese", "ideograph")) and 0 < number < 100:
        tens, ones = divmod(number, 10)
        head = "" if not tens else "十" if tens == 1 else CHINESE[tens] + "十"
        return head + (CHINESE[ones] if ones else "")
    return str(number)


class _Reading:
    """One pass over a document. A row of a table becomes one line, its cells set apart by tabs."""

    def __init__(self, paper: Paper, images: dict[str, str], levels: Levels) -> None:
        self.paper, self.images, self.levels = paper, images, levels
        self.pieces: list[str] = []
        self.length = 0
        self.cells: list[list[str]] = []  # of the rows that are open, the innermost last
        self.in_text = self.is_deleted = False
        self.number = self.level = self.alt = ""
        self.counts: dict[str, dict[int, int]] = {}
        self.starts: dict[str, Callable[[dict[str, str]], None]] = {
            "p": self._paragraph,
            "tr": lambda given: self.cells.append([]),
            "numId": self._numbered,
            "ilvl": lambda given: setattr(self, "level", given.get(VAL, "")),
            "docPr": lambda given: setattr(self, "alt", given.get("descr", "")),
            "blip": self._picture,
            "tab": lambda given: self._add("\t") if not given else None,
            "br": lambda given: self._add("\n"),
            "cr": lambda given: self._add("\n"),
        }

    def start(self, name: str, given: dict[str, str]) -> None:
        if name in ("t", "delText", "instrText"):
            self.in_text = name == "t"
        elif name in self.starts:
            self.starts[name](given)

    def text(self, data: str) -> None:
        if self.in_text:
            self._add(data)

    def end(self, name: str) -> None:
        if name == "t":
            self.in_text = False
        elif name == "p":
            line = self._label() + "".join(self.pieces)
            if self.cells:
                self.cells[-1].append(line + "\n")
            else:
                self.paper.lines.append(line)
            self.pieces, self.length = [], 0
        elif name == "tc" and self.cells:
            if self.cells[-1]:
                self.cells[-1][-1] = self.cells[-1][-1].rstrip("\n")
            self.cells[-1].append(CELL)
        elif name == "tr" and self.cells:
            row = self.cells.pop()
            line = "".join(row).rstrip(CELL)
            (self.cells[-1] if self.cells else self.paper.lines).append(line)

    def _add(self, data: str) -> None:
        self.length += len(data)
        if self.length > LONGEST:
            raise TooLarge
        self.pieces.append(data)

    def _paragraph(self, _given: dict[str, str]) -> None:
        self.number = self.level = ""

    def _numbered(self, given: dict[str, str]) -> None:
        self.number = given.get(VAL, "")

    def _picture(self, given: dict[str, str]) -> None:
        path = self.images.get(given.get(EMBED, ""), "")
        self._add(f"[[picture:{path or '?'}]]")
        if self.alt:
            self.paper.alts.setdefault(path, self.alt)

    def _label(self) -> str:
        """The number that Word shows before the paragraph."""
        shown = self.level if self.level.isascii() and self.level.isdigit() else "0"
        plan = self.levels.get(self.number, {}).get(shown)
        if plan is None:
            return ""
        form, text, first = plan
        if form in ("bullet", "none"):
            return ""
        level = int(shown[:2])
        counts = self.counts.setdefault(self.number, {})
        counts[level] = counts.get(level, first - 1) + 1
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        return text.replace(f"%{level + 1}", numeral(form, counts[level]))
