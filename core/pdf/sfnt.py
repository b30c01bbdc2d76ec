"""Read the committed TrueType files and cut from them the few glyphs that one document uses.

Only what our own fonts need (see build_fonts.py): a format 12 character map, simple outlines, no hints.
The file is memory-mapped: opening the 10 MB rare face costs milliseconds, its pages are shared by all worker
processes, and no read position is kept, so that several threads may cut from one file at the same time.
"""

from __future__ import annotations

import mmap
import struct
import sys
from array import array
from collections.abc import Sequence
from pathlib import Path

_CHECKSUM_MAGIC = 0xB1B0AFBA
# Outlines kept in memory per face: about 350 bytes each.
_REMEMBERED = 4000


class TrueType:
    """One TrueType file: its character map, its widths, and subsets of it.

    ``glyphs`` maps a character to a glyph number, ``widths`` a character to an advance in 1/1000 em.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._tables = self._read_directory()
        head, hhea = self._table("head"), self._table("hhea")
        if struct.unpack_from(">H", head, 18)[0] != 1000 or struct.unpack_from(">h", head, 50)[0] != 1:
            raise ValueError(f"{path.name}: expected 1000 units per em and long glyph offsets")
        self.name = path.stem
        self.box: tuple[int, int, int, int] = struct.unpack_from(">4h", head, 36)
        self.ascent, self.descent = struct.unpack_from(">2h", hhea, 4)
        self.cap_height: int = struct.unpack_from(">h", self._table("OS/2"), 88)[0]
        self._offsets = self._read_numbers("L", self._table("loca"))
        self._advances, self._bearings = self._read_metrics(struct.unpack_from(">H", hhea, 34)[0])
        self.glyphs = self._read_characters()
        self.widths = {char: self._advances[glyph] for char, glyph in self.glyphs.items()}
        self._outlines: dict[int, tuple[bytes, int]] = {}

    def subset(self, glyphs: Sequence[int]) -> bytes:
        """Return a TrueType program with ``.notdef`` as glyph 0 and ``glyphs`` as glyphs 1, 2, … in order.

        It holds the six tables that a PDF's CIDFontType2 reads, and no names: about 350 bytes a glyph.
        """
        outlines: list[bytes] = []
        positions, metrics, end, total = [0], list[int](), 0, 0
        for glyph in (0, *glyphs):
            outline, checksum = self._outlines.get(glyph) or self._read_outline(glyph)
            outlines.append(outline)
            end += len(outline)
            total += checksum
            positions.append(end)
            metrics += (self._advances[glyph], self._bearings[glyph])
        count = len(glyphs) + 1
        hhea, maxp, head = (bytearray(self._table(tag)) for tag in ("hhea", "maxp", "head"))
        struct.pack_into(">H", hhea, 34, count)
        struct.pack_into(">H", maxp, 4, count)
        struct.pack_into(">L", head, 8, 0)
        outline_table = b"".join(outlines)
        tables = {
            b"head": bytes(head),
            b"hhea": bytes(hhea),
            b"hmtx": struct.pack(">" + "Hh" * count, *metrics),
            b"loca": struct.pack(f">{count + 1}L", *positions),
            b"maxp": bytes(maxp),
        }
        return _assemble(outline_table, total & 0xFFFFFFFF, tables)

    def _read_outline(self, glyph: int) -> tuple[bytes, int]:
        """Return an outline padded to four bytes, and its checksum; remembered, as most documents share words."""
        start = self._tables["glyf"][0]
        outline = self._data[start + self._offsets[glyph] : start + self._offsets[glyph + 1]]
        outline += b"\0" * (-len(outline) % 4)
        if len(self._outlines) >= _REMEMBERED:
            self._outlines = {}
        self._outlines[glyph] = found = (outline, _checksum(outline))
        return found

    def _read_directory(self) -> dict[str, tuple[int, int]]:
        count = struct.unpack_from(">H", self._data, 4)[0]
        entries = (struct.unpack_from(">4s3L", self._data, 12 + 16 * index) for index in range(count))
        return {tag.decode("ascii"): (offset, length) for tag, _checksum, offset, length in entries}

    def _table(self, tag: str) -> bytes:
        offset, length = self._tables[tag]
        return self._data[offset : offset + length]

    @staticmethod
    def _read_numbers(code: str, data: bytes) -> array[int]:
        numbers = array("I" if code == "L" else code, data)
        if sys.byteorder == "little":
            numbers.byteswap()
        return numbers

    def _read_metrics(self, full: int) -> tuple[list[int], list[int]]:
        """Return advances and left bearings; the glyphs after the first ``full`` repeat the last advance."""
        data = self._table("hmtx")
        pairs = self._read_numbers("h", data[: 4 * full])
        advances, bearings = list(pairs[0::2]), list(pairs[1::2])
        bearings += self._read_numbers("h", data[4 * full :])
        advances += advances[-1:] * (len(bearings) - full)
        return advances, bearings

    def _read_characters(self) -> dict[str, int]:
        cmap = self._table("cmap")
        for index in range(struct.unpack_from(">H", cmap, 2)[0]):
            offset = struct.unpack_from(">L", cmap, 8 + 8 * index)[0]
            if struct.unpack_from(">H", cmap, offset)[0] == 12:
                break
        else:
            raise ValueError(f"{self.name}: no format 12 character map")
        groups = struct.unpack_from(">L", cmap, offset + 12)[0]
        numbers = self._read_numbers("L", cmap[offset + 16 : offset + 16 + 12 * groups])
        found = {}
        for first, last, glyph in zip(numbers[0::3], numbers[1::3], numbers[2::3], strict=True):
            for code in range(first, last + 1):
                found[chr(code)] = glyph + code - first
        return found


def _checksum(data: bytes) -> int:
    words: tuple[int, ...] = struct.unpack(f">{len(data) // 4}L", data)
    return sum(words) & 0xFFFFFFFF


def _assemble(outlines: bytes, outlines_checksum: int, tables: dict[bytes, bytes]) -> bytes:
    """Join the outlines and the other tables (in tag order, after ``glyf``) into a file with correct checksums."""
    count = len(tables) + 1
    power = count.bit_length() - 1
    directory = [struct.pack(">L4H", 0x10000, count, 16 << power, power, 16 * (count - (1 << power)))]
    offset = 12 + 16 * count
    directory.append(struct.pack(">4s3L", b"glyf", outlines_checksum, offset, len(outlines)))
    bodies, offset, total, head_at = [outlines], offset + len(outlines), outlines_checksum, 0
    for tag, body in tables.items():
        padded = body + b"\0" * (-len(body) % 4)
        checksum = _checksum(padded)
        directory.append(struct.pack(">4s3L", tag, checksum, offset, len(body)))
        head_at = offset if tag == b"head" else head_at
        bodies.append(padded)
        offset += len(padded)
        total += checksum
    header = b"".join(directory)
    total += _checksum(header)
    file = bytearray(header + b"".join(bodies))
    struct.pack_into(">L", file, head_at + 8, (_CHECKSUM_MAGIC - total) & 0xFFFFFFFF)
    return bytes(file)
