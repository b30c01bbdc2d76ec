"""Words across a page, again and again, aslant: laid over a paper that somebody else has made."""

from __future__ import annotations

import io

from reportlab.pdfgen.canvas import Canvas

from core.pdf.text import draw_text, text_width

ANGLE = 30


def words_across(
    width: float, height: float, words: str, *, ink: tuple[int, int, int], alpha: float
) -> bytes:
    """A PDF of one page of this size in points, empty but for the words; `ink` in 0 to 255, `alpha` in 0 to 1.

    Raises MissingGlyph.
    """
    kept = io.BytesIO()
    canvas = Canvas(kept, pagesize=(width, height))
    size = max(8.0, min(width, height) / 36)
    canvas.setFillColorRGB(*(each / 255 for each in ink), alpha=alpha)
    canvas.translate(width / 2, height / 2)
    canvas.rotate(ANGLE)
    across, reach = text_width(words, size) + size * 3, (width**2 + height**2) ** 0.5 / 2
    rows = int(reach / (size * 6)) + 1
    for row in range(-rows, rows + 1):
        x = -reach - (row % 2) * across / 2
        while x < reach:
            draw_text(canvas, words, x, row * size * 6, size)
            x += across
    canvas.showPage()
    canvas.save()
    return kept.getvalue()
