"""The typefaces of every document, and how they get into a PDF.

Two faces (regular, bold) hold what nearly every name needs; a third holds the other 20,650 characters of the
typeface and 2,861 that only its sisters have (Hong Kong, Japan, European letters), and is opened only when a
text asks for one. The PDF font object is our own, because ReportLab's ``TTFont`` has two silent faults: a character without a glyph prints as nothing, and one above U+FFFF gets a
malformed ToUnicode map, so that it prints right and copies wrong. Here the first raises ``MissingGlyph`` and
the second is written as UTF-16BE in blocks of at most 100 (PDF 32000-1, 9.10.3).
"""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from threading import Lock
from weakref import WeakKeyDictionary

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFDocument, PDFObject

from core.pdf.sfnt import TrueType

FONTS = Path(__file__).resolve().parent / "fonts"
REGULAR, BOLD, RARE = "NotoSerifSC-Regular", "NotoSerifSC-Bold", "NotoSerifSC-Rare"
# The regular face once more, embedded by itself: for the few texts that differ from one document of a batch to
# the next, so that the large subset of all other words stays the same and is packed once for the batch.
VARYING = f"{REGULAR}:varying"
_BLOCK = 100
_registering = Lock()


class MissingGlyph(ValueError):
    """A text holds characters that no face can print; ``characters`` lists them, each once, in order."""

    def __init__(self, characters: list[str]) -> None:
        self.characters = characters
        super().__init__("No glyph for " + ", ".join(describe_character(char) for char in characters))


def describe_character(char: str) -> str:
    """Name a character so that it can be found even when the screen cannot show it: ``䶮 (U+4DAE)``."""
    shown = f"{char} " if char.isprintable() and not unicodedata.combining(char) else ""
    return f"{shown}(U+{ord(char):04X})"


class RawObject(PDFObject):
    """A PDF object whose bytes are ready; spares ReportLab's generic formatting."""

    __RefOnly__ = 1

    def __init__(self, data: bytes) -> None:
        self.data = data

    def format(self, document: PDFDocument) -> bytes:
        """Return the bytes as they are."""
        return self.data


def stream(data: bytes, entries: str = "", *, level: int = 4) -> RawObject:
    """Return ``data`` as a compressed PDF stream; ``entries`` go into its dictionary."""
    packed = zlib.compress(data, level)
    head = f"<</Length {len(packed)}/Filter/FlateDecode{entries}>>\nstream\n".encode("ascii")
    return RawObject(head + packed + b"\nendstream\n")


class Face:
    """A typeface in the shape that ReportLab's canvas expects of a "dynamic" font.

    Each document gets its own numbering: code 1 for the first character used, two bytes a character, and
    one embedded subset. Not hinted, not shaped.
    """

    _dynamicFont = 1  # noqa: N815 - the names are ReportLab's
    _multiByte = 1  # noqa: N815
    shapable = False

    def __init__(self, name: str) -> None:
        self.fontName = name
        self.face = _open(name.partition(":")[0])
        self._used: WeakKeyDictionary[PDFDocument, dict[str, bytes]] = WeakKeyDictionary()

    def prints(self, text: str) -> bool:
        """Whether this face alone can print all of ``text``."""
        return self.face.glyphs.keys() >= set(text)

    def stringWidth(self, text: str, size: float, encoding: str = "utf-8") -> float:  # noqa: N802
        """Width of ``text`` in points at ``size`` points. Raises ``MissingGlyph``."""
        try:
            return sum(map(self.face.widths.__getitem__, text)) * size * 0.001
        except KeyError:
            raise MissingGlyph(self._missing(text)) from None

    def splitString(self, text: str, doc: PDFDocument, encoding: str = "utf-8") -> list[tuple[int, bytes]]:  # noqa: N802
        """Encode ``text`` for ``doc``: always one subset. Raises ``MissingGlyph``."""
        used = self._used.setdefault(doc, {})
        for char in text:
            if char not in used:
                if char not in self.face.glyphs:
                    raise MissingGlyph(self._missing(text))
                used[char] = (len(used) + 1).to_bytes(2, "big")
        return [(0, b"".join(map(used.__getitem__, text)))]

    def getSubsetInternalName(self, subset: int, doc: PDFDocument) -> str:  # noqa: N802
        """Return the resource name of this face in ``doc``, and have it embedded when ``doc`` is written."""
        if self.fontName not in doc.fontMapping:
            doc.fontMapping[self.fontName] = f"/F{len(doc.fontMapping) + 1}"
            doc.delayedFonts.append(self)
        return str(doc.fontMapping[self.fontName])

    def addObjects(self, doc: PDFDocument) -> None:  # noqa: N802
        """Write the five objects of this face into ``doc``: called once by ReportLab at the end."""
        face, internal = self.face, self.getSubsetInternalName(0, doc)[1:]
        packed = _pack(face, tuple(self._used.pop(doc, {})))
        name = packed.name

        def add(part: str, data: bytes) -> str:
            return str(doc.Reference(RawObject(data), f"{internal}.{part}").format(doc), "ascii")

        file = add("file", packed.program)
        box = " ".join(map(str, face.box))
        descriptor = add(
            "descriptor",
            f"<</Type/FontDescriptor/FontName/{name}/Flags 4/FontBBox[{box}]/ItalicAngle 0/Ascent {face.ascent}"
            f"/Descent {face.descent}/CapHeight {face.cap_height}/StemV 80/FontFile2 {file}>>".encode(),
        )
        descendant = add(
            "glyphs",
            f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{name}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
            f"/Supplement 0>>/CIDToGIDMap/Identity/DW 1000/W[1[{packed.widths}]]/FontDescriptor {descriptor}>>".encode(),
        )
        unicode_map = add("unicode", packed.unicode_map)
        font = RawObject(
            f"<</Type/Font/Subtype/Type0/BaseFont/{name}/Encoding/Identity-H"
            f"/DescendantFonts[{descendant}]/ToUnicode {unicode_map}>>".encode()
        )
        doc.idToObject["BasicFonts"].dict[internal] = doc.Reference(font, internal)

    def _missing(self, text: str) -> list[str]:
        return list(dict.fromkeys(char for char in text if char not in self.face.glyphs))


