"""The renewal pack as a PDF: frozen facts in, the same bytes out. Chinese, as the registering authorities read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from core.pdf.faces import require_glyphs
from core.pdf.ornaments import EMBLEM, EMBLEM_SIZE
from core.pdf.pages import chinese_date
from core.pdf.paper import (
    A4,
    FLAME,
    HAIRLINE,
    INK,
    INK_SOFT,
    DocumentInfo,
    close_canvas,
    open_canvas,
)
from core.pdf.qr import draw_qr
from core.pdf.sheets import Frame, Sheets
from core.pdf.text import draw_text, wrap

_WIDTH, _HEIGHT = A4
_LEFT, _RIGHT = 56.0, _WIDTH - 56.0
_TOP, _FOOT = _HEIGHT - 52.0, 66.0
_QR_SIDE = 76.0
_CELL, _GAP = 9.5, 6.0  # the size of a text in a table, and the space around it
TITLE = "社会工作者继续登记材料"
PROMISE = "本人承诺以上内容真实、准确、完整，并对此承担责任。"


@dataclass(frozen=True)
class PackFacts:
    """What one pack says. Nothing else is looked up, and nothing is worked out from these.

    `kinds` are (kind, hours); `qualifications` (level, number, day, state); `periods` (level, days, number, state);
    `certificates` (serial, title, day, verdict); `lines` (day, title, minutes, hours).
    """

    serial: str
    name: str
    id_masked: str
    employer: str
    level: str
    department: str
    first_on: dt.date
    last_on: dt.date
    issued_on: dt.date
    target: str
    done: str
    missing: str
    kinds: tuple[tuple[str, str], ...]
    qualifications: tuple[tuple[str, str, str, str], ...]
    periods: tuple[tuple[str, str, str, str], ...]
    certificates: tuple[tuple[str, str, str, str], ...]
    lines: tuple[tuple[str, str, str, str], ...]
    statement: str
    code: str
    verify_url: str
    asked_by: str
    platform: str
    watermark: str | None = None

    def texts(self) -> list[str]:
        """Every text that is printed, to be checked for missing glyphs before anything is stored."""
        own = [self.serial, self.name, self.id_masked, self.employer, self.level, self.department]
        own += [self.target, self.done, self.missing, self.statement, self.code, self.asked_by, self.platform]
        tables = (self.kinds, self.qualifications, self.periods, self.certificates, self.lines)
        return [*own, *(text for table in tables for row in table for text in row), self.watermark or ""]


class _Sheets(Sheets):
    """The pages of the pack, filled with headings and tables."""

    def __init__(self, canvas: Canvas, facts: PackFacts) -> None:
        self.facts = facts
        words = f"{TITLE} · {facts.name} · {facts.serial}"
        super().__init__(canvas, Frame(_LEFT, _RIGHT, _TOP, _FOOT), words=words, watermark=facts.watermark)

    def heading(self, text: str) -> None:
        self.need(70)
        self.y -= 26
        self.canvas.setFillColor(INK)
        draw_text(self.canvas, text, _LEFT, self.y, 12, bold=True)
        self.y -= 8

    def pairs(self, rows: Sequence[tuple[str, str]]) -> None:
        """A form of two columns: what it is, and what it says."""
        for label, value in rows:
            self._row([label, value or "—"], [0.0, 110.0], [104.0, _RIGHT - _LEFT - 114], soft=1)

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
        """A table whose head stands again on each page; `widths` are shares of the paper's width."""
        full = _RIGHT - _LEFT
        starts = [full * sum(widths[:place]) + 4 for place in range(len(widths))]
        rooms = [full * width - 8 for width in widths]
        self._row(heads, starts, rooms, soft=len(heads))
        for row in rows:
            if self.y - 60 < _FOOT:
                self.turn()
                self._row(heads, starts, rooms, soft=len(heads))
            self._row([text or "—" for text in row], starts, rooms)
        if not rows:
            self._row(["（无）"], starts[:1], [full - 8], soft=1)

    def _row(
        self, texts: Sequence[str], starts: Sequence[float], rooms: Sequence[float], soft: int = 0
    ) -> None:
        cells = [wrap(text, _CELL, room) for text, room in zip(texts, rooms, strict=True)]
        height = 13.0 * max(len(cell) for cell in cells) + _GAP
        self.need(height)
        for place, (cell, start) in enumerate(zip(cells, starts, strict=True)):
            self.canvas.setFillColor(INK_SOFT if place < soft else INK)
            base = self.y - 13
            for line in cell:
                draw_text(self.canvas, line, _LEFT + start, base, _CELL, varying=True)
                base -= 13
        self.y -= height
        self.canvas.setStrokeColor(HAIRLINE)
        self.canvas.setLineWidth(0.4)
        self.canvas.line(_LEFT, self.y, _RIGHT, self.y)

    def note(self, text: str) -> None:
        for line in wrap(text, 8.5, _RIGHT - _LEFT):
            self.need(14)
            self.canvas.setFillColor(INK_SOFT)
            draw_text(self.canvas, line, _LEFT, self.y - 14, 8.5)
            self.y -= 12


