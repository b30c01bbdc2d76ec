"""A certificate drawn by a template of an organisation: frozen facts and a frozen template in, the same bytes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from reportlab.lib.colors import Color, HexColor
from reportlab.pdfgen.canvas import Canvas

from core.pdf.faces import require_glyphs
from core.pdf.paper import (
    A4_LANDSCAPE,
    FLAME,
    FLAME_PALE,
    HAIRLINE,
    INK,
    INK_SOFT,
    PAPER,
    Artwork,
    DocumentInfo,
    close_canvas,
    open_canvas,
)
from core.pdf.pictures import place_picture
from core.pdf.qr import draw_qr
from core.pdf.text import draw_text, fit, fit_name, text_width, wrap_evenly
from credentials.designs.document.wording import COURSE, NAME, Spec, fill, plain_lines

COLOURS = {
    "flame": FLAME,
    "gold": HexColor(0xA9782A),
    "ink": INK,
    "pine": HexColor(0x2F6B4F),
    "indigo": HexColor(0x2F4B8F),
}
_SIZES = {"landscape": A4_LANDSCAPE, "portrait": (A4_LANDSCAPE[1], A4_LANDSCAPE[0])}
_QR_SIDE = 90.0
_FOOT = 56.0  # the lowest base line
_DETAIL = {"cohort": ("班次", "Cohort"), "hours": ("学时", "Hours"), "expires": ("有效期至", "Valid until")}


@dataclass(frozen=True)
class Design:
    """A template with the bytes of its pictures by their numbers."""

    spec: Spec
    pictures: Mapping[int, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Printed:
    """What one certificate puts into a template. `values` for Chinese text, `values_en` for English, by placeholder."""

    info: DocumentInfo
    values: Mapping[str, str]
    values_en: Mapping[str, str]
    code: str
    verify_url: str
    watermark: str | None = None


def draw(printed: Printed, design: Design) -> bytes:
    """The certificate as a one-page PDF. Raises MissingGlyph, naming the characters, instead of printing a gap."""
    spec = design.spec
    written = [line for text in spec.texts() for line in text.splitlines()]
    require_glyphs(*written, *printed.values.values(), *printed.values_en.values(), printed.code)
    width, height = _SIZES[spec.paper]
    canvas = open_canvas(printed.info, (width, height))
    _frame(spec.paper, spec.frame, spec.colour).place(canvas)
    if spec.background:
        place_picture(
            canvas, design.pictures[spec.background], width / 2, height / 2, (width - 96, height - 96)
        )
    if printed.watermark:
        _draw_watermark(canvas, printed.watermark, width, height)
    top = _draw_heading(canvas, spec, width, height - 96)
    floor = _draw_foot(canvas, printed, design, width)
    _draw_body(canvas, printed, spec, width, top - 14, floor + 12)
    return close_canvas(canvas)


@cache
def _frame(paper: str, frame: str, colour: str) -> Artwork:
    width, height = _SIZES[paper]

    def paint(canvas: Canvas) -> None:
        canvas.setFillColor(PAPER)
        canvas.rect(0, 0, width, height, stroke=0, fill=1)
        canvas.setStrokeColor(COLOURS[colour])
        for inset, line in {"double": ((26, 2.2), (32, 0.6)), "line": ((28, 0.8),), "none": ()}[frame]:
            canvas.setLineWidth(line)
            canvas.rect(inset, inset, width - 2 * inset, height - 2 * inset, stroke=1, fill=0)

    return Artwork(f"Frame{paper}{frame}{colour}", (width, height), paint)


def _draw_watermark(canvas: Canvas, text: str, width: float, height: float) -> None:
    canvas.saveState()
    canvas.translate(width / 2, height / 2)
    canvas.rotate(24)
    canvas.setFillColor(FLAME_PALE)
    size = min(180.0, width * 0.66 / text_width(text, 1.0, bold=True))
    draw_text(canvas, text, 0, -size * 0.36, size, bold=True, align="centre", tracking=size * 0.3)
    canvas.restoreState()


def _draw_heading(canvas: Canvas, spec: Spec, width: float, y: float) -> float:
    """Draw both headings; returns the base line of the lower one."""
    room = width - 150
    fitted = fit(spec.heading, room, 38, bold=True, lines=1)
    tracking = (
        13.0 if text_width(spec.heading, fitted.size, bold=True) + 13 * len(spec.heading) < room else 0.0
    )
    canvas.setFillColor(COLOURS[spec.colour] if spec.colour != "flame" else INK)
    draw_text(canvas, spec.heading, width / 2, y, fitted.size, bold=True, align="centre", tracking=tracking)
    if not spec.heading_en:
        return y
    canvas.setFillColor(INK_SOFT)
    english = fit(spec.heading_en.upper(), room, 9.5, lines=1)
    draw_text(canvas, english.lines[0], width / 2, y - 20, english.size, align="centre")
    return y - 20


@dataclass(frozen=True)
class _Line:
    text: str
    size: float
    above: float
    bold: bool = False
    soft: bool = False
    ruled: bool = False


def _draw_body(canvas: Canvas, printed: Printed, spec: Spec, width: float, top: float, floor: float) -> None:
    """Draw the wording between heading and foot; what is too long makes everything a little smaller."""
    share = 1.0
    lines = _lines(printed, spec, width - 150, share)
    while sum(line.above for line in lines) > top - floor and share > 0.3:
        share *= 0.96
        lines = _lines(printed, spec, width - 150, share)
    spare = max(0.0, top - floor - sum(line.above for line in lines))
    spread = min(spare / (2 * len(lines)), 12.0) if lines else 0.0
    y = top - (spare - spread * len(lines)) * 0.42
    for line in lines:
        y -= line.above + spread
        canvas.setFillColor(INK_SOFT if line.soft else INK)
        drawn = draw_text(
            canvas, line.text, width / 2, y, line.size, bold=line.bold, align="centre", varying=line.ruled
        )
        if line.ruled:
            half = max(drawn / 2 + 26, 120)
            canvas.setStrokeColor(HAIRLINE)
            canvas.setLineWidth(0.6)
            canvas.line(width / 2 - half, y - line.size * 0.36, width / 2 + half, y - line.size * 0.36)


def _lines(printed: Printed, spec: Spec, room: float, share: float) -> list[_Line]:
    lines: list[_Line] = []
    for written in plain_lines(spec.body):
        for text in fill(written, printed.values):
            below_rule = lines[-1].size * 0.4 if lines and lines[-1].ruled else 0.0
            first, *more = _set(written, text, room, share)
            lines += [replace(first, above=first.above + below_rule), *more]
    for written in plain_lines(spec.body_en):
        for text in fill(written, printed.values_en):
            broken = wrap_evenly(text, 9 * share, room)
            lines += [
                _Line(each, 9 * share, (13 if n else 19) * share, soft=True) for n, each in enumerate(broken)
            ]
    return lines


def _set(written: str, text: str, room: float, share: float) -> list[_Line]:
    """One line of the wording as lines of the page: the name largest, the course bold, everything else as text."""
    if written == NAME:
        name = fit_name(text, room - 60, 34 * share, smallest=21 * share)
        last = len(name.lines) - 1
        return [_Line(each, name.size, name.size * 1.3, ruled=n == last) for n, each in enumerate(name.lines)]
    if written == COURSE:
        title = fit(text, room, 21 * share, smallest=16 * share, bold=True)
        return [
            _Line(each, title.size, title.size * (1.3 if n else 1.6), bold=True)
            for n, each in enumerate(title.lines)
        ]
    broken = wrap_evenly(text, 13 * share, room)
    return [_Line(each, 13 * share, (20 if n else 27) * share) for n, each in enumerate(broken)]


def _draw_foot(canvas: Canvas, printed: Printed, design: Design, width: float) -> float:
    """Draw everything below the wording: details, signatories, issuer, proof and seal; returns its upper edge."""
    spec = design.spec
    third = (width - 144) / 3
    middle = {"left": 72 + third / 2, "centre": width / 2, "right": width - 72 - third / 2}
    _draw_issuer(canvas, printed, middle[spec.issuer_at], third - 14)
    _draw_proof(canvas, printed, middle[spec.proof_at], third, COLOURS[spec.colour])
    top = _FOOT + _QR_SIDE + 26
    if spec.signatories:
        top = _draw_signatories(canvas, design, width, top)
    if spec.seal:  # over what it seals
        place_picture(canvas, design.pictures[spec.seal], middle[spec.seal_at], _FOOT + 44, (108, 108))
    return _draw_details(canvas, printed, spec, width, top) if spec.details else top


def _draw_issuer(canvas: Canvas, printed: Printed, x: float, room: float) -> None:
    issuer = fit(printed.values["issuer"], room, 14, smallest=11, bold=True, lines=3)
    canvas.setFillColor(INK)
    y = _FOOT + 26 + (len(issuer.lines) - 1) * issuer.size * 1.25
    for text in issuer.lines:
        draw_text(canvas, text, x, y, issuer.size, bold=True, align="centre")
        y -= issuer.size * 1.25
    draw_text(canvas, printed.values["issued_on"], x, _FOOT, 11.5, align="centre")


def _draw_proof(canvas: Canvas, printed: Printed, x: float, third: float, colour: Color) -> None:
    """The QR code above serial and code."""
    draw_qr(canvas, printed.verify_url, x - _QR_SIDE / 2, _FOOT + 16, _QR_SIDE)
    canvas.setFillColor(INK)
    serial = fit(printed.values["serial"], third - 8, 9, lines=1)
    draw_text(canvas, serial.lines[0], x, _FOOT + 6, serial.size, align="centre", varying=True)
    canvas.setFillColor(INK_SOFT)
    code = fit(printed.code, third - 8, 7.5, lines=1)
    draw_text(canvas, code.lines[0], x, _FOOT - 4, code.size, align="centre", varying=True)
    canvas.setFillColor(colour)
    draw_text(canvas, "扫码核验 Scan to verify", x, _FOOT - 14, 7, align="centre")


def _draw_signatories(canvas: Canvas, design: Design, width: float, y: float) -> float:
    """Names and offices in a row, each below a signature or a line to sign on."""
    room = (width - 150) / len(design.spec.signatories)
    for number, each in enumerate(design.spec.signatories):
        x = 75 + room * (number + 0.5)
        canvas.setStrokeColor(HAIRLINE)
        canvas.setLineWidth(0.6)
        canvas.line(x - 62, y + 26, x + 62, y + 26)
        if each.picture:
            place_picture(canvas, design.pictures[each.picture], x, y + 44, (124, 40))
        canvas.setFillColor(INK)
        name = fit(each.name, room - 10, 10.5, lines=1)
        draw_text(canvas, name.lines[0], x, y + 13, name.size, align="centre")
        if each.title:
            canvas.setFillColor(INK_SOFT)
            title = fit(each.title, room - 10, 8, lines=1)
            draw_text(canvas, title.lines[0], x, y + 2, title.size, align="centre")
    return y + 72


def _draw_details(canvas: Canvas, printed: Printed, spec: Spec, width: float, y: float) -> float:
    values = {"cohort": "cohort", "hours": "hours", "expires": "expires_on"}
    columns = [(*_DETAIL[each], printed.values[values[each]]) for each in spec.details]
    columns = [column for column in columns if column[2]]
    if not columns:
        return y
    room = (width - 150) / len(columns)
    for number, (label, english, value) in enumerate(columns):
        x = 75 + room * (number + 0.5)
        canvas.setFillColor(INK_SOFT)
        draw_text(canvas, f"{label}  {english}", x, y + 24, 8, align="centre")
        canvas.setFillColor(INK)
        fitted = fit(value, room - 16, 12, smallest=8, lines=2)
        for row, text in enumerate(fitted.lines):
            base = y + (6 if len(fitted.lines) == 1 else 10) - row * fitted.size * 1.2
            draw_text(canvas, text, x, base, fitted.size, align="centre")
    return y + 36
