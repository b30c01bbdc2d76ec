"""The certificate drawn: in the standard look, or by the template of an organisation."""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from core.pdf.faces import require_glyphs
from core.pdf.ornaments import EMBLEM, EMBLEM_SIZE, FRAME
from core.pdf.pages import chinese_date, draw_watermark, english_date
from core.pdf.paper import (
    A4_LANDSCAPE,
    FLAME,
    HAIRLINE,
    INK,
    INK_SOFT,
    DocumentInfo,
    close_canvas,
    open_canvas,
)
from core.pdf.qr import draw_qr
from core.pdf.text import draw_text, fit, fit_name
from credentials.certificates.document.facts import (
    CertificateFacts,
    CertificateWording,
    placeholders_of,
)
from credentials.designs.document import draw

_WIDTH, _HEIGHT = A4_LANDSCAPE
_MIDDLE = _WIDTH / 2
_MARGIN = 78.0
_ROOM = _WIDTH - 2 * _MARGIN
# Smaller, common readers fail on a page seen at 75 dpi.
_QR_SIDE = 90.0
_QR_BASE = 52.0
_BODY_TOP, _BODY_BOTTOM = 412.0, 192.0


@dataclass(frozen=True)
class _Line:
    """One centred line of the body; ``above`` is the distance from the base line before it."""

    text: str
    size: float
    above: float
    bold: bool = False
    soft: bool = False
    tracking: float = 0.0
    ruled: bool = False
    varying: bool = False


def render(facts: CertificateFacts) -> bytes:
    """Return the certificate as a one-page PDF (A4 landscape), the same bytes for equal facts.

    Serial and code stand in the file's properties (Subject and Keywords) for ``verify_certificate``; proof is
    the SHA-256 of the whole file. Raises ``MissingGlyph``, naming the characters, instead of printing a gap;
    ``ValueError`` when name, title or serial is blank.
    """
    if not (facts.name.strip() and facts.course_title.strip() and facts.serial.strip()):
        raise ValueError("A certificate needs a name, a course title and a serial number")
    require_glyphs(*facts.texts())
    info = DocumentInfo(
        title=f"{facts.wording.heading} {facts.name} {facts.serial}",
        author=facts.issuer,
        subject=facts.serial,
        keywords=f"serial={facts.serial}; code={facts.code}",
        dated=facts.issued_on,
    )
    if facts.design:
        return draw(placeholders_of(facts, info), facts.design)
    canvas = open_canvas(info)
    FRAME.place(canvas)
    if facts.watermark:
        draw_watermark(canvas, facts.watermark, A4_LANDSCAPE, slant=24, largest=190.0, room=560)
    _draw_heading(canvas, facts.wording)
    _draw_body(canvas, facts)
    _draw_details(canvas, facts, 154)
    _draw_issuer(canvas, facts)
    _draw_proof(canvas, facts)
    return close_canvas(canvas)


def _draw_heading(canvas: Canvas, wording: CertificateWording) -> None:
    scale = 0.38
    EMBLEM.place(canvas, _MIDDLE - EMBLEM_SIZE[0] * scale / 2, 493, scale)
    canvas.setFillColor(INK)
    draw_text(canvas, wording.heading, _MIDDLE, 445, 38, bold=True, align="centre", tracking=13)
    canvas.setFillColor(INK_SOFT)
    draw_text(canvas, wording.heading_en.upper(), _MIDDLE, 426, 9.5, align="centre", tracking=2.6)


def _draw_body(canvas: Canvas, facts: CertificateFacts) -> None:
    """Draw lead, name, statement and course between heading and details.

    Long names and titles first take the white between the lines, then make everything a little smaller.
    """
    room = _BODY_TOP - _BODY_BOTTOM
    lines, share = _fitting_lines(facts, room)
    height = sum(line.above for line in lines)
    spread = min((room - height) / 4, 9.0)
    y = _BODY_TOP - (room - height - 3 * spread) * 0.35
    for line in lines:
        y -= line.above + (spread if line.above >= 20 * share and line is not lines[0] else 0)
        _draw_line(canvas, line, y)


def _fitting_lines(facts: CertificateFacts, room: float) -> tuple[list[_Line], float]:
    """The lines of the body at the largest share of their sizes at which they fit, and that share."""
    share = 1.0
    lines = _body_lines(facts, share)
    while sum(line.above for line in lines) > room:
        share *= 0.96
        lines = _body_lines(facts, share)
    return lines, share


def _draw_line(canvas: Canvas, line: _Line, y: float) -> None:
    canvas.setFillColor(INK_SOFT if line.soft else INK)
    width = draw_text(
        canvas,
        line.text,
        _MIDDLE,
        y,
        line.size,
        bold=line.bold,
        align="centre",
        tracking=line.tracking,
        varying=line.varying,
    )
    if line.ruled:
        half = max(width / 2 + 26, 130)
        canvas.setStrokeColor(HAIRLINE)
        canvas.setLineWidth(0.6)
        canvas.line(_MIDDLE - half, y - line.size * 0.36, _MIDDLE + half, y - line.size * 0.36)