def render(facts: PackFacts) -> bytes:
    """Return the pack as a PDF (A4), as many pages as it takes; the same bytes for equal facts.

    Raises ``MissingGlyph``, naming the characters, instead of printing a gap.
    """
    require_glyphs(*facts.texts())
    canvas = open_canvas(
        DocumentInfo(
            title=f"{TITLE} {facts.name} {facts.serial}",
            author=facts.platform,
            subject=facts.serial,
            keywords=f"serial={facts.serial}",
            dated=facts.issued_on,
        ),
        size=A4,
    )
    sheets = _Sheets(canvas, facts)
    _draw_head(sheets)
    _draw_person(sheets)
    _draw_hours(sheets)
    sheets.heading("五、结业证书")
    rows = [(day, title, serial, verdict) for serial, title, day, verdict in facts.certificates]
    sheets.table(("日期", "课程", "证书编号", "状态"), rows, (0.14, 0.46, 0.27, 0.13))
    _draw_end(sheets)
    return close_canvas(canvas)


def _draw_head(sheets: _Sheets) -> None:
    canvas, facts = sheets.canvas, sheets.facts
    scale = 0.24
    EMBLEM.place(canvas, _LEFT, _TOP + 10 - EMBLEM_SIZE[1] * scale, scale)
    canvas.setFillColor(INK)
    draw_text(canvas, TITLE, _LEFT, _TOP - 54, 21, bold=True, tracking=1.5)
    canvas.setFillColor(INK_SOFT)
    draw_text(canvas, f"编号 {facts.serial}　{chinese_date(facts.issued_on)}", _LEFT, _TOP - 74, 9.5)
    if facts.verify_url:
        draw_qr(canvas, facts.verify_url, _RIGHT - _QR_SIDE, _TOP - _QR_SIDE + 8, _QR_SIDE)
        canvas.setFillColor(FLAME)
        draw_text(
            canvas, "扫码核验学时", _RIGHT - _QR_SIDE / 2, _TOP - _QR_SIDE - 4, 8, bold=True, align="centre"
        )
    sheets.y = _TOP - 84


def _draw_person(sheets: _Sheets) -> None:
    facts = sheets.facts
    period = f"{chinese_date(facts.first_on)} 至 {chinese_date(facts.last_on)}"
    sheets.heading("一、基本情况")
    rows = [("姓名", facts.name), ("证件号码", facts.id_masked), ("工作单位", facts.employer)]
    rows += [("登记级别", facts.level), ("登记周期", period)]
    if facts.department:
        rows.append(("主管部门", facts.department))
    sheets.pairs(rows)
    sheets.heading("二、职业资格")
    sheets.table(("级别", "证书编号", "发证日期", "核验"), facts.qualifications, (0.28, 0.36, 0.2, 0.16))
    sheets.heading("三、登记记录")
    sheets.table(("级别", "登记周期", "登记编号", "核验"), facts.periods, (0.24, 0.36, 0.24, 0.16))


def _draw_hours(sheets: _Sheets) -> None:
    facts = sheets.facts
    sheets.heading("四、继续教育学时")
    words = f"应完成 {facts.target} 学时，已完成 {facts.done} 学时"
    words += f"，还差 {facts.missing} 学时" if facts.missing != "0" else "，已达到要求"
    sheets.pairs([("完成情况", words), *((kind, f"{hours} 学时") for kind, hours in facts.kinds)])
    if facts.statement:
        sheets.note(f"以下明细同时出具学时证明 {facts.statement}，核验码 {facts.code}。")
    sheets.y -= 8
    sheets.table(("日期", "内容", "分钟", "学时"), facts.lines, (0.16, 0.6, 0.12, 0.12))


def _draw_end(sheets: _Sheets) -> None:
    """The promise, and the places for signature and seals, together on one page."""
    canvas, facts = sheets.canvas, sheets.facts
    sheets.need(250)
    sheets.heading("六、承诺与意见")
    sheets.note(PROMISE)
    sheets.y -= 12
    full = _RIGHT - _LEFT
    for place, words in enumerate(("申请人签名", "所在单位意见（盖章）", "登记机构意见（盖章）")):
        left = _LEFT + full * place / 3
        canvas.setStrokeColor(HAIRLINE)
        canvas.setLineWidth(0.8)
        canvas.rect(left, sheets.y - 110, full / 3, 110)
        canvas.setFillColor(INK_SOFT)
        draw_text(canvas, words, left + 8, sheets.y - 18, 9.5)
        draw_text(canvas, "年　　月　　日", left + full / 3 - 8, sheets.y - 100, 9, align="right")
    sheets.y -= 124
    sheets.note(
        f"应{facts.asked_by}申请，由{facts.platform}平台依据资格记录与学时台账生成，内容以生成之日为准。"
    )
