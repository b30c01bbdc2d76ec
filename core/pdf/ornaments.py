"""The house's drawn ornaments: the flame emblem and the engraved frame of a landscape certificate.

All are own vector drawings. Repeated motifs are written as the same path under a moving coordinate system,
so that hundreds of fine lines compress to a few hundred bytes.
"""

from __future__ import annotations

import math

from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas

from core.pdf.paper import A4_LANDSCAPE, FLAME, HAIRLINE, INK, PAPER, Artwork, tint

EMBLEM_SIZE = (100.0, 130.0)

Point = tuple[float, float]
Segment = tuple[Point, Point, Point]  # control, control, end

# Closed curves on a 100 × 130 field; each starts where it ends.
_FLAME_OUTER: tuple[Segment, ...] = (
    ((25, 24), (10, 41), (12, 62)),
    ((13.5, 77), (24, 84), (25, 101)),
    ((33, 95), (37.5, 86), (37, 76)),
    ((45, 90), (41, 112), (55, 129)),
    ((56, 110), (67, 102), (77, 88)),
    ((86, 75), (90, 64), (88, 54)),
    ((85, 36), (71, 24), (50, 24)),
)
_FLAME_INNER: tuple[Segment, ...] = (
    ((38, 32), (29.5, 41), (31, 53)),
    ((32.5, 66), (46, 70), (50, 88)),
    ((55, 75), (68, 68), (69.5, 53)),
    ((71, 41), (62, 32), (50.5, 32)),
)
_FLAME_HEART: tuple[Segment, ...] = (
    ((44, 32), (40, 37), (41, 43)),
    ((42, 50), (48.5, 53), (50.5, 62)),
    ((53, 54), (59, 50), (60, 43)),
    ((61, 37), (57, 32), (50.5, 32)),
)


def _fill_curve(canvas: Canvas, points: tuple[Segment, ...], colour: Color) -> None:
    path = canvas.beginPath()
    path.moveTo(*points[-1][2])
    for first, second, end in points:
        path.curveTo(*first, *second, *end)
    path.close()
    canvas.setFillColor(colour)
    canvas.drawPath(path, stroke=0, fill=1)


def _draw_emblem(canvas: Canvas) -> None:
    """A flame (火) handed on above two crossed pieces of firewood (薪)."""
    canvas.setLineCap(1)
    canvas.setLineWidth(6.5)
    canvas.setStrokeColor(INK)
    canvas.line(13, 3.5, 87, 18.5)
    canvas.setLineWidth(10.5)
    canvas.setStrokeColor(PAPER)
    canvas.line(36, 13.8, 64, 8.2)
    canvas.setLineWidth(6.5)
    canvas.setStrokeColor(INK)
    canvas.line(13, 18.5, 87, 3.5)
    _fill_curve(canvas, _FLAME_OUTER, FLAME)
    _fill_curve(canvas, _FLAME_INNER, PAPER)
    _fill_curve(canvas, _FLAME_HEART, FLAME)


EMBLEM = Artwork("Emblem", EMBLEM_SIZE, _draw_emblem)


def _draw_rosette(canvas: Canvas, x: float, y: float, radius: float) -> None:
    """Fine ellipses turned about one centre, as on banknotes; pale enough to read over."""
    turns = 60
    angle = math.pi / turns
    canvas.saveState()
    canvas.translate(x, y)
    canvas.setLineWidth(0.3)
    canvas.setStrokeColor(tint(FLAME, 0.12))
    turn = f"{math.cos(angle):.7f} {math.sin(angle):.7f} {-math.sin(angle):.7f} {math.cos(angle):.7f} 0 0 cm"
    path = canvas.beginPath()
    path.ellipse(-radius, -radius * 0.4, 2 * radius, radius * 0.8)
    for _ in range(turns):
        canvas.drawPath(path, stroke=1, fill=0)
        canvas.addLiteral(turn)
    canvas.restoreState()


def _draw_band(canvas: Canvas, x: float, y: float, length: float, turned: bool) -> None:
    """A plait of three waves from ``x``, ``y``, to the right or (``turned``) upwards; a whole number of periods."""
    periods = round(length / 9)
    period, swing = length / periods, 5.4
    canvas.saveState()
    canvas.translate(x, y)
    if turned:
        canvas.rotate(90)
    path = canvas.beginPath()
    for height in (swing, -swing, swing * 0.45, -swing * 0.45):
        path.moveTo(0, 0)
        path.curveTo(period * 0.18, height, period * 0.32, height, period / 2, 0)
        path.curveTo(period * 0.68, -height, period * 0.82, -height, period, 0)
    for _ in range(periods):
        canvas.drawPath(path, stroke=1, fill=0)
        canvas.addLiteral(f"1 0 0 1 {period:.4f} 0 cm")
    canvas.restoreState()


def _draw_corner(canvas: Canvas, x: float, y: float) -> None:
    """A small square with a flame-coloured lozenge, covering the place where two bands meet."""
    canvas.setFillColor(PAPER)
    canvas.setStrokeColor(HAIRLINE)
    canvas.setLineWidth(0.6)
    canvas.rect(x - 7, y - 7, 14, 14, stroke=1, fill=1)
    lozenge = canvas.beginPath()
    for index, (across, up) in enumerate(((0, 4.2), (4.2, 0), (0, -4.2), (-4.2, 0))):
        (lozenge.lineTo if index else lozenge.moveTo)(x + across, y + up)
    lozenge.close()
    canvas.setFillColor(FLAME)
    canvas.drawPath(lozenge, stroke=0, fill=1)


def _draw_frame(canvas: Canvas) -> None:
    width, height = A4_LANDSCAPE
    canvas.setFillColor(PAPER)
    canvas.rect(0, 0, width, height, stroke=0, fill=1)
    _draw_rosette(canvas, width / 2, height / 2 - 2, 178)
    middle, half = 31.0, 7.0
    canvas.setStrokeColor(tint(FLAME, 0.55))
    canvas.setLineWidth(0.35)
    for y in (middle, height - middle):
        _draw_band(canvas, middle + half, y, width - 2 * (middle + half), turned=False)
    for x in (middle, width - middle):
        _draw_band(canvas, x, middle + half, height - 2 * (middle + half), turned=True)
    for inset, line, colour in (
        (middle - half, 0.6, HAIRLINE),
        (middle + half, 0.6, HAIRLINE),
        (middle + half + 4, 0.35, tint(FLAME, 0.7)),
    ):
        canvas.setStrokeColor(colour)
        canvas.setLineWidth(line)
        canvas.rect(inset, inset, width - 2 * inset, height - 2 * inset, stroke=1, fill=0)
    for x in (middle, width - middle):
        for y in (middle, height - middle):
            _draw_corner(canvas, x, y)


FRAME = Artwork("Frame", A4_LANDSCAPE, _draw_frame)
