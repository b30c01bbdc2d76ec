"""Set text on a canvas: measure, break, fit and draw, in the main and the rare face alike.

Lengths are points. Chinese breaks between any two characters except where punctuation forbids it (GB/T 15834);
a Latin word or a number stays whole. Nothing is ever cut: a text that does not fit gets smaller.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from reportlab.lib.colors import toColor
from reportlab.pdfgen.canvas import Canvas

from core.pdf.faces import RARE, split_runs

Align = Literal["left", "centre", "right"]

# Never at the start of a line; never at the end of one.
_NOT_FIRST = frozenset("，。、；：？！）】》〉」』〕”’…—·・％%,.;:?!)]}")
_NOT_LAST = frozenset("（【《〈「『〔“‘([{")
# A word of Latin letters, digits and inner signs is one piece; so is each other character.
_PIECE = re.compile(r"[A-Za-z0-9\u00C0-\u024F'’&/@#$%+.,:;?!()\-]+ ?| |.", re.DOTALL)
# Good places to part a title: after these marks (with the closing ones that follow), before a bracket.
_PAUSE = re.compile(r"[，、；：](?=.)|(?<=.)(?=[（《])")
# How much the rare face, which has one weight, is thickened in bold text: a share of the size.
_THICKENING = 0.028
# By how many points a text that is too long gets smaller at a time.
_STEP = 0.5


@dataclass(frozen=True)
class Fitted:
    """Text made to fit: the size to use and the lines to draw."""

    size: float
    lines: tuple[str, ...]


def text_width(text: str, size: float, *, bold: bool = False, tracking: float = 0.0) -> float:
    """Width in points; ``tracking`` is the extra space between two characters. Raises ``MissingGlyph``."""
    natural = sum(face.stringWidth(run, size) for face, run in split_runs(text, bold=bold))
    return natural + tracking * max(len(text) - 1, 0)


def draw_text(
    canvas: Canvas,
    text: str,
    x: float,
    y: float,
    size: float,
    *,
    bold: bool = False,
    align: Align = "left",
    tracking: float = 0.0,
    varying: bool = False,
) -> float:
    """Draw one line in the canvas's fill colour with its base line at ``y``, and return its width.

    ``x`` is the line's left end, middle or right end, by ``align``. ``varying`` marks a text that differs
    between the documents of a batch (see faces.VARYING). Raises ``MissingGlyph``.
    """
    runs = list(split_runs(text, bold=bold, varying=varying))
    width = sum(face.stringWidth(run, size) for face, run in runs) + tracking * max(len(text) - 1, 0)
    left = x - width * {"left": 0.0, "centre": 0.5, "right": 1.0}[align]
    document = canvas._doc
    code = [f"q BT {left:.2f} {y:.2f} Td {tracking:.2f} Tc"]
    for face, run in runs:
        mode = 0
        if bold and face.fontName == RARE:
            mode = 2
            red, green, blue = toColor(canvas._fillColorObj).rgb()
            code.append(f"{red:.3f} {green:.3f} {blue:.3f} RG {size * _THICKENING:.3f} w")
        name = face.getSubsetInternalName(0, document)
        glyphs = face.splitString(run, document)[0][1].hex()
        code.append(f"{name} {size:.2f} Tf {mode} Tr <{glyphs}> Tj")
    code.append("ET Q")
    canvas.addLiteral(" ".join(code))
    return width


def wrap(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """Break ``text`` into lines of at most ``room`` points; a piece wider than that is broken inside."""
    room = room / size + 0.001
    pieces = _measure(text, bold)
    if any(bare > room for _, _, bare in pieces):
        pieces = [
            part for piece in pieces for part in ([piece] if piece[2] <= room else _shatter(piece[0], bold))
        ]
    lines, line, used = [], "", 0.0
    for piece, width, bare in pieces:
        if line and used + bare > room:
            lines.append(line.rstrip(" "))
            line, used = "", 0.0
            if piece == " ":
                continue
        line += piece
        used += width
    if line.strip(" "):
        lines.append(line.rstrip(" "))
    return lines


@lru_cache(maxsize=512)
def _measure(text: str, bold: bool) -> list[tuple[str, float, float]]:
    """Return the pieces of ``text``, each with its width at size 1, with and without its last space."""
    return [
        (piece, text_width(piece, 1.0, bold=bold), text_width(piece.rstrip(" "), 1.0, bold=bold))
        for piece in _join_bound(_PIECE.findall(text))
    ]


def _shatter(piece: str, bold: bool) -> list[tuple[str, float, float]]:
    return [(char, width := text_width(char, 1.0, bold=bold), width) for char in piece]


def _join_bound(pieces: list[str]) -> list[str]:
    """Glue closing punctuation to what stands before it and opening punctuation to what follows."""
    bound: list[str] = []
    for piece in pieces:
        if bound and piece != " " and (piece[0] in _NOT_FIRST or bound[-1][-1] in _NOT_LAST):
            bound[-1] += piece
        else:
            bound.append(piece)
    return bound


def wrap_evenly(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """Like ``wrap``, with lines of about one length: no last line of a single character."""
    lines = wrap(text, size, room, bold=bold)
    if len(lines) < 2:
        return lines
    if len(lines) == 2 and (halves := _halve_at_punctuation(text, size, room, bold=bold)):
        return halves
    low, high = text_width(text, size, bold=bold) / len(lines), room
    while high - low > size / 4:
        middle = (low + high) / 2
        attempt = wrap(text, size, middle, bold=bold)
        if len(attempt) > len(lines):
            low = middle
        else:
            lines, high = attempt, middle
    return lines


def _halve_at_punctuation(text: str, size: float, room: float, *, bold: bool) -> list[str]:
    """Return two lines that part after a comma or colon, or before a bracket, near the middle; else nothing."""
    cuts = [match.end() for match in _PAUSE.finditer(text) if 0.3 < match.end() / len(text) < 0.7]
    for cut in sorted(cuts, key=lambda index: abs(2 * index - len(text))):
        halves = [text[:cut].rstrip(" "), text[cut:].lstrip(" ")]
        if max(text_width(half, size, bold=bold) for half in halves) <= room:
            return halves
    return []


@lru_cache(maxsize=512)
def fit(
    text: str, room: float, size: float, *, smallest: float | None = None, lines: int = 2, bold: bool = False
) -> Fitted:
    """Fit ``text`` into ``room``: on one line if ``smallest`` allows, else on up to ``lines`` even lines.

    The lines are as large as possible, at most ``size``, and as small as it takes: all of the text is there.
    """
    natural = text_width(text, 1.0, bold=bold)
    if natural * (size if smallest is None else smallest) <= room or lines == 1:
        return Fitted(min(size, room / natural) if natural else size, (text,))
    while size > _STEP:
        broken = wrap_evenly(text, size, room, bold=bold)
        if len(broken) <= lines:
            return Fitted(size, tuple(broken))
        size -= _STEP
    return Fitted(room / natural, (text,))


def fit_name(name: str, room: float, size: float, *, smallest: float, bold: bool = False) -> Fitted:
    """Fit a person's name: one line, shrunk to ``smallest`` at most; then two lines, broken at a · or space.

    The break nearest the middle is taken, the · staying on the first line; a name with neither is halved.
    """
    natural = text_width(name, 1.0, bold=bold)
    if natural * smallest <= room:
        return Fitted(min(size, room / natural) if natural else size, (name,))
    joints = [index + 1 for index, char in enumerate(name[:-1]) if char in "·•‧ "] or [(len(name) + 1) // 2]
    cut = min(joints, key=lambda index: abs(2 * index - len(name)))
    halves = (name[:cut].rstrip(" "), name[cut:])
    widest = max(text_width(half, 1.0, bold=bold) for half in halves)
    return Fitted(min(size, room / widest), halves)
