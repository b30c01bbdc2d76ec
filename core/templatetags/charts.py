"""Charts as template tags, each with a table behind it. A builtin library: templates need no {% load %}."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import template

from core.ui.charts import (
    Mark,
    Number,
    bars_of,
    line_of,
    lines_of,
    ring_of,
    rows_of,
    trade_of,
    whole_percent,
)

register = template.Library()


@register.simple_tag
def percent(value: Number | None, top: Number | None) -> int:
    """Whole per cent, rounded: 100 only when all is done."""
    return whole_percent(value or 0, top or 0)


@register.inclusion_tag("core/ui/charts/bar.html")
def bar_chart(
    rows: Iterable[Any], caption: str = "", unit: str = "", top: Number | None = None, note: str = ""
) -> dict[str, Any]:
    """Horizontal bars with their figures beside them; rows are (label, value[, note]) or dicts. With the unit ¥ the figures are
    amounts of money, printed as in every table."""
    bars = bars_of(rows, top=top)
    return {"bars": bars, "caption": caption, "unit": unit, "note": note}


@register.inclusion_tag("core/ui/charts/ring.html")
def ring_chart(value: Number, top: Number, label: str = "", unit: str = "", note: str = "") -> dict[str, Any]:
    """How much of a whole, as a ring with the per cent inside and the figures beside it."""
    return {
        "ring": ring_of(value, top),
        "value": value,
        "top": top,
        "label": label,
        "unit": unit,
        "note": note,
    }


@register.inclusion_tag("core/ui/charts/line.html")
def line_chart(
    rows: Iterable[Any], caption: str = "", unit: str = "", target: Number | None = None, note: str = ""
) -> dict[str, Any]:
    """A line over time from zero, drawn once for phones and once for wide screens, with its table."""
    points = rows_of(rows)
    return {
        "small": line_of(points, width=360, height=220, target=target),
        "wide": line_of(points, width=760, height=260, target=target),
        "rows": points,
        "caption": caption,
        "unit": unit,
        "target": target,
        "note": note,
    }


@register.inclusion_tag("core/ui/charts/lines.html")
def lines_chart(
    series: Iterable[tuple[str, Iterable[tuple[date, Number]]]], top: int, caption: str = ""
) -> dict[str, Any]:
    """Two lines over the same days, the second one dashed; the caller puts the table of their words behind."""
    kept = [(label, list(points)) for label, points in series]
    return {
        "small": lines_of(kept, width=360, height=200, top=top),
        "wide": lines_of(kept, width=760, height=220, top=top),
        "caption": caption,
        "labels": [label for label, points in kept if points],
    }


@register.inclusion_tag("core/ui/charts/trade.html")
def trade_chart(marks: Iterable[Mark], caption: str = "", across: str = "", up: str = "") -> dict[str, Any]:
    """A trade-off curve: what is gained across, what is left of the other upwards, each point under the name that it is
    chosen by; the caller puts the table of the same choices behind it."""
    kept = list(marks)
    return {
        "small": trade_of(kept, width=360, height=260),
        "wide": trade_of(kept, width=760, height=300),
        "caption": caption,
        "across": across,
        "up": up,
    }
