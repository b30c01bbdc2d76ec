"""The list of who takes part in a gathering as a PDF: names, employers and minutes, to be signed. No word of what was
said. Frozen facts in, the same bytes out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from core.pdf.faces import require_glyphs
from core.pdf.pages import draw_rule
from core.pdf.paper import A4, INK, INK_SOFT, DocumentInfo, close_canvas, open_canvas
from core.pdf.text import draw_text, fit, wrap

_WIDTH, _HEIGHT = A4
_LEFT, _RIGHT = 48.0, _WIDTH - 48.0
_TOP, _FOOT = _HEIGHT - 60.0, 70.0
_ROW = 25.0
# The number, the name, the employer, the minutes, the state, the signature.
_COLUMNS = (_LEFT, _LEFT + 32, _LEFT + 112, _LEFT + 292, _LEFT + 342, _LEFT + 412, _RIGHT)
_HEADS = ("序号", "姓名", "单位", "分钟", "确认", "签名")


@dataclass(frozen=True)
class Line:
    """One who takes part; `minutes` and `state` are empty on the list of a gathering that is only planned."""

    name: str
    employer: str
    minutes: str = ""
    state: str = ""


@dataclass(frozen=True)
class ListFacts:
    """What one list says. Nothing else is looked up."""

    circle: str
    kind: str
    organisation: str
    leader: str
    starts_at: dt.datetime  # local time
    ends_at: dt.datetime
    details: str  # form, mode and setting, or nothing for a plan
    lines: tuple[Line, ...]
    watermark: str | None = None

    def texts(self) -> list[str]:
        """Every text that is printed, to be checked for missing glyphs."""
        own = [self.circle, self.kind, self.organisation, self.leader, self.details, self.watermark or ""]
        return [*own, *(text for line in self.lines for text in (line.name, line.employer, line.state))]


def render(facts: ListFacts) -> bytes:
    """Return the list as a PDF (A4), as many pages as it takes; the same bytes for equal facts.

    Raises ``MissingGlyph``, naming the characters, instead of printing a gap.
    """
    require_glyphs(*facts.texts())
    canvas = open_canvas(
        DocumentInfo(
            title=f"集体督导签到表 {facts.circle} {facts.starts_at:%Y-%m-%d}",
            author=facts.organisation,
            subject=facts.kind,
            keywords="",
            dated=facts.starts_at.date(),
        ),
        size=A4,
    )
    lines = list(enumerate(facts.lines, start=1))
    y = _draw_head(canvas, facts)
    while True:
        room = max(int((y - _FOOT) // _ROW), 1)
        y = _draw_rows(canvas, lines[:room], y)
        lines = lines[room:]
        _draw_foot(canvas, facts)
        if not lines:
            break
        canvas.showPage()
        y = _draw_columns(canvas, _TOP)
    return close_canvas(canvas)


def _draw_head(canvas: Canvas, facts: ListFacts) -> float:
    y = _TOP
    canvas.setFillColor(INK)
    for text in wrap(f"{facts.circle} 签到表", 18, _RIGHT - _LEFT, bold=True):
        draw_text(canvas, text, _WIDTH / 2, y, 18, bold=True, align="centre", varying=True)
        y -= 26
    when = f"时间：{facts.starts_at:%Y-%m-%d %H:%M}–{facts.ends_at:%H:%M}"
    own = [f"类型：{facts.kind}　带领人：{facts.leader}　{when}", f"主办单位：{facts.organisation}"]
    for text in [*own, *([facts.details] if facts.details else [])]:
        for line in wrap(text, 10, _RIGHT - _LEFT):
            draw_text(canvas, line, _LEFT, y, 10, varying=True)
            y -= 16
    return _draw_columns(canvas, y - 6)


def _draw_columns(canvas: Canvas, y: float) -> float:
    canvas.setFillColor(INK)
    for head, left in zip(_HEADS, _COLUMNS, strict=False):
        draw_text(canvas, head, left + 4, y - 16, 9.5, bold=True)
    draw_rule(canvas, _LEFT, _RIGHT, y, 0.5)
    draw_rule(canvas, _LEFT, _RIGHT, y - _ROW, 0.5)
    return y - _ROW


def _draw_rows(canvas: Canvas, lines: list[tuple[int, Line]], y: float) -> float:
    for number, line in lines:
        canvas.setFillColor(INK)
        cells = (str(number), line.name, line.employer, line.minutes, line.state)
        for text, left, right in zip(cells, _COLUMNS, _COLUMNS[1:], strict=False):
            if text:
                fitted = fit(text, right - left - 8, 9.5, smallest=6.5, lines=1)
                draw_text(canvas, fitted.lines[0], left + 4, y - 16, fitted.size, varying=True)
        y -= _ROW
        draw_rule(canvas, _LEFT, _RIGHT, y, 0.5)
    return y


def _draw_foot(canvas: Canvas, facts: ListFacts) -> None:
    canvas.setFillColor(INK_SOFT)
    draw_text(canvas, "本表只记录参加人和时长，不含督导内容。", _LEFT, 40, 8)
    if facts.watermark:
        draw_text(canvas, facts.watermark, _RIGHT, 40, 12, bold=True, align="right")
