"""The paper: equal facts give equal bytes, everything on it can be read, and the totals stay whole."""

import datetime as dt
from dataclasses import replace

import pytest

from core.pdf.faces import MissingGlyph
from core.pdf.pages import chinese_date
from credentials.statements.document import StatementFacts, StatementLine, render
from tests.core.pdf.reading import fonts_of, run_tool, text_of

DAY = dt.date(2026, 11, 23)
FACTS = StatementFacts(
    serial="XS-2026-000128-A",
    code="7KQ2-M9XD-4TBV-HC3P-2WRE",
    name="欧阳晓明",
    id_masked="120***********1011",
    issuer="示例市社会工作指导中心",
    issued_on=DAY,
    first_on=dt.date(2024, 1, 1),
    last_on=dt.date(2026, 12, 31),
    lines=(
        StatementLine(dt.date(2026, 3, 14), "接案与预估", "课堂出勤 · 示例区民政局", 90, "2", 1),
        StatementLine(dt.date(2026, 4, 2), "危机干预工作坊", "补录学时 · 示例培训中心", 135, "3", 1),
    ),
    totals=(("课堂出勤", 90, "2"), ("补录学时", 135, "3")),
    total_minutes=225,
    total_hours="5",
    rules=("45 分钟计 1 学时（示例文件〔2026〕1号）",),
    verify_url="https://xinhuo.example.com/verify/XS-2026-000128-A?c=7KQ2M9XD4TBVHC3P2WRE",
)


def many(lines: int) -> StatementFacts:
    return replace(FACTS, lines=FACTS.lines * (lines // 2))


def pages_of(pdf: bytes, folder) -> int:
    told = run_tool(pdf, folder, "pdfinfo", "{}")
    return int(next(line for line in told.splitlines() if line.startswith("Pages:")).split()[1])


def test_equal_facts_give_equal_bytes_and_others_give_others():
    assert render(FACTS) == render(replace(FACTS))
    assert render(FACTS) != render(replace(FACTS, total_hours="6"))


def test_everything_that_it_says_can_be_read_and_copied(tmp_path):
    text = text_of(render(FACTS), tmp_path)
    words = (FACTS.serial, FACTS.name, FACTS.id_masked, FACTS.issuer, "接案与预估", "危机干预工作坊", "225")
    assert [word for word in words if word not in text] == []
    assert chinese_date(DAY) == "2026年11月23日" and chinese_date(DAY) in text


def test_its_fonts_go_with_it(tmp_path):
    fonts = fonts_of(render(FACTS), tmp_path)
    assert fonts
    assert all(font[-5] == "yes" for font in fonts)  # embedded


@pytest.mark.parametrize(("lines", "pages"), [(2, 1), (60, 4)])
def test_a_long_list_goes_on_overleaf_and_names_its_serial_on_every_page(tmp_path, lines, pages):
    pdf = render(many(lines))
    assert pages_of(pdf, tmp_path) == pages
    for number in range(1, pages + 1):
        page = run_tool(pdf, tmp_path, "pdftotext", "-f", str(number), "-l", str(number), "{}", "-")
        assert FACTS.serial in page


def test_the_totals_stand_at_the_head_and_at_the_end_however_full_the_last_page_is(tmp_path):
    for lines in range(2, 40, 6):
        assert text_of(render(many(lines)), tmp_path).count("225") == 2


def test_a_character_that_cannot_be_printed_is_named():
    with pytest.raises(MissingGlyph, match="ཀ"):
        render(replace(FACTS, name="王ཀ"))
