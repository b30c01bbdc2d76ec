"""An accepted supervision agreement as a PDF: frozen facts in, the same bytes out. Chinese, as the two accepted it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from core.pdf.faces import require_glyphs
from core.pdf.paper import DocumentInfo
from core.pdf.prose import Line, body_lines, heading_line, render_prose, title_lines


@dataclass(frozen=True)
class Signed:
    """Who accepted it, and when (local time)."""

    name: str
    at: dt.datetime


@dataclass(frozen=True)
class AgreementFacts:
    """What one agreement says. Nothing else is looked up."""

    title: str
    number: int
    mentee: str
    supervisor: str
    code: str
    organisation: str
    goals: str
    frame: tuple[tuple[str, str], ...]
    sections: tuple[tuple[str, str], ...]
    signed: tuple[Signed, ...]
    sha256: str
    watermark: str | None = None

    def texts(self) -> list[str]:
        """Every text that is printed, to be checked for missing glyphs."""
        own = [self.title, self.mentee, self.supervisor, self.code, self.organisation]
        pairs = [text for pair in (*self.frame, *self.sections) for text in pair]
        lines = [line for text in (self.goals, *pairs) for line in text.splitlines()]
        return [*own, *lines, *(each.name for each in self.signed), self.watermark or ""]


def render(facts: AgreementFacts) -> bytes:
    """Return the agreement as a PDF (A4), as many pages as it takes; the same bytes for equal facts.

    Raises ``MissingGlyph``, naming the characters, instead of printing a gap.
    """
    require_glyphs(*facts.texts())
    dated = max((each.at.date() for each in facts.signed), default=dt.date(2000, 1, 1))
    info = DocumentInfo(
        title=f"督导协议 {facts.supervisor} {facts.mentee}",
        author=facts.organisation,
        subject=f"第 {facts.number} 份",
        keywords=f"sha256={facts.sha256}",
        dated=dated,
    )
    foot = f"文本校验值 SHA-256 {facts.sha256}"
    return render_prose(info, _lines(facts), foot=foot, watermark=facts.watermark, is_foot_varying=True)


def _lines(facts: AgreementFacts) -> Iterator[Line]:
    yield from title_lines(facts.title)
    pair = f"督导：{facts.supervisor}（{facts.code}）　被督导者：{facts.mentee}"
    yield from body_lines(pair, before=10)
    yield from body_lines(f"所属单位：{facts.organisation}　协议序号：{facts.number}")
    yield heading_line("约定事项")
    for label, value in facts.frame:
        yield from body_lines(f"{label}：{value}")
    for label, value in (("督导目标", facts.goals), *facts.sections):
        yield heading_line(label)
        yield from body_lines(value)
    yield heading_line("双方确认")
    for each in facts.signed:
        yield from body_lines(f"{each.name}　于 {each.at:%Y-%m-%d %H:%M} 在平台确认")
