"""An official table: equal facts give equal bytes, headings are repeated, and nobody signs an empty page."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.pdf.faces import MissingGlyph
from supervision.reports.document import Column, Paper, Table, _pages, render
from tests.core.pdf.reading import text_of
from tests.credentials.statements.test_document import pages_of


def paper(*sizes, **more):
    tables = tuple(
        Table(
            f"第{number}表",
            (Column("单位", 2.0, is_number=False), Column("次数"), Column("小时")),
            (*((f"示例街道社工站{row}", row, Decimal("1.5")) for row in range(size)), ("合计", size, None)),
            has_total=True,
        )
        for number, size in enumerate(sizes or (3,), 1)
    )
    plain = {
        "title": "督导工作月报",
        "unit": "和平区指导中心",
        "period": "2026年3月",
        "number": "DD-1",
        "lines": (("数据截至", "2026年4月1日"),),
        "tables": tables,
        "notes": ("统计口径：" + "很长的说明，" * 30,),
        "signers": (("制表人", "单于明"), ("审核人", "")),
        "dated": dt.date(2026, 4, 1),
        "sha256": "0" * 64,
    }
    return Paper(**plain | more)


def test_equal_facts_give_equal_bytes_and_a_sample_says_so(tmp_path):
    assert render(paper()) == render(paper())
    assert render(paper(watermark="样例")) != render(paper())
    text = text_of(render(paper()), tmp_path)
    for words in (
        "督导工作月报",
        "单位：和平区指导中心",
        "制表人：单于明",
        "第 1 页，共 1 页",
        "2026年4月1日",
    ):
        assert words in text


def test_a_long_table_repeats_its_heading_on_every_page(tmp_path):
    pdf = render(paper(90))
    number = pages_of(pdf, tmp_path)
    assert number > 2
    assert text_of(pdf, tmp_path).count("次数") == number


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=3))
def test_nothing_is_lost_nor_doubled_and_the_last_page_has_a_row(sizes):
    made = paper(*sizes)
    pages = list(_pages(made))
    rows = [line for page in pages for line in page if line.kind in ("row", "total")]
    assert len(rows) == sum(size + 1 for size in sizes)
    assert all(page and page[-1].kind in ("row", "total") for page in pages)


def test_a_character_that_cannot_be_printed_is_named():
    with pytest.raises(MissingGlyph):
        render(paper(unit="\U0001f600"))
