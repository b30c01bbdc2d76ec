"""What a fixture makes the same way for nearly every test is made once, and after that put back as rows.

Making it by the models takes a quarter of all tests' time; a dozen INSERTs of what came of it take a few milliseconds.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

Row = tuple[Any, ...]
Rows = dict[str, set[Row]]


@dataclass(frozen=True)
class Made:
    """What came of making it once: the rows that went or were changed, by their keys, the rows as they are since, and the
    objects as they were given and made."""

    gone: list[tuple[str, list[Row]]]
    rows: list[tuple[str, list[Row]]]
    given: Any
    made: Any

    def put_back(self) -> None:
        """Do to the database what making it has done. At the end of it all that the rows refer to is there."""
        with transaction.atomic(), connection.cursor() as cursor:
            for delete, keys in self.gone:
                cursor.executemany(delete, keys)
            for table, rows in self.rows:
                marks = ", ".join(["%s"] * len(rows[0]))
                cursor.executemany(f'INSERT INTO "{table}" VALUES ({marks}) ON CONFLICT DO NOTHING', rows)


class Kept:
    """What `make` makes of nothing, or of something that is kept itself.

    It is kept for the day (roles run from days that are reckoned from it), for whom it is given and for what it refers to:
    groups and content types. In a database that has something already, in the table `alone`, `make` is called as if nothing
    were kept.
    """

    def __init__(self, make: Callable[..., Any], *, alone: str) -> None:
        self.make = make
        self.alone = alone
        self.known: dict[Any, Made] = {}

    def get(self, *given: dict[str, Any]) -> Any:
        """What `make(*given)` would give."""
        if _query(f"SELECT 1 FROM {self.alone} LIMIT 1"):
            return self.make(*given)
        key = (*_surroundings(), tuple(row.pk for rows in given for row in rows.values()))
        if key not in self.known:
            return self._make_and_keep(key, given)
        kept = self.known[key]
        kept.put_back()
        memo = {}
        for old, new in zip(kept.given, given, strict=True):
            memo |= {id(old[name]): row for name, row in new.items()}
        return copy.deepcopy(kept.made, memo)

    def _make_and_keep(self, key: Any, given: tuple[Any, ...]) -> Any:
        before = _all_rows()
        made = self.make(*given)
        after = _all_rows()
        gone = [(table, rows - after[table]) for table, rows in before.items()]
        added = [(table, list(rows - before[table])) for table, rows in after.items()]
        gone_by_key = [_by_key(table, rows) for table, rows in gone if rows]
        self.known[key] = Made(
            gone_by_key, [each for each in added if each[1]], *copy.deepcopy((given, made))
        )
        return made


def _by_key(table: str, rows: set[Row]) -> tuple[str, list[Row]]:
    """The statement that deletes a row by its key, and the keys of these rows."""
    with connection.cursor() as cursor:
        names = connection.introspection.get_primary_key_columns(cursor, table)
        cursor.execute(f'SELECT * FROM "{table}" LIMIT 0')
        columns = [column[0] for column in cursor.description]
    places = [columns.index(name) for name in names]
    wanted = " AND ".join(f'"{name}" = %s' for name in names)
    return f'DELETE FROM "{table}" WHERE {wanted}', [tuple(row[place] for place in places) for row in rows]


def _surroundings() -> tuple[Any, ...]:
    groups = _query("SELECT id, name FROM auth_group ORDER BY id")
    types = _query("SELECT MIN(id), MAX(id) FROM django_content_type")
    return timezone.localdate(), tuple(groups), tuple(types)


def _query(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def _all_rows() -> Rows:
    """SQLite's full texts are left out: its triggers fill them from the table beside them."""
    tables = connection.introspection.django_table_names(only_existing=True)
    return {table: set(_query(f'SELECT * FROM "{table}"')) for table in tables if not table.endswith("_fts")}