def _body_lines(facts: CertificateFacts, share: float) -> list[_Line]:
    """Return the lines of the body with every size multiplied by ``share``."""
    words = facts.wording
    name = fit_name(facts.name, 500, 34 * share, smallest=21 * share)
    if len(name.lines) > 1:
        name = fit_name(facts.name, 500, 27 * share, smallest=27 * share)
    title = fit(facts.course_title, 580, 21 * share, smallest=17 * share, bold=True)
    small = 8.5 * share
    lines = [
        _Line(words.lead, 13 * share, 13 * share, tracking=0.6),
        _Line(words.lead_en, small, 13 * share, soft=True),
    ]
    for index, text in enumerate(name.lines):
        tracking = 6.0 if len(facts.name) <= 4 and not facts.name.isascii() else 0.0
        above = name.size * (1.22 if index else 1.15)
        ruled = index + 1 == len(name.lines)
        lines.append(_Line(text, name.size, above, tracking=tracking, ruled=ruled, varying=True))
    lines.append(_Line(words.statement, 13 * share, name.size * 0.36 + 24 * share, tracking=0.6))
    lines.append(_Line(words.statement_en, small, 13 * share, soft=True))
    for index, text in enumerate(title.lines):
        lines.append(_Line(text, title.size, title.size * (1.32 if index else 1.55), bold=True))
    if facts.course_title_en:
        english = fit(facts.course_title_en, 540, 10 * share, smallest=9 * share)
        for index, text in enumerate(english.lines):
            lines.append(_Line(text, english.size, english.size * (1.3 if index else 1.65), soft=True))
    return lines


def _draw_details(canvas: Canvas, facts: CertificateFacts, y: float) -> None:
    words = facts.wording
    expires = chinese_date(facts.expires_on) if facts.expires_on else words.no_expiry
    columns = [
        (3.2, words.programme, words.programme_en, facts.programme),
        (3.0, words.cohort, words.cohort_en, facts.cohort),
        (1.5, words.hours, words.hours_en, facts.hours),
        (2.1, words.expires, words.expires_en, expires),
    ]
    columns = [column for column in columns if column[3]]
    unit = _ROOM / sum(column[0] for column in columns)
    left = _MARGIN
    for share, label, english, value in columns:
        room = unit * share
        if left > _MARGIN:
            canvas.setStrokeColor(HAIRLINE)
            canvas.setLineWidth(0.5)
            canvas.line(left, y - 5, left, y + 31)
        canvas.setFillColor(INK_SOFT)
        draw_text(canvas, f"{label}  {english}", left + room / 2, y + 23, 8, align="centre")
        canvas.setFillColor(INK)
        fitted = fit(value, room - 22, 12, smallest=9)
        for number, text in enumerate(fitted.lines):
            base = y + (4 if len(fitted.lines) == 1 else 8) - number * fitted.size * 1.25
            draw_text(canvas, text, left + room / 2, base, fitted.size, align="centre")
        left += room


def _draw_issuer(canvas: Canvas, facts: CertificateFacts) -> None:
    words = facts.wording
    issuer = fit(facts.issuer, 340, 15, smallest=12, bold=True)
    if len(issuer.lines) > 1:
        issuer = fit(facts.issuer, 340, 12.5, bold=True)
    canvas.setFillColor(INK_SOFT)
    draw_text(canvas, f"{words.issuer}  {words.issuer_en}", _MARGIN, 128, 8)
    canvas.setFillColor(INK)
    y = 128 - 5 - issuer.size * 0.9
    for text in issuer.lines:
        draw_text(canvas, text, _MARGIN, y, issuer.size, bold=True)
        y -= issuer.size * 1.25
    canvas.setFillColor(INK_SOFT)
    if facts.issuer_en:
        fitted = fit(facts.issuer_en, 340, 8.5, lines=1)
        draw_text(canvas, fitted.lines[0], _MARGIN, y + issuer.size * 1.25 - 12, fitted.size)
    canvas.setFillColor(INK)
    width = draw_text(canvas, chinese_date(facts.issued_on), _MARGIN, 57, 12)
    canvas.setFillColor(INK_SOFT)
    draw_text(canvas, english_date(facts.issued_on), _MARGIN + width + 10, 57, 8.5)


def _draw_proof(canvas: Canvas, facts: CertificateFacts) -> None:
    """Draw the QR code bottom right, and to its left the serial, the code and what to do with them."""
    words = facts.wording
    left = _WIDTH - _MARGIN - _QR_SIDE
    draw_qr(canvas, facts.verify_url, left, _QR_BASE, _QR_SIDE)
    x = left - 14
    canvas.setFillColor(INK_SOFT)
    draw_text(canvas, f"{words.serial}  {words.serial_en}", x, 128, 8, align="right")
    canvas.setFillColor(INK)
    size = fit(facts.serial, 180, 12, lines=1).size
    draw_text(canvas, facts.serial, x, 112, size, align="right", varying=True)
    canvas.setFillColor(INK_SOFT)
    draw_text(canvas, words.code, x, 94, 8, align="right")
    canvas.setFillColor(INK)
    size = fit(facts.code, 180, 9.5, lines=1).size
    draw_text(canvas, facts.code, x, 80, size, align="right", varying=True)
    canvas.setFillColor(FLAME)
    scan = draw_text(canvas, words.scan_en, x, 57, 8.5, align="right")
    draw_text(canvas, words.scan, x - scan - 6, 57, 10, bold=True, align="right")
