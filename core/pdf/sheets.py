"""Pages of one paper that are filled from above: a new one begins where something does not fit, with its watermark and its foot."""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from core.pdf.pages import draw_watermark
from core.pdf.paper import A4, INK_SOFT
from core.pdf.text import draw_text, fit


@dataclass(frozen=True)
class Frame:
    """Where a page is written on, in points: between `left` and `right`, from `top` down to `foot`; the words of its foot stand
    on `line`, and keep `kept` free for the number of the page."""

    left: float
    right: float
    top: float
    foot: float
    line: float = 36.0
    kept: float = 70.0


class Sheets:
    """A canvas with a pen that moves down (`y`), and on to another page (A4)."""

    def __init__(self, canvas: Canvas, frame: Frame, *, words: str, watermark: str | None) -> None:
        self.canvas, self.frame, self.words, self.watermark = canvas, frame, words, watermark
        self.page, self.y = 0, 0.0
        self.turn()

    def turn(self) -> None:
        """Begin another page."""
        if self.page:
            self.canvas.showPage()
        self.page += 1
        self.y = self.frame.top
        if self.watermark:
            draw_watermark(self.canvas, self.watermark, A4)
        self.canvas.setFillColor(INK_SOFT)
        frame = self.frame
        fitted = fit(self.words, frame.right - frame.left - frame.kept, 8, smallest=6, lines=1)
        draw_text(self.canvas, fitted.lines[0], frame.left, frame.line, fitted.size, varying=True)
        draw_text(self.canvas, f"第 {self.page} 页", frame.right, frame.line, 8, align="right")

    def need(self, height: float) -> None:
        """Go on to the next page where less room than this is left."""
        if self.y - height < self.frame.foot:
            self.turn()
