"""What the papers of the house have in common: a rule, a watermark, the number of a page, a date in Chinese."""

from __future__ import annotations

import datetime as dt

from reportlab.pdfgen.canvas import Canvas

from core.pdf.paper import FLAME_PALE, HAIRLINE
from core.pdf.text import draw_text, text_width


def chinese_date(day: dt.date) -> str:
    """2026年3月2日"""
    return f"{day.year}年{day.month}月{day.day}日"


def english_date(day: dt.date) -> str:
    """2 March 2026, in English on every machine (``strftime`` follows the locale)."""
    months = "January February March April May June July August September October November December".split()
    return f"{day.day} {months[day.month - 1]} {day.year}"


def draw_watermark(
    canvas: Canvas,
    text: str,
    sheet: tuple[float, float],
    *,
    slant: float = 38,
    largest: float = 170.0,
    room: float = 460,
) -> None:
    """Write `text` large, pale and slanting (degrees) over the middle of the sheet, in at most `room` points."""
    canvas.saveState()
    canvas.translate(sheet[0] / 2, sheet[1] / 2)
    canvas.rotate(slant)
    canvas.setFillColor(FLAME_PALE)
    size = min(largest, room / text_width(text, 1.0, bold=True))
    draw_text(canvas, text, 0, -size * 0.36, size, bold=True, align="centre", tracking=size * 0.3)
    canvas.restoreState()


def draw_rule(canvas: Canvas, left: float, right: float, y: float, width: float) -> None:
    """Draw a fine line of this width across."""
    canvas.setStrokeColor(HAIRLINE)
    canvas.setLineWidth(width)
    canvas.line(left, y, right, y)


def draw_page_number(
    canvas: Canvas, number: int, pages: int, right: float, y: float, size: float = 8
) -> None:
    """Write which page of how many this is, in the canvas's colour, up to `right`."""
    draw_text(canvas, f"第 {number} 页，共 {pages} 页", right, y, size, align="right")
