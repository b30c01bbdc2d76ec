"""Open a canvas whose bytes depend on nothing but what is drawn, and keep the house's colours.

The same facts must give the same file on any machine and day: a certificate is stored with its SHA-256, and
anyone may compare.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from reportlab import rl_config
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.utils import TimeStamp
from reportlab.pdfgen.canvas import Canvas

from core.pdf.faces import REGULAR, RawObject, face, stream

# Plain binary streams without comments: smaller, faster, and independent of ReportLab's settings file.
rl_config.useA85 = 0
rl_config.pdfComments = 0
rl_config.pdfMultiLine = 0

A4 = (595.28, 841.89)
A4_LANDSCAPE = (841.89, 595.28)
PRODUCER = "Xinhuo 薪火"

INK = HexColor(0x1F2328)
INK_SOFT = HexColor(0x5C5F66)
HAIRLINE = HexColor(0xB9AE9B)
PAPER = HexColor(0xFCF9F2)
FLAME = HexColor(0xC8371F)
FLAME_PALE = HexColor(0xF6E2D9)


@dataclass(frozen=True)
class DocumentInfo:
    """What the file says about itself (the reader's "properties" window)."""

    title: str
    author: str
    subject: str
    keywords: str
    dated: dt.date


class _FixedTime(TimeStamp):
    """Midnight of a day in China, whatever the clock or SOURCE_DATE_EPOCH says."""

    def __init__(self, day: dt.date) -> None:
        self.tzname = "CST"
        self.t = (day - dt.date(1970, 1, 1)).days * 86400.0 - 8 * 3600
        self.YMDhms = (day.year, day.month, day.day, 0, 0, 0)
        self.dhh, self.dmm = 8, 0


def open_canvas(info: DocumentInfo, size: tuple[float, float] = A4_LANDSCAPE) -> Canvas:
    """Return a deterministic canvas with no font but ours; finish it with ``close_canvas``."""
    face(REGULAR)
    canvas = Canvas(
        io.BytesIO(),
        pagesize=size,
        pageCompression=1,
        invariant=1,
        pdfVersion=(1, 7),
        initialFontName=REGULAR,
        lang="zh-CN",
    )
    document = canvas._doc
    document._timeStamp = _FixedTime(info.dated)
    document.signature = hashlib.md5(repr(info).encode("utf-8"), usedforsecurity=False)
    document.info.producer = document.info.creator = PRODUCER
    canvas.setTitle(info.title)
    canvas.setAuthor(info.author)
    canvas.setSubject(info.subject)
    canvas.setKeywords(info.keywords)
    canvas.setCatalogEntry("ViewerPreferences", {"DisplayDocTitle": "true"})
    return canvas


def close_canvas(canvas: Canvas) -> bytes:
    """Finish the document and return the file."""
    return bytes(canvas.getpdfdata())


class Artwork:
    """A drawing that never changes (a frame, an emblem): drawn and compressed once per process.

    ``draw`` gets a canvas and may use lines, curves and solid colours, but no text.
    """

    def __init__(self, name: str, size: tuple[float, float], draw: Callable[[Canvas], None]) -> None:
        self.name, self.size, self._draw = name, size, draw

    def place(self, canvas: Canvas, x: float = 0.0, y: float = 0.0, scale: float = 1.0) -> None:
        """Put the drawing with its lower left corner at ``x``, ``y``."""
        document = canvas._doc
        if not document.hasForm(self.name):
            document.addForm(self.name, RawObject(_pack(self)))
            document.inPage()
        canvas.saveState()
        canvas.transform(scale, 0, 0, scale, x, y)
        canvas.doForm(self.name)
        canvas.restoreState()


@cache
def _pack(artwork: Artwork) -> bytes:
    face(REGULAR)
    canvas = Canvas(io.BytesIO(), pagesize=artwork.size, invariant=1, initialFontName=REGULAR)
    canvas._code.clear()
    artwork._draw(canvas)
    width, height = artwork.size
    entries = f"/Type/XObject/Subtype/Form/BBox[0 0 {width} {height}]/Resources<<>>"
    return stream("\n".join(canvas._code).encode("ascii"), entries, level=9).data


def tint(colour: Color, share: float) -> Color:
    """Return ``colour`` mixed into the paper: ``share`` 1 is the colour, 0 the paper."""
    mixed = (ink * share + paper * (1 - share) for ink, paper in zip(colour.rgb(), PAPER.rgb(), strict=True))
    return Color(*mixed)
