"""The listings of the desk: tables on a wide screen; on a phone lists, in which every value stands beside its name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.template import Context
from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from wagtail.admin.ui.tables import BaseColumn, BulkActionsCheckboxColumn, Table, TitleColumn

from core.audit import queries

register = template.Library()

CARDS = "listing--cards"
CELL = re.compile(r"<td\b(?P<rest>[^>]*)>")
SELF_EXPLANATORY = (TitleColumn, BulkActionsCheckboxColumn)
SHOWN = re.compile(r"<(svg|img|input|button|a)\b")  # what is something to see without a word


@register.filter
def as_cards(table: Table) -> dict[str, Any]:
    """The attributes of a listing that is a list on a phone; other tables keep theirs."""
    attrs: dict[str, Any] = table.attrs
    classes = str(attrs.get("class", "")).split()
    return attrs | {"class": " ".join([*classes, CARDS])} if "listing" in classes else attrs


@register.simple_tag(takes_context=True)
def named_cell(context: Context, cell: BaseColumn.Cell) -> SafeString:
    """A cell with the name of its column for the phone, and whether there is nothing in it. A title and a box to
    tick name themselves."""
    html = str(cell.render_html(context))
    label = str(cell.column.label or "")
    found = CELL.search(html)
    if found is None or "data-label" in found["rest"]:
        return mark_safe(html)  # noqa: S308 - rendered by the template of the column
    more = (
        ""
        if isinstance(cell.column, SELF_EXPLANATORY) or not label
        else f' data-label="{escape(capfirst(label))}"'
    )
    if not strip_tags(html).strip() and not SHOWN.search(html):
        more += " data-empty"
    return mark_safe(f"{html[: found.start()]}<td{more}{found['rest']}>{html[found.end() :]}")  # noqa: S308


@register.filter
def amount(value: Decimal | str) -> str:
    """An amount as lists and papers write it: 10,200.00. Chinese formats of numbers have no separator of their own."""
    return f"{Decimal(value):,.2f}"


@register.filter
def act_words(action: str) -> str:
    """What an act of the audit is called, also one of the apps above."""
    return queries.act_words(action)


@register.filter
def nth(rows: Sequence[Any], number: int) -> Any:
    """The row of this number, from 0: the column of a cell, where columns are data."""
    return rows[number]