@dataclass(frozen=True)
class _Packed:
    """What a subset looks like in the file."""

    name: str
    program: bytes
    widths: str
    unicode_map: bytes


@lru_cache(maxsize=64)
def _pack(face: TrueType, characters: tuple[str, ...]) -> _Packed:
    """Cut, compress and describe the subset of ``characters``; remembered, as a batch repeats its words."""
    glyphs = [face.glyphs[char] for char in characters]
    program = face.subset(glyphs)
    return _Packed(
        name=f"{_subset_tag(glyphs)}+{face.name}",
        program=stream(program, f"/Length1 {len(program)}").data,
        widths=" ".join(str(face.widths[char]) for char in characters),
        unicode_map=stream(to_unicode(characters)).data,
    )


def _subset_tag(glyphs: list[int]) -> str:
    """Six capitals that differ between subsets (PDF 32000-1, 9.6.4), the same for the same glyphs."""
    number = zlib.crc32(repr(glyphs).encode("ascii"))
    letters = []
    for _ in range(6):
        number, letter = divmod(number, 26)
        letters.append(chr(65 + letter))
    return "".join(letters)


@lru_cache(maxsize=4096)
def _utf16(char: str) -> str:
    return char.encode("utf-16-be").hex().upper()


def to_unicode(characters: Sequence[str]) -> bytes:
    """Return the ToUnicode CMap that maps 1, 2, … to ``characters``, so that text can be searched and copied."""
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>> def",
        "/CMapName/Adobe-Identity-UCS def /CMapType 2 def",
        "1 begincodespacerange <0000> <FFFF> endcodespacerange",
    ]
    for start in range(0, len(characters), _BLOCK):
        block = characters[start : start + _BLOCK]
        lines.append(f"{len(block)} beginbfchar")
        for number, char in enumerate(block, start + 1):
            lines.append(f"<{number:04X}> <{_utf16(char)}>")
        lines.append("endbfchar")
    lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return "\n".join(lines).encode("ascii")


@cache
def _open(name: str) -> TrueType:
    return TrueType(FONTS / f"{name}.ttf")


@cache
def _load(name: str) -> Face:
    face = Face(name)
    if name != VARYING:  # ReportLab takes one font for each file, and needs no name for what draw_text draws
        pdfmetrics.registerFont(face)
    return face


def face(name: str) -> Face:
    """Return a face by name (``REGULAR``, ``BOLD``, ``RARE``, ``VARYING``), opened and registered once per process."""
    with _registering:
        return _load(name)


def missing_glyphs(text: str) -> list[str]:
    """Return the characters of ``text`` that no face can print, each once, in order; empty when all can.

    Control characters, line ends, zero-width characters and variation selectors count as missing: on paper
    they would vanish without a word.
    """
    main = face(REGULAR)
    if main.prints(text):
        return []
    outside = dict.fromkeys(char for char in text if not main.prints(char))
    rare = face(RARE)
    return [char for char in outside if not rare.prints(char)]


def require_glyphs(*texts: str) -> None:
    """Raise ``MissingGlyph``, naming every character of all ``texts`` that cannot be printed."""
    missing = missing_glyphs("".join(texts))
    if missing:
        raise MissingGlyph(missing)


def split_runs(text: str, *, bold: bool = False, varying: bool = False) -> Iterator[tuple[Face, str]]:
    """Cut ``text`` into runs, each with the face that prints it. Raises ``MissingGlyph``."""
    main = face(BOLD if bold else VARYING if varying else REGULAR)
    if main.prints(text):
        if text:
            yield main, text
        return
    require_glyphs(text)
    rare = face(RARE)
    for is_main, run in groupby(text, main.prints):
        yield (main if is_main else rare), "".join(run)
