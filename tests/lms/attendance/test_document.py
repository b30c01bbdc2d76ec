import datetime as dt

from lms.attendance.document import SheetFacts, SheetRow, per_page, render
from tests.core.pdf.reading import text_of


def facts(people, **changes):
    rows = tuple(SheetRow(f"学员{number}", "和平区新街社工站") for number in range(people))
    given = {
        "cohort": "春季班",
        "title": "接案与预估",
        "held": "2026年3月14日 09:00–10:30",
        "place": "示例市民政局 301",
        "printed_on": dt.date(2026, 3, 13),
        "rows": rows,
    }
    return SheetFacts(**given | changes)


def pages_of(pdf, folder):
    """The text of each page, without the breaks that a narrow cell makes."""
    return ["".join(page.split()) for page in text_of(pdf, folder).split("\f") if page.strip()]


def test_everybody_has_a_line_and_every_page_its_head(tmp_path):
    pages = pages_of(render(facts(per_page() + 1)), tmp_path)
    assert len(pages) == 2
    assert "接案与预估" in pages[1]
    assert f"学员{per_page()}" in pages[1]


def test_an_empty_class_gives_lines_to_write_on(tmp_path):
    assert len(pages_of(render(facts(0)), tmp_path)) == 1


def test_long_names_and_units_are_never_cut(tmp_path):
    row = SheetRow(
        "阿布都热合曼·阿布都热西提·买买提", "和平区新街街道社会工作服务站与未成年人保护工作站", is_guest=True
    )
    (page,) = pages_of(render(facts(0, rows=(row,), place="")), tmp_path)
    assert "买买提" in page


def test_the_same_facts_give_the_same_bytes():
    assert render(facts(30)) == render(facts(30))
