"""An accepted supervision agreement as a PDF: frozen facts in, the same bytes out. Chinese, as the two accepted it."""

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
_SIZE, _LEADING = 10.5, 17.0


@dataclass(frozen=True)
class Signed:
    """Who accepted it, and when (local time)."""

    name: str
    at: dt.datetime


@dataclass(frozen=True)
class AgreementFacts:
    """What one agreement says. Nothing else is looked up."""

    title: str
    number: int
    mentee: str
    supervisor: str
    code: str
    organisation: str
    goals: str
    frame: tuple[tuple[str, str], ...]
    sections: tuple[tuple[str, str], ...]
    signed: tuple[Signed, ...]
    sha256: str
    watermark: str | None = None

    def texts(self) -> list[str]:
        """Every text that is printed, to be checked for missing glyphs."""
        own = [self.title, self.mentee, self.supervisor, self.code, self.organisation]
        pairs = [text for pair in (*self.frame, *self.sections) for text in pair]
        lines = [line for text in (self.goals, *pairs) for line in text.splitlines()]
        return [*own, *lines, *(each.name for each in self.signed), self.watermark or ""]


@dataclass(frozen=True)
class _Line:
    text: str
    size: float = _SIZE
    bold: bool = False
    before: float = 0.0


def render(facts: AgreementFacts) -> bytes:
    """Return the agreement as a PDF (A4), as many pages as it takes; the same bytes for equal facts.

    Raises ``MissingGlyph``, naming the characters, instead of printing a gap.
    """
    require_glyphs(*facts.texts())
    dated = max((each.at.date() for each in facts.signed), default=dt.date(2000, 1, 1))
    canvas = open_canvas(
        DocumentInfo(
            title=f"督导协议 {facts.supervisor} {facts.mentee}",
            author=facts.organisation,
            subject=f"第 {facts.number} 份",
            keywords=f"sha256={facts.sha256}",
            dated=dated,
        ),
        size=A4,
    )
    pages = _pages(list(_lines(facts)))
    for number, lines in enumerate(pages, start=1):
        if facts.watermark:
            _draw_watermark(canvas, facts.watermark)
        y = _TOP
        for line in lines:
            y -= line.before
            canvas.setFillColor(INK)
            draw_text(canvas, line.text, _LEFT, y, line.size, bold=line.bold, varying=True)
            y -= _leading(line)
        _draw_foot(canvas, facts, number, len(pages))
        if number < len(pages):
            canvas.showPage()
    return close_canvas(canvas)


def _lines(facts: AgreementFacts) -> Iterator[_Line]:
    for text in wrap(facts.title, 20, _RIGHT - _LEFT, bold=True):
        yield _Line(text, 20, bold=True)
    pair = f"督导：{facts.supervisor}（{facts.code}）　被督导者：{facts.mentee}"
    yield from _body(pair, before=10)
    yield from _body(f"所属单位：{facts.organisation}　协议序号：{facts.number}")
    yield _Line("约定事项", 12.5, bold=True, before=12)
    for label, value in facts.frame:
        yield from _body(f"{label}：{value}")
    for label, value in (("督导目标", facts.goals), *facts.sections):
        yield _Line(label, 12.5, bold=True, before=12)
        yield from _body(value)
    yield _Line("双方确认", 12.5, bold=True, before=12)
    for each in facts.signed:
        yield from _body(f"{each.name}　于 {each.at:%Y-%m-%d %H:%M} 在平台确认")


def _body(text: str, before: float = 0.0) -> Iterator[_Line]:
    for paragraph in text.splitlines() or [""]:
        for line in wrap(paragraph, _SIZE, _RIGHT - _LEFT) or [""]:
            yield _Line(line, before=before)
            before = 0.0


def _leading(line: _Line) -> float:
    return _LEADING if line.size == _SIZE else line.size * 1.6


def _pages(lines: list[_Line]) -> list[list[_Line]]:
    """The lines of each page; a heading never stands last on one."""
    pages: list[list[_Line]] = [[]]
    y = _TOP
    for line in lines:
        need = line.before + _leading(line)
        if y - need - (2 * _LEADING if line.bold else 0) < _FOOT and pages[-1]:
            pages.append([])
            y = _TOP
        pages[-1].append(line)
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


def _draw_foot(canvas: Canvas, facts: AgreementFacts, number: int, pages: int) -> None:
    canvas.setStrokeColor(HAIRLINE)
    canvas.setLineWidth(0.4)
    canvas.line(_LEFT, 52, _RIGHT, 52)
    canvas.setFillColor(INK_SOFT)
    draw_text(canvas, f"文本校验值 SHA-256 {facts.sha256}", _LEFT, 38, 7.5, varying=True)
    draw_text(canvas, f"第 {number} 页，共 {pages} 页", _RIGHT, 38, 7.5, align="right")
