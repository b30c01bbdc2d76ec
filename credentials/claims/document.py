"""The application form 申请表 as a PDF, for the claimant's signature and the seals of the stages: facts in, the same bytes out.

Chinese, as the authorities read it. It carries whole numbers, so it is never stored: drawn for its claimant alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from core.pdf.faces import require_glyphs
from core.pdf.pages import chinese_date
from core.pdf.paper import A4, INK, INK_SOFT, DocumentInfo, close_canvas, open_canvas
from core.pdf.sheets import Frame, Sheets
from core.pdf.text import draw_text, fit, wrap

_WIDTH, _HEIGHT = A4
_LEFT, _RIGHT = 50.0, _WIDTH - 50.0
_TOP, _FOOT = _HEIGHT - 56.0, 54.0
_FRAME = Frame(_LEFT, _RIGHT, _TOP, _FOOT, line=34.0, kept=60.0)
_LABEL = 88.0  # the width of what names a cell
_SIZE, _LINE, _PAD = 10.0, 14.0, 6.0
_OPINION = 92.0  # the height of a place for an opinion and a seal
PROMISE = (
    "本人承诺：以上所填内容及所附材料真实、准确、完整，未就同一事项重复申领；近三年无违法、重大违纪、违背职业操守和"
    "违反行业管理规范的情形。如有不实，愿意退回所领款项并承担相应责任。"
)
_NUMBERS = "一二三四五六"
DATE_LINE = "年　　月　　日"


@dataclass(frozen=True)
class FormFacts:
    """What one form says. Nothing else is looked up, and nothing is worked out from these.

    `subject` are the lines of what is claimed for, `said` those that the claimant declares; `papers` (paper, handed in);
    `opinions` the stages whose opinion and seal belong on it, in their order.
    """

    serial: str
    title: str
    policy: str
    document: str
    person: tuple[tuple[str, str], ...]
    subject: tuple[tuple[str, str], ...]
    amount: str
    capitals: str
    payment: tuple[tuple[str, str], ...]
    said: tuple[tuple[str, str], ...]
    papers: tuple[tuple[str, bool], ...]
    opinions: tuple[str, ...]
    platform: str
    dated: dt.date
    watermark: str | None = None

    def texts(self) -> list[str]:
        """Every text that is printed, to be checked for missing glyphs."""
        own = [self.serial, self.title, self.policy, self.document, self.amount, self.capitals, self.platform]
        pairs = (*self.person, *self.subject, *self.payment, *self.said)
        own += [text for pair in pairs for text in pair]
        return [*own, *(name for name, _there in self.papers), *self.opinions, self.watermark or ""]


class _Sheets(Sheets):
    """The pages of the form, filled with ruled rows."""

    def __init__(self, canvas: Canvas, facts: FormFacts) -> None:
        self.facts, self.parts = facts, 0
        words = f"{facts.title} · {facts.serial} · 由{facts.platform}生成"
        super().__init__(canvas, _FRAME, words=words, watermark=facts.watermark)

    def heading(self, text: str, room: float = 60.0) -> None:
        """A heading with its number, never parted from so much `room` below it."""
        self.need(room)
        self.parts += 1
        text = f"{_NUMBERS[self.parts - 1]}、{text}"
        self.y -= 20
        self.canvas.setFillColor(INK)
        draw_text(self.canvas, text, _LEFT, self.y, 11.5, bold=True)
        self.y -= 7

    def row(self, *pairs: tuple[str, str]) -> None:
        """One ruled row of one or two cells, each with its label."""
        share = (_RIGHT - _LEFT) / len(pairs)
        cells = [
            (wrap(label, _SIZE, _LABEL - 2 * _PAD), wrap(value or "　", _SIZE, share - _LABEL - 2 * _PAD))
            for label, value in pairs
        ]
        height = _LINE * max(len(lines) for cell in cells for lines in cell) + 2 * _PAD
        self.need(height)
        for place, (label_lines, value_lines) in enumerate(cells):
            left = _LEFT + share * place
            self._box(left, _LABEL, height)
            self._box(left + _LABEL, share - _LABEL, height)
            self._lines(label_lines, left + _PAD, INK_SOFT)
            self._lines(value_lines, left + _LABEL + _PAD, INK)
        self.y -= height

    def pairs(self, rows: Sequence[tuple[str, str]]) -> None:
        """Short cells two in a row; a long one by itself."""
        waiting: tuple[str, str] | None = None
        for pair in rows:
            if len(pair[1]) > 15 or len(pair[0]) > 12:
                if waiting:
                    self.row(waiting)
                    waiting = None
                self.row(pair)
            elif waiting:
                self.row(waiting, pair)
                waiting = None
            else:
                waiting = pair
        if waiting:
            self.row(waiting)

    def sealed(self, label: str, *, hint: str = "（盖章）", text: str = "") -> None:
        """A place for an opinion, a signature and a seal."""
        height = _OPINION + (
            _LINE * len(wrap(text, _SIZE, _RIGHT - _LEFT - _LABEL - 2 * _PAD)) if text else 0
        )
        self.need(height)
        self._box(_LEFT, _LABEL, height)
        self._box(_LEFT + _LABEL, _RIGHT - _LEFT - _LABEL, height)
        self._lines(wrap(label, _SIZE, _LABEL - 2 * _PAD), _LEFT + _PAD, INK_SOFT)
        if text:
            self._lines(wrap(text, _SIZE, _RIGHT - _LEFT - _LABEL - 2 * _PAD), _LEFT + _LABEL + _PAD, INK)
        base = self.y - height + _PAD + 4
        self.canvas.setFillColor(INK_SOFT)
        draw_text(self.canvas, hint, _RIGHT - 190, base + 20, _SIZE)
        draw_text(self.canvas, DATE_LINE, _RIGHT - _PAD, base, _SIZE, align="right")
        self.y -= height

    def _box(self, left: float, width: float, height: float) -> None:
        self.canvas.setStrokeColor(INK)
        self.canvas.setLineWidth(0.5)
        self.canvas.rect(left, self.y - height, width, height)

    def _lines(self, lines: Sequence[str], left: float, colour: object) -> None:
        self.canvas.setFillColor(colour)
        base = self.y - _PAD - _SIZE
        for line in lines:
            draw_text(self.canvas, line, left, base, _SIZE, varying=True)
            base -= _LINE


def render(facts: FormFacts) -> bytes:
    """Return the form as a PDF (A4), as many pages as it takes; the same bytes for equal facts.

    Raises ``MissingGlyph``, naming the characters, instead of printing a gap.
    """
    require_glyphs(*facts.texts())
    canvas = open_canvas(
        DocumentInfo(
            title=f"{facts.title} {facts.serial}",
            author=facts.platform,
            subject=facts.serial,
            keywords=f"serial={facts.serial}",
            dated=facts.dated,
        ),
        size=A4,
    )
    sheets = _Sheets(canvas, facts)
    _draw_head(sheets)
    _draw_claim(sheets)
    _draw_papers(sheets)
    _draw_opinions(sheets)
    return close_canvas(canvas)


def _draw_head(sheets: _Sheets) -> None:
    canvas, facts = sheets.canvas, sheets.facts
    canvas.setFillColor(INK)
    fitted = fit(facts.title, _RIGHT - _LEFT, 19, smallest=14, lines=2, bold=True)
    for line in fitted.lines:
        draw_text(canvas, line, _WIDTH / 2, sheets.y - fitted.size, fitted.size, bold=True, align="centre")
        sheets.y -= fitted.size * 1.4
    canvas.setFillColor(INK_SOFT)
    sheets.y -= 10
    draw_text(canvas, f"编号：{facts.serial}", _LEFT, sheets.y, 9.5, varying=True)
    draw_text(canvas, f"填表日期：{chinese_date(facts.dated)}", _RIGHT, sheets.y, 9.5, align="right")


def _draw_claim(sheets: _Sheets) -> None:
    facts = sheets.facts
    sheets.heading("申请人")
    sheets.pairs(facts.person)
    sheets.heading("申请事项")
    sheets.row(("政策依据", facts.document))
    sheets.pairs(facts.subject)
    sheets.row(
        ("本次申领金额", f"{facts.amount}　大写：{facts.capitals}" if facts.capitals else facts.amount)
    )
    if facts.payment:
        sheets.heading("收款账户")
        sheets.pairs(facts.payment)
    if facts.said:
        sheets.heading("申请人说明")
        sheets.pairs(facts.said)


def _draw_papers(sheets: _Sheets) -> None:
    if not sheets.facts.papers:
        return
    sheets.heading("所附材料")
    for number, (name, there) in enumerate(sheets.facts.papers, start=1):
        sheets.row((f"材料 {number}", f"{name}　{'已上传' if there else '未上传'}"))


def _draw_opinions(sheets: _Sheets) -> None:
    sheets.heading("承诺与意见", 2 * _OPINION)
    sheets.sealed("申请人承诺", hint="签名：", text=PROMISE)
    for label in sheets.facts.opinions:
        sheets.sealed(label)
