"""Draw a QR code as vectors: sharp at any size, black on white, with its quiet zone.

segno (ISO/IEC 18004) makes the symbol of each version once per process; from it we keep the fixed part (finders,
format, mask) and the order in which data modules are filled, and set only the code words of each further text.
That is 8 times faster than a whole encoding, and it shows: the code was half of a certificate's time. The tests
compare symbols with segno's own, module for module, and read them with two decoders.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import segno
from reportlab.lib.colors import black, white
from reportlab.pdfgen.canvas import Canvas
from segno import consts

# Choosing the "best" of the eight masks costs five times the rest of the encoding and readers need none of it.
_MASK = 4
# Half of the quiet zone is drawn; the light paper around gives the other half, and the modules stay larger.
_QUIET = 2
_BYTE_MODE = 0b0100
_DARK = re.compile(b"\x01+")
_PADDING = bytes((0xEC, 0x11))


@dataclass(frozen=True)
class _Version:
    """What all symbols of one version share. ``blank`` is the matrix, row by row, with all code words zero."""

    side: int
    count_bits: int
    blocks: tuple[int, ...]  # data code words of each block
    checks: int  # check code words of each block
    order: tuple[int, ...] = ()
    blank: bytes = b""


def draw_qr(canvas: Canvas, text: str, x: float, y: float, side: float) -> None:
    """Draw ``text`` as a square of ``side`` points with its lower left corner at ``x``, ``y``.

    Two modules of quiet zone are included; leave as much again free, on light paper. Error correction M (15 %).
    Modules of one row that touch become one rectangle, all in one path, so that no viewer shows hairlines
    between them. ``ValueError`` when the text is not ASCII (an address is, once percent-encoded) or too long.
    """
    count, modules = qr_matrix(text)
    module = side / (count + 2 * _QUIET)
    canvas.saveState()
    canvas.setFillColor(white)
    canvas.rect(x, y, side, side, stroke=0, fill=1)
    canvas.setFillColor(black)
    canvas.transform(module, 0, 0, module, x + _QUIET * module, y + _QUIET * module)
    boxes = []
    for number in range(count):
        row, level = modules[number * count : (number + 1) * count], count - 1 - number
        runs = (match.span() for match in _DARK.finditer(row))
        boxes += [f"{start} {level} {end - start} 1 re" for start, end in runs]
    boxes.append("f")
    canvas.addLiteral(" ".join(boxes))
    canvas.restoreState()


def qr_path(text: str) -> tuple[int, str]:
    """Return the side in modules, quiet zone included, and the dark modules as the path of an SVG of that many units."""
    count, modules = qr_matrix(text)
    parts = []
    for number in range(count):
        row = modules[number * count : (number + 1) * count]
        for start, end in (match.span() for match in _DARK.finditer(row)):
            parts.append(f"M{start + 4} {number + 4}h{end - start}v1h{start - end}z")
    return count + 8, "".join(parts)


def qr_matrix(text: str) -> tuple[int, bytes]:
    """Return the symbol's side in modules, and its modules row by row, 1 for dark."""
    data = text.encode("ascii")
    for number in range(1, 41):
        shape = _shape(number)
        if 4 + shape.count_bits + 8 * len(data) <= 8 * sum(shape.blocks):
            return shape.side, _fill(_version(number), data)
    raise ValueError(f"{len(data)} bytes are too many for a QR code")


def _fill(version: _Version, data: bytes) -> bytes:
    words = _code_words(version, data)
    bits = f"{int.from_bytes(words, 'big'):0{8 * len(words)}b}"
    modules = bytearray(version.blank)
    for place, bit in zip(version.order, bits, strict=False):
        if bit == "1":
            modules[place] ^= 1
    return bytes(modules)


