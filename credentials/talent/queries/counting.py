"""All numbers of a search in one statement, which reads each row once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Case, Q, Value, When

from credentials.talent.models import ProfileQuerySet

ROWS = "WITH fit (kind, years, fields, path, is_listed, fits, of_field) AS ("
NUMBERS = (
    "COUNT(*) FILTER (WHERE is_listed AND of_field), COUNT(*) FILTER (WHERE NOT is_listed AND of_field), "
    "COUNT(*) FILTER (WHERE is_listed AND fits), COUNT(*) FILTER (WHERE is_listed AND fits AND of_field) "
    "FROM fit GROUP BY"
)
TOGETHER = f") SELECT kind, years, fields, path, {NUMBERS} GROUPING SETS ((kind, years), (fields), (path))"
# The same for a database without grouping sets, which reads the rows three times.
ONE_BY_ONE = (
    f") SELECT kind, years, NULL, NULL, {NUMBERS} kind, years "
    f"UNION ALL SELECT NULL, NULL, fields, NULL, {NUMBERS} fields "
    f"UNION ALL SELECT NULL, NULL, NULL, path, {NUMBERS} path"
)


@dataclass
class Numbers:
    """How many people there are: of each kind and span of years (those listed, those who are not); of those listed who fit
    every chosen facet, by the employer's path, and by service field whichever field is chosen."""

    kinds: list[tuple[str, int, int, int]] = field(default_factory=list)
    fields: Counter[int] = field(default_factory=Counter)
    paths: Counter[str] = field(default_factory=Counter)


def numbers_of(rows: ProfileQuerySet, *, years: Any, listed: Q, fits: Q, of_field: Q) -> Numbers:
    """Count these rows; `years` is the expression of a row's span of practice. One statement."""
    found = Numbers()
    asked = rows.order_by().annotate(
        span_of_years=years,
        listed_here=_whether(listed),
        fits=_whether(fits),
        of_field=_whether(of_field),
    )
    for kind, span, fields, path, *numbers in _counted(
        asked.values_list("kind", "span_of_years", "fields", "path", "listed_here", "fits", "of_field")
    ):
        shown, hidden, fitting, fitting_field = numbers
        if kind is not None:
            found.kinds.append((kind, span, shown, hidden))
        elif path is not None:
            found.paths[path] += fitting_field
        else:
            for each in fields.split(",")[1:-1]:
                found.fields[int(each)] += fitting
    return found


def _whether(condition: Q) -> Any:
    if not condition:
        return Value(True)
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _counted(rows: Any) -> Iterator[Any]:
    try:
        sql, values = rows.query.sql_with_params()
    except EmptyResultSet:  # a reader whose tree is empty
        return
    tail = TOGETHER if connection.vendor == "postgresql" else ONE_BY_ONE
    with connection.cursor() as cursor:
        cursor.execute("".join((ROWS, sql, tail)), values)
        yield from cursor.fetchall()
