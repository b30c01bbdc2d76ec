"""The hours statement drawn on as many pages as it takes: head, table, totals with their rules, foot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from core.pdf.faces import require_glyphs
from core.pdf.ornaments import EMBLEM, EMBLEM_SIZE
from core.pdf.pages import chinese_date, draw_page_number, draw_rule, draw_watermark
from core.pdf.paper import A4, FLAME, INK, INK_SOFT, DocumentInfo, close_canvas, open_canvas
from core.pdf.qr import draw_qr
from core.pdf.text import draw_text, fit, wrap
from credentials.statements.document.facts import StatementFacts, StatementLine

_WIDTH, _HEIGHT = A4
_LEFT, _RIGHT = 48.0, _WIDTH - 48.0
_TOP, _FOOT = _HEIGHT - 48.0, 62.0
_QR_SIDE = 93.0
# Where the columns of the table begin (texts) or end (figures).
_DATE, _WHAT, _MINUTES, _HOURS, _RULE = _LEFT, _LEFT + 68, _RIGHT - 92, _RIGHT - 40, _RIGHT
_WHAT_ROOM = _MINUTES - 44 - _WHAT
_TABLE_TOP_FIRST, _TABLE_TOP_NEXT = _HEIGHT - 262.0, _HEIGHT - 92.0


@dataclass(frozen=True)
class _Placed:
    """A line of the table with its title and note broken into lines, and its height."""

    line: StatementLine
    title: tuple[str, ...]
    note: tuple[str, ...]

    @property
    def height(self) -> float:
        return 13.0 * len(self.title) + 10.5 * len(self.note) + 8.0


def render(facts: StatementFacts) -> bytes:
    """Return the statement as a PDF (A4), as many pages as it takes; the same bytes for equal facts.

    Serial and code stand in the file's properties for ``verify_certificate``; proof is the SHA-256 of the whole file.
    Raises ``MissingGlyph``, naming the characters, instead of printing a gap.
    """
    require_glyphs(*facts.texts())
    canvas = open_canvas(
        DocumentInfo(
            title=f"继续教育学时证明 {facts.name} {facts.serial}",
            author=facts.issuer,
            subject=facts.serial,
            keywords=f"serial={facts.serial}; code={facts.code}",
            dated=facts.issued_on,
        ),
        size=A4,
    )
    pages = list(_pages(facts))
    for number, placed in enumerate(pages, start=1):
        _draw_page(canvas, facts, placed, number, len(pages))
        if number < len(pages):
            canvas.showPage()
    return close_canvas(canvas)


def _draw_page(canvas: Canvas, facts: StatementFacts, placed: list[_Placed], number: int, pages: int) -> None:
    if facts.watermark:
        draw_watermark(canvas, facts.watermark, A4)
    if number == 1:
        _draw_head(canvas, facts)
    else:
        _draw_running_head(canvas, facts)
    y = _draw_table(canvas, placed, _TABLE_TOP_FIRST if number == 1 else _TABLE_TOP_NEXT)
    if number == pages:
        _draw_end(canvas, facts, y)
    _draw_foot(canvas, facts, number, pages)


def _end_height(facts: StatementFacts) -> float:
    rules = sum(len(_rule_lines(number, rule)) for number, rule in enumerate(facts.rules, start=1))
    credited = 14 * len(_credited_lines(facts)) if facts.asked_by else 0
    return 34 + 14 * len(facts.totals) + 26 + 11 * rules + 74 + credited


def _rule_lines(number: int, rule: str) -> list[str]:
    return wrap(f"规则 {number}：{rule}", 8, _RIGHT - _LEFT)


def _credited_lines(facts: StatementFacts) -> list[str]:
    return wrap(f"学时认定单位：{facts.issuer}", 9.5, _RIGHT - _LEFT)


def _asked_words(facts: StatementFacts) -> str:
    if facts.asked_by == facts.name:
        return f"应本人（{facts.name}）申请，由{facts.platform}平台依据学时台账出具"
    return f"应{facts.asked_by}申请，由{facts.platform}平台依据学时台账出具"


def _pages(facts: StatementFacts) -> Iterator[list[_Placed]]:
    """The lines of each page; the totals stay on the last one, on a page of their own if need be."""
    room = _TABLE_TOP_FIRST - 22 - _FOOT
    page: list[_Placed] = []
    for line in facts.lines:
        placed = _Placed(
            line, tuple(wrap(line.title, 9.5, _WHAT_ROOM)), tuple(wrap(line.note, 7.5, _WHAT_ROOM))
        )
        if placed.height > room and page:
            yield page
            page, room = [], _TABLE_TOP_NEXT - 22 - _FOOT
        page.append(placed)
        room -= placed.height
    yield page
    if _end_height(facts) > room:
        yield []


def _draw_head(canvas: Canvas, facts: StatementFacts) -> None:
    scale = 0.26
    EMBLEM.place(canvas, _LEFT, _TOP + 12 - EMBLEM_SIZE[1] * scale, scale)
    canvas.setFillColor(INK)
    draw_text(canvas, "继续教育学时证明", _LEFT, _TOP - 52, 22, bold=True, tracking=2)
    canvas.setFillColor(INK_SOFT)
    draw_text(canvas, "Statement of Continuing Education Hours", _LEFT, _TOP - 67, 8.5, tracking=0.6)
    draw_qr(canvas, facts.verify_url, _RIGHT - _QR_SIDE, _TOP - _QR_SIDE + 14, _QR_SIDE)
    canvas.setFillColor(FLAME)
    draw_text(canvas, "扫码核验", _RIGHT - _QR_SIDE / 2, _TOP - _QR_SIDE + 2, 8.5, bold=True, align="centre")
    y = _TOP - 106
    period = f"{chinese_date(facts.first_on)} 至 {chinese_date(facts.last_on)}"
    pairs = [("姓名", facts.name), ("证件号码", facts.id_masked or "未填写"), ("统计期间", period)]
    if facts.level:
        pairs.append(
            ("登记级别", f"{facts.level}{f'（应完成 {facts.target} 学时）' if facts.target else ''}")
        )
    pairs.append(("合计", f"{facts.total_hours} 学时（{facts.total_minutes} 分钟）"))
    for label, value in pairs:
        canvas.setFillColor(INK_SOFT)
        draw_text(canvas, label, _LEFT, y, 9)
        canvas.setFillColor(INK)
        fitted = fit(value, _RIGHT - _LEFT - 72, 11, smallest=8, lines=1)
        draw_text(
            canvas, fitted.lines[0], _LEFT + 68, y, fitted.size, bold=label in ("姓名", "合计"), varying=True
        )
        y -= 18


def _draw_running_head(canvas: Canvas, facts: StatementFacts) -> None:
    canvas.setFillColor(INK_SOFT)
    draw_text(canvas, f"继续教育学时证明 · {facts.name} · {facts.serial}", _LEFT, _TOP - 8, 9, varying=True)


def _draw_table(canvas: Canvas, placed: list[_Placed], top: float) -> float:
    """Draw the headings and the lines of one page; returns where the next thing may begin."""
    if not placed:
        return top
    canvas.setFillColor(INK_SOFT)
    for text, x, align in (("日期", _DATE, "left"), ("内容", _WHAT, "left"), ("分钟", _MINUTES, "right"), ("学时", _HOURS, "right"), ("规则", _RULE, "right")):  # fmt: skip
        draw_text(canvas, text, x, top, 8.5, align=align)  # type: ignore[arg-type]
    draw_rule(canvas, _LEFT, _RIGHT, top - 6, 0.8)
    y = top - 8
    for each in placed:
        line, base = each.line, y - 12
        canvas.setFillColor(INK)
        draw_text(canvas, f"{line.day:%Y-%m-%d}", _DATE, base, 9)
        draw_text(canvas, str(line.minutes), _MINUTES, base, 9.5, align="right")
        draw_text(canvas, line.hours, _HOURS, base, 9.5, align="right")
        for text in each.title:
            draw_text(canvas, text, _WHAT, base, 9.5)
            base -= 13
        canvas.setFillColor(INK_SOFT)
        for text in each.note:
            draw_text(canvas, text, _WHAT, base + 1.5, 7.5)
            base -= 10.5
        draw_text(canvas, str(line.rule), _RULE, y - 12, 9, align="right")
        y -= each.height
        draw_rule(canvas, _LEFT, _RIGHT, y, 0.4)
    return y


def _draw_end(canvas: Canvas, facts: StatementFacts, y: float) -> None:
    y = _draw_totals(canvas, facts, y - 24)
    y = _draw_rules(canvas, facts, y)
    canvas.setFillColor(INK)
    if facts.asked_by:
        for text in _credited_lines(facts):
            draw_text(canvas, text, _LEFT, y - 6, 9.5)
            y -= 14
        words = fit(_asked_words(facts), _RIGHT - _LEFT, 10.5, smallest=7, lines=1)
        draw_text(canvas, words.lines[0], _RIGHT, y - 26, words.size, align="right", varying=True)
    else:
        issuer = fit(facts.issuer, 300, 12, smallest=9, lines=1)
        draw_text(canvas, issuer.lines[0], _RIGHT, y - 26, issuer.size, bold=True, align="right")
    draw_text(canvas, chinese_date(facts.issued_on), _RIGHT, y - 44, 10.5, align="right")


def _draw_totals(canvas: Canvas, facts: StatementFacts, y: float) -> float:
    """Draw the sum of each kind and of all; returns where the next thing may begin."""
    for kind, minutes, hours in facts.totals:
        canvas.setFillColor(INK_SOFT)
        draw_text(canvas, kind, _WHAT, y, 9)
        canvas.setFillColor(INK)
        draw_text(canvas, str(minutes), _MINUTES, y, 9.5, align="right")
        draw_text(canvas, hours, _HOURS, y, 9.5, align="right")
        y -= 14
    draw_text(canvas, "合计", _WHAT, y - 2, 10.5, bold=True)
    draw_text(canvas, str(facts.total_minutes), _MINUTES, y - 2, 10.5, bold=True, align="right")
    draw_text(canvas, facts.total_hours, _HOURS, y - 2, 10.5, bold=True, align="right")
    return y - 26


def _draw_rules(canvas: Canvas, facts: StatementFacts, y: float) -> float:
    """Draw how minutes became hours, and by which rules; returns where the next thing may begin."""
    canvas.setFillColor(INK_SOFT)
    draw_text(
        canvas, "按分钟折算的学时先合并分钟再折算，各行舍去的零头计入合计；已更正的记录不列入。", _LEFT, y, 8
    )
    y -= 13
    for number, rule in enumerate(facts.rules, start=1):
        for text in _rule_lines(number, rule):
            draw_text(canvas, text, _LEFT, y, 8)
            y -= 11
    return y


def _draw_foot(canvas: Canvas, facts: StatementFacts, number: int, pages: int) -> None:
    canvas.setFillColor(INK_SOFT)
    draw_text(canvas, f"编号 {facts.serial}　核验码 {facts.code}", _LEFT, 34, 8, varying=True)
    draw_page_number(canvas, number, pages, _RIGHT, 34)