def _code_words(version: _Version, data: bytes) -> bytes:
    """Return header, data, padding and check words, interleaved block by block (ISO/IEC 18004, 7.4 to 7.6)."""
    capacity = sum(version.blocks)
    used = 4 + version.count_bits + 8 * len(data)
    value = (_BYTE_MODE << version.count_bits | len(data)) << 8 * len(data) | int.from_bytes(data, "big")
    ending = min(4, 8 * capacity - used)
    ending += -(used + ending) % 8
    words = (value << ending).to_bytes((used + ending) // 8, "big")
    words += (_PADDING * capacity)[: capacity - len(words)]
    blocks, checks, start = [], [], 0
    for length in version.blocks:
        block = words[start : start + length]
        start += length
        blocks.append(block)
        checks.append(_check_words(block, version.checks))
    return _interleave(blocks) + _interleave(checks)


def _interleave(blocks: list[bytes]) -> bytes:
    longest = max(map(len, blocks))
    return bytes(block[index] for index in range(longest) for block in blocks if index < len(block))


def _check_words(block: bytes, count: int) -> bytes:
    """Reed–Solomon remainder of ``block`` over GF(256), all ``count`` words of it held in one integer."""
    table, keep, shift = _multiples(count), (1 << 8 * count) - 1, 8 * (count - 1)
    remainder = 0
    for word in block:
        remainder = (remainder << 8 & keep) ^ table[remainder >> shift ^ word]
    return remainder.to_bytes(count, "big")


@cache
def _multiples(count: int) -> list[int]:
    """The generator polynomial of degree ``count`` (without its leading 1) times each of 0 … 255."""
    generator, root = [1], 1
    for _ in range(count):
        shifted = [*generator, 0]
        for index, factor in enumerate(generator):
            shifted[index + 1] ^= _multiply(factor, root)
        generator, root = shifted, _multiply(root, 2)
    return [
        int.from_bytes(bytes(_multiply(word, factor) for factor in generator[1:]), "big")
        for word in range(256)
    ]


def _multiply(left: int, right: int) -> int:
    """Product in GF(256) modulo x⁸ + x⁴ + x³ + x² + 1."""
    product = 0
    while right:
        if right & 1:
            product ^= left
        left <<= 1
        if left & 0x100:
            left ^= 0x11D
        right >>= 1
    return product


@cache
def _shape(number: int) -> _Version:
    infos: Any = consts.ECC[number][consts.ERROR_LEVEL_M]  # type: ignore[index]
    return _Version(
        side=4 * number + 17,
        count_bits=8 if number < 10 else 16,
        blocks=tuple(info.num_data for info in infos for _ in range(info.num_blocks)),
        checks=infos[0].num_total - infos[0].num_data,
    )


@cache
def _version(number: int) -> _Version:
    """Learn a version from segno's symbol of a sample text.

    The sample fills the symbol, because segno 1.6 puts a superfluous zero word before the padding.
    """
    shape = _shape(number)
    sample = b"a" * ((8 * sum(shape.blocks) - 4 - shape.count_bits) // 8)
    symbol = segno.make_qr(
        sample.decode("ascii"), version=number, mode="byte", error="m", mask=_MASK, boost_error=False
    )
    kinds = [list(row) for row in symbol.matrix_iter(border=0, verbose=True)]
    order = tuple(
        row * shape.side + column
        for row, column in _zigzag(shape.side)
        if kinds[row][column] in (consts.TYPE_DATA_DARK, consts.TYPE_DATA_LIGHT)
        # segno calls this data module, just left of the format information, a part of it.
        or (row, column) == (8, shape.side - 9)
    )
    seen = b"".join(bytes(row) for row in symbol.matrix)
    learnt = _Version(shape.side, shape.count_bits, shape.blocks, shape.checks, order, seen)
    # Setting the sample's code words a second time clears them.
    return _Version(shape.side, shape.count_bits, shape.blocks, shape.checks, order, _fill(learnt, sample))


def _zigzag(side: int) -> list[tuple[int, int]]:
    """Rows and columns in the order in which data is laid: columns in pairs from the right, up and down in turn."""
    cells, upwards = [], True
    for right in [*range(side - 1, 6, -2), 5, 3, 1]:
        for row in range(side - 1, -1, -1) if upwards else range(side):
            cells += [(row, right), (row, right - 1)]
        upwards = not upwards
    return cells
