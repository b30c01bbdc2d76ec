"""Listings of the desk carry the names of their columns into every cell, for the phone."""

from django.template import Context, Template
from django.template.loader import render_to_string
from wagtail.admin.ui.tables import Column, Table, TitleColumn


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
