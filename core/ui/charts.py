"""The geometry of our charts: numbers in, coordinates out. Pure; the drawing is in templates/core/ui/charts/."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil, floor, log10, pi
from typing import Any

Number = int | float | Decimal


def whole_percent(value: Number, top: Number) -> int:
    """A share as it is shown, in whole per cent: rounded, and 100 only for all of it; of nothing 0. No rule is decided by
    it: a mark that must be reached is rounded down."""
    if not top:
        return 0
    share = 100 * float(value) / float(top)
    return 100 if share >= 100 else max(0, min(99, int(share + 0.5 + 1e-9)))


@dataclass(frozen=True)
class Row:
    """One labelled figure; `note` gives it its context (target, share, period)."""

    label: str
    value: Number
    note: str = ""
    url: str = ""
    strong: bool = False


def rows_of(data: Iterable[Any]) -> list[Row]:
    """Rows from (label, value[, note]) tuples, dicts or objects with those names."""
    rows = []
    for item in data:
        if isinstance(item, Row):
            rows.append(item)
        elif isinstance(item, dict):
            rows.append(Row(**{key: item[key] for key in Row.__dataclass_fields__ if key in item}))
        elif isinstance(item, tuple | list):
            rows.append(Row(*item))
        else:
            rows.append(Row(item.label, item.value, getattr(item, "note", ""), getattr(item, "url", "")))
    return rows


@dataclass(frozen=True)
class Bar:
    """A row with its length in per cent of the longest (or of `top`)."""

    row: Row
    width: str


def bars_of(data: Iterable[Any], *, top: Number | None = None) -> list[Bar]:
    """Bars share one scale that starts at zero; a value above `top` fills the track."""
    rows = rows_of(data)
    scale = float(top or 0) or max((float(row.value) for row in rows), default=0) or 1.0
    return [Bar(row, f"{max(0.0, min(100.0, 100 * float(row.value) / scale)):.2f}") for row in rows]


@dataclass(frozen=True)
class Ring:
    """A share of a whole: whole per cent (rounded down, so 100 means all) and the dash pattern of its arc."""

    percent: int
    dash: str
    done: bool


RING_RADIUS = 45


def ring_of(value: Number, top: Number) -> Ring:
    """An empty whole counts as nothing done."""
    share = max(0.0, min(1.0, float(value) / float(top))) if top else 0.0
    around = 2 * pi * RING_RADIUS
    return Ring(whole_percent(value, top), f"{share * around:.2f} {around:.2f}", share >= 1)


@dataclass(frozen=True)
class Point:
    """A row and where it stands; `named` points carry their label on the axis."""

    row: Row
    x: float
    y: float
    named: bool


@dataclass(frozen=True)
class Line:
    """Everything that the drawing of one line needs, in units of its view box."""

    width: int
    height: int
    left: int
    right: int
    base: int
    points: list[Point]
    trace: str
    area: str
    top: float
    target_y: float | None


def nice_top(highest: float) -> float:
    """The first round number (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8 × 10ⁿ) that is not below the highest value."""
    if highest <= 0:
        return 1.0
    unit: float = 10.0 ** floor(log10(highest))
    return next(
        step * unit for step in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if step * unit >= highest * (1 - 1e-9)
    )


def line_of(data: Iterable[Any], *, width: int, height: int, target: Number | None = None) -> Line:
    """A line from zero; about six labels whatever the number of points, the first and the last among them."""
    rows = rows_of(data)
    left, right, head, base = 8, width - 8, 26, height - 28
    top = nice_top(max([float(row.value) for row in rows] + [float(target or 0)]))
    step = (right - left - 32) / max(1, len(rows) - 1)
    every = ceil(max(1, len(rows) - 1) / max(1, width // 90))

    def height_of(value: Number) -> float:
        return round(base - (base - head) * max(0.0, float(value)) / top, 1)

    last = len(rows) - 1
    points = [
        Point(row, round(left + 16 + n * step, 1), height_of(row.value), (last - n) % every == 0)
        for n, row in enumerate(rows)
    ]
    trace = " ".join(f"{'L' if n else 'M'}{p.x} {p.y}" for n, p in enumerate(points))
    area = f"{trace} L{points[-1].x} {base} L{points[0].x} {base}Z" if points else ""
    return Line(
        width,
        height,
        left,
        right,
        base,
        points,
        trace,
        area,
        top,
        None if target is None else height_of(target),
    )


@dataclass(frozen=True)
class Trace:
    """One of several lines in one chart: its label, its points in order, and the path through them."""

    label: str
    points: list[tuple[float, float]]
    path: str


@dataclass(frozen=True)
class Lines:
    """Everything that the drawing of several lines over the same days needs, in units of its view box."""

    width: int
    height: int
    left: int
    right: int
    base: int
    traces: list[Trace]
    days: list[tuple[float, date]]
    levels: list[tuple[float, int]]


def lines_of(
    series: Iterable[tuple[str, Iterable[tuple[date, Number]]]], *, width: int, height: int, top: int
) -> Lines:
    """Lines from zero to `top` over days; every line has its own days, the scale of days is one for all."""
    kept = [(label, list(points)) for label, points in series]
    days = sorted({day for _label, points in kept for day, _value in points})
    left, right, head, base = 24, width - 24, 16, height - 28
    span = max((days[-1] - days[0]).days, 1) if days else 1

    def x_of(day: date) -> float:
        if len(days) < 2:
            return round((left + right) / 2, 1)
        return round(left + 16 + (right - left - 32) * (day - days[0]).days / span, 1)

    def y_of(value: Number) -> float:
        return round(base - (base - head) * max(0.0, min(1.0, float(value) / top)), 1)

    traces = []
    for label, rows in kept:
        points = [(x_of(day), y_of(value)) for day, value in sorted(rows, key=lambda row: row[0])]
        path = " ".join(f"{'L' if n else 'M'}{x} {y}" for n, (x, y) in enumerate(points))
        traces.append(Trace(label, points, path))
    ends = days if len(days) < 3 else [days[0], days[-1]]
    levels = [(y_of(level), level) for level in range(1, top + 1)]
    return Lines(width, height, left, right, base, traces, [(x_of(day), day) for day in ends], levels)


@dataclass(frozen=True)
class Mark:
    """A choice between two things: what it gains (x), what is left of the other (y), and the name that it is chosen by."""

    label: str
    x: Number
    y: Number
    strong: bool = False


@dataclass(frozen=True)
class Spot:
    """A mark and where it stands; `named` spots carry their label, on the side where there is room."""

    mark: Mark
    x: float
    y: float
    named: bool
    anchor: str


@dataclass(frozen=True)
class Trade:
    """Everything that the drawing of a trade-off curve needs, in units of its view box: neither axis begins at zero, so
    both ends of each are written at it."""

    width: int
    height: int
    left: int
    right: int
    head: int
    base: int
    spots: list[Spot]
    path: str
    ends_x: list[tuple[float, float]]
    ends_y: list[tuple[float, float]]


def trade_of(marks: Iterable[Mark], *, width: int, height: int) -> Trade:
    """The marks in their order as one curve; labels that would lie over one another are left out, but never a strong one."""
    kept = list(marks)
    left, right, head, base = 64, width - 32, 24, height - 44

    def scale(values: list[float], low: int, high: int) -> tuple[float, float, Any]:
        least, most = min(values, default=0.0), max(values, default=0.0)
        span = most - least
        return least, most, lambda v: round(low + (high - low) * ((v - least) / span if span else 0.5), 1)

    least_x, most_x, x_of = scale([float(mark.x) for mark in kept], left + 16, right - 16)
    least_y, most_y, y_of = scale([float(mark.y) for mark in kept], base - 12, head + 12)
    spots: list[Spot] = []
    named = [(x_of(float(mark.x)), y_of(float(mark.y))) for mark in kept if mark.strong]
    for mark in kept:
        x, y = x_of(float(mark.x)), y_of(float(mark.y))
        is_named = mark.strong or all(abs(x - a) >= 30 or abs(y - b) >= 18 for a, b in named)
        if is_named and not mark.strong:
            named.append((x, y))
        spots.append(Spot(mark, x, y, is_named, "end" if x > (left + right) / 2 else "start"))
    path = " ".join(f"{'L' if n else 'M'}{spot.x} {spot.y}" for n, spot in enumerate(spots))
    ends_x = sorted({(x_of(least_x), least_x), (x_of(most_x), most_x)})
    ends_y = sorted({(y_of(least_y), least_y), (y_of(most_y), most_y)})
    return Trade(width, height, left, right, head, base, spots, path, ends_x, ends_y)
