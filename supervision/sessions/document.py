"""The record of a session as a PDF, for its two people: facts in, the same bytes out. Chinese, as it is filed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from core.pdf.faces import require_glyphs
from core.pdf.paper import FLAME_PALE, HAIRLINE, INK, INK_SOFT, DocumentInfo, close_canvas, open_canvas
from core.pdf.text import draw_text, text_width, wrap

A4 = (595.28, 841.89)
_WIDTH, _HEIGHT = A4
_LEFT, _RIGHT = 56.0, _WIDTH - 56.0
_TOP, _FOOT = _HEIGHT - 64.0, 72.0
_SIZE, _LEADING, _HEADING = 10.5, 17.0, 12.5


@dataclass(frozen=True)
class RecordFacts:
    """What one record says, by section: (label, text). Nothing else is looked up."""

    number: int
    supervisor: str
    mentee: str
    organisation: str
    frame: tuple[tuple[str, str], ...]
    sections: tuple[tuple[str, str], ...]
    signed: tuple[str, ...]
    dated: dt.date
    sample: bool = False

    def texts(self) -> list[str]:
        """Every text that is printed, to be checked for missing glyphs."""
        pairs = [text for pair in (*self.frame, *self.sections) for text in pair]
        lines = [line for text in pairs for line in text.splitlines()]
        return [self.supervisor, self.mentee, self.organisation, *lines, *self.signed]


def render(facts: RecordFacts) -> bytes:
    """Return the record as a PDF (A4), as many pages as it takes; the same bytes for equal facts.

    Raises ``MissingGlyph``, naming the characters, instead of printing a gap.
    """
    require_glyphs(*facts.texts())
    info = DocumentInfo(
        title=f"督导记录 {facts.supervisor} {facts.mentee}",
        author=facts.organisation,
        subject=f"第 {facts.number} 版",
        keywords="督导记录",
        dated=facts.dated,
    )
    canvas = open_canvas(info, size=A4)
    pages = _pages(list(_lines(facts)))
    for number, lines in enumerate(pages, start=1):
        if facts.sample:
            _draw_watermark(canvas, "样例")
        y = _TOP
        for text, size, before in lines:
            y -= before
            canvas.setFillColor(INK)
            draw_text(canvas, text, _LEFT, y, size, bold=size != _SIZE, varying=True)
            y -= _leading(size)
        canvas.setStrokeColor(HAIRLINE)
        canvas.setLineWidth(0.4)
        canvas.line(_LEFT, 52, _RIGHT, 52)
        canvas.setFillColor(INK_SOFT)
        draw_text(canvas, "仅供督导双方留存，不得外传", _LEFT, 38, 7.5)
        draw_text(canvas, f"第 {number} 页，共 {len(pages)} 页", _RIGHT, 38, 7.5, align="right")
        if number < len(pages):
            canvas.showPage()
    return close_canvas(canvas)


_Line = tuple[str, float, float]  # text, size, space before


def _lines(facts: RecordFacts) -> Iterator[_Line]:
    yield ("督导记录", 20.0, 0.0)
    yield from _body(f"督导：{facts.supervisor}　被督导者：{facts.mentee}", 10)
    yield from _body(f"所属单位：{facts.organisation}　第 {facts.number} 版")
    for label, value in facts.frame:
        yield from _body(f"{label}：{value}")
    for label, value in facts.sections:
        yield (label, _HEADING, 12.0)
        yield from _body(value)
    yield ("双方确认", _HEADING, 12.0)
    for each in facts.signed:
        yield from _body(each)


def _body(text: str, before: float = 0.0) -> Iterator[_Line]:
    for paragraph in text.splitlines() or [""]:
        for line in wrap(paragraph, _SIZE, _RIGHT - _LEFT) or [""]:
            yield (line, _SIZE, before)
            before = 0.0


def _leading(size: float) -> float:
    return _LEADING if size == _SIZE else size * 1.6


def _pages(lines: list[_Line]) -> list[list[_Line]]:
    """The lines of each page; a heading never stands last on one."""
    pages: list[list[_Line]] = [[]]
    y = _TOP
    for text, size, before in lines:
        need = before + _leading(size)
        if y - need - (2 * _LEADING if size != _SIZE else 0) < _FOOT and pages[-1]:
            pages.append([])
            y = _TOP
        pages[-1].append((text, size, before))
        y -= need
    return pages


def _draw_watermark(canvas: Canvas, text: str) -> None:
    canvas.saveState()
    canvas.translate(_WIDTH / 2, _HEIGHT / 2)
    canvas.rotate(38)
    canvas.setFillColor(FLAME_PALE)
    size = min(170.0, 460 / text_width(text, 1.0, bold=True))
    draw_text(canvas, text, 0, -size * 0.36, size, bold=True, align="centre", tracking=size * 0.3)
    canvas.restoreState()
