"""The record of a session as a PDF, for its two people: facts in, the same bytes out. Chinese, as it is filed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from core.pdf.faces import require_glyphs
from core.pdf.paper import DocumentInfo
from core.pdf.prose import Line, body_lines, heading_line, render_prose, title_lines


@dataclass(frozen=True)
class RecordFacts:
    """What one record says, by section: (label, text). Nothing else is looked up."""

    number: int
    supervisor: str
    mentee: str
    organisation: str
    frame: tuple[tuple[str, str], ...]
    sections: tuple[tuple[str, str], ...]
    signed: tuple[str, ...]
    dated: dt.date
    sample: bool = False

    def texts(self) -> list[str]:
        """Every text that is printed, to be checked for missing glyphs."""
        pairs = [text for pair in (*self.frame, *self.sections) for text in pair]
        lines = [line for text in pairs for line in text.splitlines()]
        return [self.supervisor, self.mentee, self.organisation, *lines, *self.signed]


def render(facts: RecordFacts) -> bytes:
    """Return the record as a PDF (A4), as many pages as it takes; the same bytes for equal facts.

    Raises ``MissingGlyph``, naming the characters, instead of printing a gap.
    """
    require_glyphs(*facts.texts())
    info = DocumentInfo(
        title=f"督导记录 {facts.supervisor} {facts.mentee}",
        author=facts.organisation,
        subject=f"第 {facts.number} 版",
        keywords="督导记录",
        dated=facts.dated,
    )
    foot, watermark = "仅供督导双方留存，不得外传", "样例" if facts.sample else None
    return render_prose(info, _lines(facts), foot=foot, watermark=watermark)


def _lines(facts: RecordFacts) -> Iterator[Line]:
    yield from title_lines("督导记录")
    yield from body_lines(f"督导：{facts.supervisor}　被督导者：{facts.mentee}", 10)
    yield from body_lines(f"所属单位：{facts.organisation}　第 {facts.number} 版")
    for label, value in facts.frame:
        yield from body_lines(f"{label}：{value}")
    for label, value in facts.sections:
        yield heading_line(label)
        yield from body_lines(value)
    yield heading_line("双方确认")
    for each in facts.signed:
        yield from body_lines(each)
