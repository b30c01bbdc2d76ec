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
_WIDE = _RIGHT - _LEFT - _LABEL
_SIZE, _PAD = 10.0, 6.0
_HALF = (_RIGHT - _LEFT) / 2 - _LABEL - 2 * _PAD  # what fits into a cell of two in a row


@dataclass(frozen=True)
class _Setting:
    """How loosely the form is set, in points: a line, the space around it in its cell, the space above and below a heading, and
    the height of a place for an opinion and a seal, and of one for a signature below a text."""

    line: float
    pad: float
    above: float
    below: float
    opinion: float
    signature: float


# The second only where it keeps the form on one page.
_SETTINGS = (_Setting(14.0, 6.0, 20.0, 7.0, 92.0, 92.0), _Setting(12.5, 3.0, 16.0, 5.0, 78.0, 42.0))
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


@dataclass(frozen=True)
class _Box:
    """A place where something is said by hand: who says it, what stands there already, and what is put below."""

    label: str
    hint: str = "（盖章）"
    text: str = ""


class _Sheets(Sheets):
    """The pages of the form, filled with ruled rows."""

    def __init__(self, canvas: Canvas, facts: FormFacts, setting: _Setting) -> None:
        self.facts, self.setting, self.parts = facts, setting, 0
        words = f"{facts.title} · {facts.serial} · 由{facts.platform}生成"
        super().__init__(canvas, _FRAME, words=words, watermark=facts.watermark)

    def heading(self, text: str, room: float = 60.0) -> None:
        """A heading with its number, never parted from so much `room` below it."""
        self.need(room)
        self.parts += 1
        text = f"{_NUMBERS[self.parts - 1]}、{text}"
        self.y -= self.setting.above
        self.canvas.setFillColor(INK)
        draw_text(self.canvas, text, _LEFT, self.y, 11.5, bold=True)
        self.y -= self.setting.below

    def row(self, *pairs: tuple[str, str]) -> None:
        """One ruled row of one or two cells, each with its label."""
        share = (_RIGHT - _LEFT) / len(pairs)
        cells = [
            (wrap(label, _SIZE, _LABEL - 2 * _PAD), wrap(value or "　", _SIZE, share - _LABEL - 2 * _PAD))
            for label, value in pairs
        ]
        height = (
            self.setting.line * max(len(lines) for cell in cells for lines in cell) + 2 * self.setting.pad
        )
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
            if len(pair[0]) > 12 or len(wrap(pair[1] or "　", _SIZE, _HALF)) > 1:
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

    def sealed(self, box: _Box) -> None:
        """A place for an opinion, a signature and a seal."""
        height = self.height_of(box)
        self.need(height)
        self._box(_LEFT, _LABEL, height)
        self._box(_LEFT + _LABEL, _WIDE, height)
        self._lines(wrap(box.label, _SIZE, _LABEL - 2 * _PAD), _LEFT + _PAD, INK_SOFT)
        if box.text:
            self._lines(wrap(box.text, _SIZE, _WIDE - 2 * _PAD), _LEFT + _LABEL + _PAD, INK)
        base = self.y - height + _PAD + 4
        self.canvas.setFillColor(INK_SOFT)
        draw_text(self.canvas, box.hint, _RIGHT - 190, base + 20, _SIZE)
        draw_text(self.canvas, DATE_LINE, _RIGHT - _PAD, base, _SIZE, align="right")
        self.y -= height

    def height_of(self, box: _Box) -> float:
        if not box.text:
            return self.setting.opinion
        return self.setting.signature + self.setting.line * len(wrap(box.text, _SIZE, _WIDE - 2 * _PAD))

    def _box(self, left: float, width: float, height: float) -> None:
        self.canvas.setStrokeColor(INK)
        self.canvas.setLineWidth(0.5)
        self.canvas.rect(left, self.y - height, width, height)

    def _lines(self, lines: Sequence[str], left: float, colour: object) -> None:
        self.canvas.setFillColor(colour)
        base = self.y - self.setting.pad - _SIZE
        for line in lines:
            draw_text(self.canvas, line, left, base, _SIZE, varying=True)
            base -= self.setting.line


def render(facts: FormFacts) -> bytes:
    """Return the form as a PDF (A4): on one page where it goes in somehow, set more closely if need be, else on as many as it
    takes. The same bytes for equal facts.

    Raises ``MissingGlyph``, naming the characters, instead of printing a gap.
    """
    require_glyphs(*facts.texts())
    loose, pages = _drawn(facts, _SETTINGS[0])
    if pages == 1:
        return loose
    close, pages = _drawn(facts, _SETTINGS[1])
    return close if pages == 1 else loose


def _drawn(facts: FormFacts, setting: _Setting) -> tuple[bytes, int]:
    """The form set in this way, and the number of its pages."""
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
    sheets = _Sheets(canvas, facts, setting)
    _draw_head(sheets)
    _draw_claim(sheets)
    _draw_papers(sheets)
    _draw_opinions(sheets)
    return close_canvas(canvas), sheets.page


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
    sheets.pairs(
        [
            (f"材料 {number}", f"{name}　{'已上传' if there else '未上传'}")
            for number, (name, there) in enumerate(sheets.facts.papers, start=1)
        ]
    )


def _draw_opinions(sheets: _Sheets) -> None:
    """The promise and the places for the seals; the last of them is never alone on its page."""
    boxes = [_Box("申请人承诺", "签名：", PROMISE), *(_Box(label) for label in sheets.facts.opinions)]
    heights = [sheets.height_of(box) for box in boxes]
    first = 2 if len(boxes) == 2 else 1
    sheets.heading("承诺与意见", sum(heights[:first]) + sheets.setting.above + sheets.setting.below)
    for number, box in enumerate(boxes):
        if number == len(boxes) - 2:
            sheets.need(sum(heights[number:]))
        sheets.sealed(box)
