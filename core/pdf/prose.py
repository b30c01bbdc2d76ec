"""A paper of headings and paragraphs, over as many A4 pages as it takes, with a foot on each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from core.pdf.pages import draw_page_number, draw_rule, draw_watermark
from core.pdf.paper import A4, INK, INK_SOFT, DocumentInfo, close_canvas, open_canvas
from core.pdf.text import draw_text, wrap

_LEFT, _RIGHT = 56.0, A4[0] - 56.0
_TOP, _FOOT = A4[1] - 64.0, 72.0
_SIZE, _LEADING = 10.5, 17.0
_TITLE, _HEADING = 20.0, 12.5


@dataclass(frozen=True)
class Line:
    """One line that fits the page: its size and the space before it, in points. Another size than the text's is bold."""

    text: str
    size: float = _SIZE
    before: float = 0.0

    @property
    def is_heading(self) -> bool:
        return self.size != _SIZE

    @property
    def leading(self) -> float:
        return self.size * 1.6 if self.is_heading else _LEADING


def title_lines(text: str) -> Iterator[Line]:
    """The title of the paper, on as many lines as it takes."""
    for line in wrap(text, _TITLE, _RIGHT - _LEFT, bold=True):
        yield Line(line, _TITLE)


def heading_line(text: str) -> Line:
    """A heading; it must fit one line."""
    return Line(text, _HEADING, 12.0)


def body_lines(text: str, before: float = 0.0) -> Iterator[Line]:
    """A text with its own paragraphs, after a space of `before` points; an empty one is an empty line."""
    for paragraph in text.splitlines() or [""]:
        for line in wrap(paragraph, _SIZE, _RIGHT - _LEFT) or [""]:
            yield Line(line, before=before)
            before = 0.0


def render_prose(
    info: DocumentInfo,
    lines: Iterable[Line],
    *,
    foot: str,
    watermark: str | None = None,
    is_foot_varying: bool = False,
) -> bytes:
    """Return the paper as a PDF, the same bytes for equal lines; `foot` stands on each page, before its number."""
    canvas = open_canvas(info, size=A4)
    pages = _pages(lines)
    for number, page in enumerate(pages, start=1):
        if watermark:
            draw_watermark(canvas, watermark, A4)
        _draw_lines(canvas, page)
        draw_rule(canvas, _LEFT, _RIGHT, 52, 0.4)
        canvas.setFillColor(INK_SOFT)
        draw_text(canvas, foot, _LEFT, 38, 7.5, varying=is_foot_varying)
        draw_page_number(canvas, number, len(pages), _RIGHT, 38, 7.5)
        if number < len(pages):
            canvas.showPage()
    return close_canvas(canvas)


def _pages(lines: Iterable[Line]) -> list[list[Line]]:
    """The lines of each page; a heading never stands last on one."""
    pages: list[list[Line]] = [[]]
    y = _TOP
    for line in lines:
        need = line.before + line.leading
        if y - need - (2 * _LEADING if line.is_heading else 0) < _FOOT and pages[-1]:
            pages.append([])
            y = _TOP
        pages[-1].append(line)
        y -= need
    return pages


def _draw_lines(canvas: Canvas, lines: list[Line]) -> None:
    y = _TOP
    for line in lines:
        y -= line.before
        canvas.setFillColor(INK)
        draw_text(canvas, line.text, _LEFT, y, line.size, bold=line.is_heading, varying=True)
        y -= line.leading
