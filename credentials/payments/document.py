"""The payment list 发放花名册 on paper: the official columns, the sum in figures and capitals, who made and who checked it.

Frozen facts in, the same bytes out. Chinese, as banks and auditors read it. No database.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

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
from core.pdf.text import draw_text, wrap

NO_TOTAL = "控制总额待放款人核算后列示"

_WIDTH, _HEIGHT = A4_LANDSCAPE
_LEFT, _RIGHT = 24.0, _WIDTH - 24.0
_TOP, _FOOT = _HEIGHT - 40.0, 40.0
_SIZE, _LINE, _PAD = 7.5, 10.0, 3.5
_END = 62.0  # the room for the sum and the signatures
# The official columns: heading, share of the width, and whether they are figures.
COLUMNS = (
    ("序号", 22.0, False), ("姓名", 40.0, False), ("身份证号", 78.0, False), ("单位", 78.0, False),
    ("证书级别", 56.0, False), ("证书编号", 58.0, False), ("发证日期", 44.0, False), ("发放标准", 42.0, True),
    ("已领金额", 42.0, True), ("本次金额", 42.0, True), ("开户行（全称）", 84.0, False), ("账号", 86.0, False),
    ("联系电话", 52.0, False), ("备注", 52.0, False),
)  # fmt: skip


@dataclass(frozen=True)
class RosterLine:
    """One line of the list."""

    position: int
    name: str
    id_number: str
    employer: str
    level: str
    certificate_number: str
    certificate_on: dt.date | None
    standard: Decimal
    already: Decimal
    amount: Decimal
    bank: str
    account: str
    phone: str
    remark: str

    def cells(self) -> tuple[str, ...]:
        """The columns as they are printed."""
        day = self.certificate_on.isoformat() if self.certificate_on else ""
        return (
            str(self.position), self.name, self.id_number, self.employer, self.level, self.certificate_number, day,
            money(self.standard), money(self.already), money(self.amount), self.bank, self.account, self.phone,
            self.remark,
        )  # fmt: skip


@dataclass(frozen=True)
class Roster:
    """The whole list."""

    serial: str
    title: str
    authority: str
    policy: str
    lines: tuple[RosterLine, ...]
    total: Decimal | None  # None: whoever is given it has to find it out first
    capitals: str
    made_by: str
    checked_by: str
    dated: dt.date
    watermark: str | None = None

    def texts(self) -> list[str]:
        """Every text that is printed."""
        found = [
            self.serial,
            self.title,
            self.authority,
            self.policy,
            self.capitals,
            self.made_by,
            self.checked_by,
        ]
        return [*found, self.watermark or "", *(cell for line in self.lines for cell in line.cells())]


def money(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def render(roster: Roster) -> bytes:
    """Return the list as a PDF (A4 across). Raises ``MissingGlyph``, naming the characters."""
    require_glyphs(*roster.texts())
    canvas = open_canvas(
        DocumentInfo(
            title=f"{roster.title} {roster.serial}",
            author=roster.authority,
            subject=roster.serial,
            keywords=f"serial={roster.serial}",
            dated=roster.dated,
        ),
        size=A4_LANDSCAPE,
    )
    pages = list(_pages(roster))
    for number, rows in enumerate(pages, start=1):
        _draw_page(canvas, roster, rows, number, len(pages))
        if number < len(pages):
            canvas.showPage()
    return close_canvas(canvas)


_Cells = tuple[tuple[str, ...], ...]


def _widths() -> list[float]:
    share = (_RIGHT - _LEFT) / sum(width for _label, width, _figures in COLUMNS)
    return [width * share for _label, width, _figures in COLUMNS]


def _broken(cells: tuple[str, ...]) -> _Cells:
    return tuple(
        tuple(wrap(cell, _SIZE, width - 2 * _PAD) or [""])
        for cell, width in zip(cells, _widths(), strict=True)
    )


def _height(row: _Cells) -> float:
    return _LINE * max(len(cell) for cell in row) + 2 * _PAD


def _pages(roster: Roster) -> Iterator[list[_Cells]]:
    """The rows of each page; sum and signatures stay on the last one, with a row at least."""
    head = _height(_broken(tuple(label for label, _width, _figures in COLUMNS)))
    whole = _TOP - 46 - head - _FOOT
    room, page = whole, list[_Cells]()
    for line in roster.lines:
        row = _broken(line.cells())
        if _height(row) > room and page:
            yield page
            page, room = [], whole
        page.append(row)
        room -= _height(row)
    if room >= _END or len(page) < 2:
        yield page
        return
    yield page[:-1]
    yield page[-1:]  # a sum that stands alone on its page could be of any list


def _draw_page(canvas: Canvas, roster: Roster, rows: list[_Cells], number: int, pages: int) -> None:
    if roster.watermark:
        draw_watermark(canvas, roster.watermark, A4_LANDSCAPE)
    canvas.setFillColor(INK)
    draw_text(canvas, roster.title, _WIDTH / 2, _TOP - 12, 16, bold=True, align="centre", tracking=2)
    canvas.setFillColor(INK_SOFT)
    draw_text(canvas, f"发放单位：{roster.authority}", _LEFT, _TOP - 32, 8.5)
    draw_text(canvas, f"依据：{roster.policy}", _WIDTH / 2, _TOP - 32, 8.5, align="centre")
    draw_text(canvas, f"批次：{roster.serial}　单位：元", _RIGHT, _TOP - 32, 8.5, align="right")
    y = _draw_row(canvas, _broken(tuple(label for label, _w, _f in COLUMNS)), _TOP - 42, is_head=True)
    for row in rows:
        y = _draw_row(canvas, row, y)
    if number == pages:
        _draw_end(canvas, roster, y)
    canvas.setFillColor(INK_SOFT)
    draw_page_number(canvas, number, pages, _RIGHT, 22)


def _draw_row(canvas: Canvas, row: _Cells, y: float, *, is_head: bool = False) -> float:
    height, x = _height(row), _LEFT
    canvas.setStrokeColor(HAIRLINE)
    canvas.setLineWidth(0.4)
    for lines, width, (_label, _share, is_figures) in zip(row, _widths(), COLUMNS, strict=True):
        if is_head:
            canvas.setFillColor(FLAME_PALE)
        canvas.rect(x, y - height, width, height, stroke=1, fill=int(is_head))
        canvas.setFillColor(INK)
        to_right = is_figures and not is_head
        for number, text in enumerate(lines):
            at = x + width - _PAD if to_right else x + _PAD
            base = y - _PAD - _SIZE - number * _LINE + 0.5
            draw_text(
                canvas,
                text,
                at,
                base,
                _SIZE,
                bold=is_head,
                align="right" if to_right else "left",
                varying=True,
            )
        x += width
    return y - height


def _draw_end(canvas: Canvas, roster: Roster, y: float) -> None:
    canvas.setFillColor(INK)
    words = f"合计：{len(roster.lines)} 人，"
    if roster.total is None:
        words += NO_TOTAL
    else:
        words += f"¥{money(roster.total)}（大写：人民币{roster.capitals}）"
    draw_text(canvas, words, _LEFT, y - 20, 10, bold=True)
    signers = (("制表人", roster.made_by), ("审核人", roster.checked_by), ("负责人", "　　　　　　"))
    room = (_RIGHT - _LEFT) / 4
    for place, (label, name) in enumerate(signers):
        draw_text(canvas, f"{label}：{name}", _LEFT + place * room, y - 46, 9.5)
    draw_text(canvas, f"日期：{chinese_date(roster.dated)}", _RIGHT, y - 46, 9.5, align="right")
