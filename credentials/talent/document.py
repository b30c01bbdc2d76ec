"""A CV as a PDF: frozen facts in, the same bytes out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from core.pdf.faces import require_glyphs
from core.pdf.ornaments import EMBLEM, EMBLEM_SIZE
from core.pdf.pages import draw_watermark
from core.pdf.paper import A4, FLAME, HAIRLINE, INK, INK_SOFT, DocumentInfo, close_canvas, open_canvas
from core.pdf.text import draw_text, fit_name, wrap

_WIDTH, _HEIGHT = A4
_LEFT, _RIGHT = 56.0, _WIDTH - 56.0
_TOP, _FOOT = _HEIGHT - 60.0, 64.0
_WHAT = _LEFT + 76
_SKILL_ROWS = 17.0


@dataclass(frozen=True)
class CvLine:
    """One thing proved: when (as written), what, and a note."""

    when: str
    what: str
    note: str = ""


@dataclass(frozen=True)
class CvSection:
    title: str
    lines: tuple[CvLine, ...]


@dataclass(frozen=True)
class CvFacts:
    """What one CV says. Nothing else is looked up, and nothing is worked out from these but lengths of bars."""

    name: str
    dated: dt.date
    title: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[CvSection, ...]
    skills: tuple[tuple[str, int], ...]
    skills_title: str
    foot: str
    watermark: str = ""

    def texts(self) -> list[str]:
        """Every text that is printed."""
        pairs = [text for pair in self.facts for text in pair]
        lines = [
            text
            for part in self.sections
            for line in part.lines
            for text in (line.when, line.what, line.note)
        ]
        heads = [part.title for part in self.sections]
        names = [name for name, _minutes in self.skills]
        return [
            self.name,
            self.title,
            self.foot,
            self.skills_title,
            self.watermark,
            *pairs,
            *lines,
            *heads,
            *names,
        ]


class _Paper:
    """A canvas with a pen that moves down, and on to another page."""

    def __init__(self, canvas: Canvas, facts: CvFacts) -> None:
        self.canvas, self.facts, self.y, self.page = canvas, facts, _TOP, 1
        self._begin()

    def _begin(self) -> None:
        if self.facts.watermark:
            draw_watermark(self.canvas, self.facts.watermark, A4)
        self.canvas.setFillColor(INK_SOFT)
        draw_text(self.canvas, self.facts.foot, _LEFT, 36, 8, varying=True)
        draw_text(self.canvas, str(self.page), _RIGHT, 36, 8, align="right")

    def need(self, height: float) -> None:
        """Go on to the next page when less room than this is left."""
        if self.y - height < _FOOT:
            self.canvas.showPage()
            self.page, self.y = self.page + 1, _TOP
            self._begin()


def render(facts: CvFacts) -> bytes:
    """Return the CV as a PDF (A4), as many pages as it takes; the same bytes for equal facts.

    Raises ``MissingGlyph``, naming the characters, instead of printing a gap.
    """
    require_glyphs(*facts.texts())
    info = DocumentInfo(f"{facts.title} {facts.name}", facts.name, facts.title, "", facts.dated)
    canvas = open_canvas(info, size=A4)
    paper = _Paper(canvas, facts)
    _draw_head(paper, facts)
    for section in facts.sections:
        _draw_section(paper, section)
    if facts.skills:
        _draw_skills(paper, facts)
    return close_canvas(canvas)


def _draw_head(paper: _Paper, facts: CvFacts) -> None:
    canvas = paper.canvas
    scale = 0.22
    EMBLEM.place(canvas, _RIGHT - EMBLEM_SIZE[0] * scale, _TOP - EMBLEM_SIZE[1] * scale + 24, scale)
    canvas.setFillColor(INK_SOFT)
    draw_text(canvas, facts.title, _LEFT, _TOP, 10, varying=True)
    name = fit_name(facts.name, _RIGHT - _LEFT - 80, 24, smallest=14, bold=True)
    canvas.setFillColor(INK)
    paper.y = _TOP - 32
    for line in name.lines:
        draw_text(canvas, line, _LEFT, paper.y, name.size, bold=True, varying=True)
        paper.y -= name.size * 1.2
    for label, value in facts.facts:
        lines = wrap(value, 10.5, _RIGHT - _WHAT)
        canvas.setFillColor(INK_SOFT)
        draw_text(canvas, label, _LEFT, paper.y, 9, varying=True)
        canvas.setFillColor(INK)
        for line in lines:
            draw_text(canvas, line, _WHAT, paper.y, 10.5, varying=True)
            paper.y -= 16


def _heading(paper: _Paper, title: str) -> None:
    paper.need(70)
    paper.y -= 14
    paper.canvas.setFillColor(FLAME)
    draw_text(paper.canvas, title, _LEFT, paper.y, 12, bold=True, varying=True)
    paper.canvas.setStrokeColor(HAIRLINE)
    paper.canvas.setLineWidth(0.6)
    paper.canvas.line(_LEFT, paper.y - 6, _RIGHT, paper.y - 6)
    paper.y -= 22


def _draw_section(paper: _Paper, section: CvSection) -> None:
    _heading(paper, section.title)
    for line in section.lines:
        what = wrap(line.what, 10, _RIGHT - _WHAT)
        note = wrap(line.note, 8, _RIGHT - _WHAT) if line.note else []
        paper.need(14.0 * len(what) + 11.0 * len(note) + 4)
        canvas = paper.canvas
        canvas.setFillColor(INK_SOFT)
        draw_text(canvas, line.when, _LEFT, paper.y, 9, varying=True)
        canvas.setFillColor(INK)
        for text in what:
            draw_text(canvas, text, _WHAT, paper.y, 10, varying=True)
            paper.y -= 14
        canvas.setFillColor(INK_SOFT)
        for text in note:
            draw_text(canvas, text, _WHAT, paper.y + 1, 8, varying=True)
            paper.y -= 11
        paper.y -= 4


def _draw_skills(paper: _Paper, facts: CvFacts) -> None:
    _heading(paper, facts.skills_title)
    most = max(minutes for _name, minutes in facts.skills)
    room = _RIGHT - _LEFT - 180
    for name, minutes in facts.skills:
        paper.need(_SKILL_ROWS)
        canvas = paper.canvas
        canvas.setFillColor(INK)
        draw_text(canvas, name, _LEFT, paper.y, 9, varying=True)
        canvas.setFillColor(FLAME)
        canvas.rect(_LEFT + 120, paper.y - 1, max(room * minutes / most, 1), 8, stroke=0, fill=1)
        canvas.setFillColor(INK_SOFT)
        draw_text(canvas, str(minutes), _RIGHT, paper.y, 9, align="right", varying=True)
        paper.y -= _SKILL_ROWS
