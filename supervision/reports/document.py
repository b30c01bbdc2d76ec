"""An official table on paper: title, unit and period, columns, totals, who prepared and who reviewed it, page numbers.

Facts in, the same bytes out. Chinese, as the authorities read it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from core.pdf.faces import require_glyphs
from core.pdf.pages import chinese_date, draw_page_number, draw_watermark
from core.pdf.paper import (
    A4_LANDSCAPE,
    FLAME_PALE,
    HAIRLINE,
    INK,
    INK_SOFT,
    DocumentInfo,
    close_canvas,
    open_canvas,
)
from core.pdf.text import draw_text, fit, wrap

_WIDTH, _HEIGHT = A4_LANDSCAPE
_LEFT, _RIGHT = 40.0, _WIDTH - 40.0
_TOP, _FOOT = _HEIGHT - 44.0, 56.0
_SIZE, _LINE, _PAD = 9.0, 12.0, 4.0


@dataclass(frozen=True)
class Column:
    """A heading, the share of the width it takes, and whether its cells are figures."""

    label: str
    share: float = 1.0
    is_number: bool = True


@dataclass(frozen=True)
class Table:
    """One table of a paper. Of `rows` the last one is the total when `has_total`."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    has_total: bool = False


@dataclass(frozen=True)
class Paper:
    """What a paper says. Nothing else is looked up, and nothing is worked out from these."""

    title: str
    unit: str
    period: str
    number: str
    lines: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...]
    signers: tuple[tuple[str, str], ...]
    dated: dt.date
    sha256: str = ""
    watermark: str | None = None

    def texts(self) -> list[str]:
        """Every text that is printed, to be checked for missing glyphs."""
        found = [self.title, self.unit, self.period, self.number, self.watermark or "", *self.notes]
        for label, value in (*self.lines, *self.signers):
            found += [label, value]
        for table in self.tables:
            found += [table.caption, *(column.label for column in table.columns)]
            found += [shown(cell) for row in table.rows for cell in row]
        return found


def shown(cell: Any) -> str:
    """A cell as it is printed; an empty one is a dash."""
    return "—" if cell is None or cell == "" else str(cell)


@dataclass(frozen=True)
class _Line:
    """Something with a height: a caption, a heading or a row of a table, with its cells broken into lines."""

    kind: str
    table: Table
    cells: tuple[tuple[str, ...], ...] = ()

    @property
    def height(self) -> float:
        if self.kind == "caption":
            return 22.0
        return _LINE * max(len(cell) for cell in self.cells) + 2 * _PAD


def render(paper: Paper) -> bytes:
    """Return the paper as a PDF (A4 across), as many pages as it takes. Raises ``MissingGlyph``, naming the characters."""
    require_glyphs(*paper.texts())
    canvas = open_canvas(
        DocumentInfo(
            title=f"{paper.title} {paper.unit} {paper.period}",
            author=paper.unit,
            subject=paper.number,
            keywords=f"sha256={paper.sha256}",
            dated=paper.dated,
        ),
        size=A4_LANDSCAPE,
    )
    pages = list(_pages(paper))
    for number, lines in enumerate(pages, start=1):
        if paper.watermark:
            draw_watermark(canvas, paper.watermark, A4_LANDSCAPE, slant=30, largest=150.0)
        y = _draw_head(canvas, paper) if number == 1 else _draw_running_head(canvas, paper)
        for line in lines:
            y = _draw_line(canvas, line, y)
        if number == len(pages):
            _draw_end(canvas, paper, y)
        _draw_foot(canvas, paper, number, len(pages))
        if number < len(pages):
            canvas.showPage()
    return close_canvas(canvas)


def _head_height(paper: Paper) -> float:
    return 62.0 + 15.0 * len(paper.lines)


def _end_height(paper: Paper) -> float:
    notes = sum(len(wrap(note, 8, _RIGHT - _LEFT)) for note in paper.notes)
    return 12.0 + 11.0 * notes + 34.0


def _pages(paper: Paper) -> Iterator[list[_Line]]:
    """The lines of each page; a heading is repeated on each page, and never stands alone at the foot."""
    room = _TOP - _head_height(paper) - _FOOT
    page: list[_Line] = []
    for table in paper.tables:
        caption, head = (
            _Line("caption", table),
            _Line("head", table, _cells(table, _labels(table), bold=True)),
        )
        rows = [
            _Line("total" if table.has_total and row is table.rows[-1] else "row", table, _cells(table, row))
            for row in table.rows
        ]
        first = rows[0].height if rows else 0.0
        if page and caption.height + head.height + first > room:
            yield page
            page, room = [], _TOP - 24.0 - _FOOT
        begins = [caption, head] if table.caption else [head]
        page += begins
        room -= sum(line.height for line in begins)
        for line in rows:
            if line.height > room and page[-1].kind != "head":
                yield page
                page, room = [head], _TOP - 24.0 - _FOOT - head.height
            page.append(line)
            room -= line.height
    if _end_height(paper) <= room:
        yield page
        return
    stays, goes = _parted(page)  # whoever signs does so below something
    yield stays
    yield goes


