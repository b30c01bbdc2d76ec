"""The sign-in sheet of a class as a PDF: where the network fails, paper does not."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from reportlab.pdfgen.canvas import Canvas

from core.pdf.paper import A4, HAIRLINE, INK, INK_SOFT, DocumentInfo, close_canvas, open_canvas
from core.pdf.text import draw_text, fit

LEFT, RIGHT, TOP, BOTTOM = 42.0, 553.0, 800.0, 62.0
ROW = 25.0
HEAD = 118.0  # of a page, above the table


@dataclass(frozen=True)
class SheetWords:
    """The fixed words of the sheet."""

    heading: str = "签到表"
    cohort: str = "班次"
    klass: str = "课次"
    held: str = "时间"
    place: str = "地点"
    number: str = "序号"
    name: str = "姓名"
    unit: str = "单位"
    came: str = "签到（签名、时间）"
    left: str = "签退（签名、时间）"
    guest: str = "补课"
    teacher: str = "授课老师签名："
    signed_on: str = "日期："
    page: str = "第{page}页 共{pages}页"
    people: str = "应到{people}人"


@dataclass(frozen=True)
class SheetRow:
    name: str
    unit: str = ""
    is_guest: bool = False


@dataclass(frozen=True)
class SheetFacts:
    """What one sheet says. `held` is the time as it is printed."""

    cohort: str
    title: str
    held: str
    place: str
    printed_on: dt.date
    rows: tuple[SheetRow, ...]
    words: SheetWords = field(default_factory=SheetWords)


def per_page() -> int:
    return int((TOP - HEAD - BOTTOM - ROW) // ROW)


def render(facts: SheetFacts) -> bytes:
    """The sheet, as many pages as it takes; an empty class gives one page of empty lines.

    Raises MissingGlyph, naming the characters, rather than printing a gap.
    """
    words, room = facts.words, per_page()
    rows = facts.rows or tuple(SheetRow("") for _ in range(room))
    pages = [rows[begin : begin + room] for begin in range(0, len(rows), room)]
    canvas = open_canvas(
        DocumentInfo(
            title=f"{words.heading} {facts.title}",
            author=facts.cohort,
            subject=facts.held,
            keywords="",
            dated=facts.printed_on,
        ),
        A4,
    )
    for number, page in enumerate(pages, start=1):
        _draw_head(canvas, facts)
        _draw_table(canvas, facts, page, (number - 1) * room)
        _draw_foot(canvas, facts, number, len(pages))
        if number < len(pages):
            canvas.showPage()
    return close_canvas(canvas)


def _draw_head(canvas: Canvas, facts: SheetFacts) -> None:
    words = facts.words
    canvas.setFillColor(INK)
    draw_text(canvas, words.heading, (LEFT + RIGHT) / 2, TOP - 22, 20, bold=True, align="centre", tracking=6)
    lines = [
        (words.cohort, facts.cohort),
        (words.klass, facts.title),
        (words.held, facts.held),
        (words.place, facts.place),
    ]
    y = TOP - 48
    for label, text in lines:
        canvas.setFillColor(INK_SOFT)
        draw_text(canvas, label, LEFT, y, 10)
        canvas.setFillColor(INK)
        fitted = fit(text or "—", RIGHT - LEFT - 44, 10.5, smallest=7, lines=1)
        draw_text(canvas, fitted.lines[0], LEFT + 40, y, fitted.size)
        y -= 16


def _columns() -> list[float]:
    return [LEFT, LEFT + 36, LEFT + 122, LEFT + 263, LEFT + 387, RIGHT]


def _draw_table(canvas: Canvas, facts: SheetFacts, rows: tuple[SheetRow, ...], before: int) -> None:
    words, edges = facts.words, _columns()
    top = TOP - HEAD
    bottom = top - ROW * (len(rows) + 1)
    canvas.setStrokeColor(HAIRLINE)
    canvas.setLineWidth(0.7)
    for edge in edges:
        canvas.line(edge, top, edge, bottom)
    for number in range(len(rows) + 2):
        canvas.line(LEFT, top - ROW * number, RIGHT, top - ROW * number)
    canvas.setFillColor(INK)
    heads = (words.number, words.name, words.unit, words.came, words.left)
    for place, text in enumerate(heads):
        draw_text(
            canvas, text, (edges[place] + edges[place + 1]) / 2, top - 16.5, 9.5, bold=True, align="centre"
        )
    for number, row in enumerate(rows, start=1):
        y = top - ROW * number - 16.5
        draw_text(canvas, str(before + number), (edges[0] + edges[1]) / 2, y, 10, align="centre")
        _cell(canvas, row.name, edges[1], edges[2], y, 11)
        _cell(canvas, f"{words.guest} {row.unit}" if row.is_guest else row.unit, edges[2], edges[3], y, 9)


def _cell(canvas: Canvas, text: str, left: float, right: float, y: float, size: float) -> None:
    """A text in its cell: smaller, then on two lines, never cut."""
    if not text:
        return
    fitted = fit(text, right - left - 8, size, smallest=size - 2, lines=2)
    rise = fitted.size * 0.55 if len(fitted.lines) == 2 else 0
    for number, line in enumerate(fitted.lines):
        draw_text(canvas, line, left + 4, y + rise - number * fitted.size * 1.15, fitted.size)


def _draw_foot(canvas: Canvas, facts: SheetFacts, number: int, pages: int) -> None:
    words = facts.words
    canvas.setFillColor(INK)
    draw_text(canvas, words.teacher, LEFT, 40, 10)
    draw_text(canvas, words.signed_on, LEFT + 230, 40, 10)
    canvas.setFillColor(INK_SOFT)
    tail = f"{words.people.format(people=len(facts.rows))}  {words.page.format(page=number, pages=pages)}"
    draw_text(canvas, tail, RIGHT, 40, 9, align="right")
