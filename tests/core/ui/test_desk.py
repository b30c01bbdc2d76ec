"""Listings of the desk carry the names of their columns into every cell, for the phone."""

import re
from pathlib import Path

from django.template import Context, Template
from django.template.loader import render_to_string
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column, Table, TitleColumn

ROOT = Path(__file__).resolve().parents[3]
LISTING = re.compile(r'<table class="(listing[^"]*)">(.*?)</table>', re.S)
CELL = re.compile(r"<td\b([^>]*)>(.{0,40})", re.S)


def rendered(rows, **attrs):
    columns = [TitleColumn("name", label="姓名"), Column("place", label='机构"甲"'), Column("day", label="")]
    source = Template("{% load wagtailadmin_tags %}{% component table %}")
    return source.render(Context({"table": Table(columns, rows, **attrs)}))


def test_every_cell_says_which_column_it_is_of_and_a_title_names_itself():
    html = rendered([{"name": "林小荷", "place": "和平区", "day": "11月3日"}])
    assert 'class="listing listing--cards"' in html
    assert html.count("data-label") == 1
    assert 'data-label="机构&quot;甲&quot;"' in html
    assert "data-empty" not in html


def test_what_is_empty_is_left_out_on_a_phone_and_other_tables_stay_tables():
    html = rendered([{"name": "林小荷", "place": None, "day": "1"}])
    assert html.count("data-empty") == 1
    assert "listing--cards" not in rendered([], classname="w-table")


def test_yes_and_no_in_a_list_are_said_in_the_language_of_the_reader():
    said = [
        render_to_string("wagtailadmin/tables/boolean_cell.html", {"value": value}) for value in (True, False)
    ]
    assert [("是" in each, "否" in each) for each in said] == [(True, False), (False, True)]
    assert "True" not in said[0] and "False" not in said[1]


def test_a_box_to_tick_has_no_name_of_its_own_on_a_phone():
    row = type("Row", (), {"pk": 1, "name": "林小荷"})()
    columns = [BulkActionsCheckboxColumn("bulk", label="Bulk actions", obj_type="x"), TitleColumn("name")]
    source = Template("{% load wagtailadmin_tags %}{% component table %}")
    html = source.render(Context({"table": Table(columns, [row])}))
    assert "checkbox" in html and "data-label" not in html


def unnamed_cells(table: str) -> list[str]:
    """The cells below a head of columns that say neither of which one they are nor that they name their row or say nothing."""
    _head, found, body = table.partition("</thead>")
    if not found:
        return []
    return [
        content
        for more, content in CELL.findall(body)
        if not any(word in more for word in ("data-label", "title", "colspan", "data-empty"))
        and not re.match(r"</td>|<strong>|\s*\{% if|\s*<(form|a|label)|\n", content)  # an act names itself
    ]


def test_every_table_of_ours_in_the_admin_is_a_list_on_a_phone():
    tables = [
        (path.relative_to(ROOT), found[1], found[2])
        for path in ROOT.glob("*/templates/**/*.html")
        for found in LISTING.finditer(path.read_text(encoding="utf-8"))
    ]
    assert len(tables) > 100
    assert [path for path, classes, _body in tables if "listing--cards" not in classes] == []
    assert [(str(path), cells) for path, _classes, body in tables if (cells := unnamed_cells(body))] == []