def _parted(page: list[_Line]) -> tuple[list[_Line], list[_Line]]:
    """A page whose end has no room: what stays on it, and the last of it that goes onto the next with the end."""
    head = max(place for place, line in enumerate(page) if line.kind == "head")
    if len(page) - head > 2:
        return page[:-1], [page[head], page[-1]]
    begin = head - 1 if head and page[head - 1].kind == "caption" else head
    return (page[:begin], page[begin:]) if begin else (page, [])


def _labels(table: Table) -> tuple[str, ...]:
    return tuple(column.label for column in table.columns)


def _widths(table: Table) -> list[float]:
    whole = sum(column.share for column in table.columns)
    return [(_RIGHT - _LEFT) * column.share / whole for column in table.columns]


def _cells(table: Table, row: Sequence[Any], *, bold: bool = False) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(wrap(shown(cell), _SIZE, width - 2 * _PAD, bold=bold)) or ("",)
        for cell, width in zip(row, _widths(table), strict=True)
    )


def _draw_head(canvas: Canvas, paper: Paper) -> float:
    canvas.setFillColor(INK)
    title = fit(paper.title, _RIGHT - _LEFT, 20, smallest=12, lines=1, bold=True)
    draw_text(canvas, title.lines[0], _WIDTH / 2, _TOP - 12, title.size, bold=True, align="centre")
    canvas.setFillColor(INK_SOFT)
    unit = fit(f"单位：{paper.unit}", 380, 10, smallest=7, lines=1)
    draw_text(canvas, unit.lines[0], _LEFT, _TOP - 38, unit.size)
    draw_text(canvas, f"统计期间：{paper.period}", _RIGHT, _TOP - 38, 10, align="right")
    y = _TOP - 54
    for label, value in paper.lines:
        line = fit(f"{label}：{value}", _RIGHT - _LEFT, 9.5, smallest=7, lines=1)
        draw_text(canvas, line.lines[0], _LEFT, y, line.size)
        y -= 15
    return _TOP - _head_height(paper) + 8


def _draw_running_head(canvas: Canvas, paper: Paper) -> float:
    canvas.setFillColor(INK_SOFT)
    words = fit(f"{paper.title} · {paper.unit} · {paper.period}", _RIGHT - _LEFT, 9, smallest=6, lines=1)
    draw_text(canvas, words.lines[0], _LEFT, _TOP - 6, words.size)
    return _TOP - 24


def _draw_line(canvas: Canvas, line: _Line, y: float) -> float:
    if line.kind == "caption":
        canvas.setFillColor(INK)
        draw_text(canvas, line.table.caption, _LEFT, y - 15, 10.5, bold=True)
        return y - line.height
    if line.kind in ("head", "total"):
        canvas.setFillColor(FLAME_PALE)
        canvas.rect(_LEFT, y - line.height, _RIGHT - _LEFT, line.height, stroke=0, fill=1)
    bold = line.kind != "row"
    x = _LEFT
    canvas.setFillColor(INK)
    for cell, width, column in zip(line.cells, _widths(line.table), line.table.columns, strict=True):
        base = y - _PAD - _SIZE + 1
        for text in cell:
            if column.is_number:
                draw_text(canvas, text, x + width - _PAD, base, _SIZE, bold=bold, align="right")
            else:
                draw_text(canvas, text, x + _PAD, base, _SIZE, bold=bold)
            base -= _LINE
        x += width
    canvas.setStrokeColor(HAIRLINE)
    canvas.setLineWidth(0.5)
    x = _LEFT
    for width in _widths(line.table):
        canvas.rect(x, y - line.height, width, line.height, stroke=1, fill=0)
        x += width
    return y - line.height


def _draw_end(canvas: Canvas, paper: Paper, y: float) -> None:
    canvas.setFillColor(INK_SOFT)
    y -= 16
    for note in paper.notes:
        for text in wrap(note, 8, _RIGHT - _LEFT):
            draw_text(canvas, text, _LEFT, y, 8)
            y -= 11
    canvas.setFillColor(INK)
    words = [f"{label}：{value or '　　　　　　'}" for label, value in paper.signers]
    words.append(f"日期：{chinese_date(paper.dated)}")
    step = (_RIGHT - _LEFT) / len(words)
    for number, each in enumerate(words):
        line = fit(each, step - 8, 10.5, smallest=6, lines=1)
        draw_text(canvas, line.lines[0], _LEFT + number * step, y - 18, line.size)


def _draw_foot(canvas: Canvas, paper: Paper, number: int, pages: int) -> None:
    canvas.setFillColor(INK_SOFT)
    draw_text(canvas, f"编号 {paper.number}　校验 {paper.sha256[:16]}", _LEFT, 28, 8)
    draw_page_number(canvas, number, pages, _RIGHT, 28)
