"""What a fixture makes the same way for nearly every test is made once, and after that put back as rows.

Making it by the models takes a quarter of all tests' time; a dozen INSERTs of what came of it take a few milliseconds.
"""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db import connection
from django.utils import timezone

Made = TypeVar("Made")
Rows = dict[str, set[tuple[Any, ...]]]


class Kept(Generic[Made]):
    """What `make` made, and the rows that it left in the database.

    They are good for the day on which they were made (roles run from days that are reckoned from it), and for a
    database in which nobody is yet: anywhere else `make` is called as if there were nothing kept.
    """

    def __init__(self, make: Callable[..., Made], *, alone: str) -> None:
        self.make = make
        self.alone = alone  # the table that must be empty
        self.day: datetime.date | None = None
        self.rows: list[tuple[str, list[tuple[Any, ...]]]] = []
        self.given: Any = None
        self.made: Made | None = None

    def get(self, given: Any = None) -> Made:
        """What `make(given)` would give; `given` is what it stands on, as it was kept itself."""
        arguments = () if given is None else (given,)
        if self._someone():
            return self.make(*arguments)
        if self.day != timezone.localdate():
            before = _all_rows()
            made = self.make(*arguments)
            after = _all_rows()
            self.rows = [(table, list(rows - before[table])) for table, rows in after.items()]
            self.rows = [(table, rows) for table, rows in self.rows if rows]
            gone = [table for table, rows in before.items() if rows - after[table]]
            self.day = (
                None if gone else timezone.localdate()
            )  # what also changes rows cannot be put back by adding some
            self.given, self.made = copy.deepcopy((given, made))
            return made
        for table, rows in self.rows:
            marks = ", ".join(["%s"] * len(rows[0]))
            with connection.cursor() as cursor:
                name = connection.ops.quote_name(table)
                cursor.executemany(f"INSERT INTO {name} VALUES ({marks}) ON CONFLICT DO NOTHING", rows)
        memo: dict[int, Any] = {}
        if isinstance(given, dict):
            memo = {id(self.given[name]): row for name, row in given.items()}
        return copy.deepcopy(self.made, memo)

    def _someone(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(self.alone)} LIMIT 1")
            return cursor.fetchone() is not None


def _all_rows() -> Rows:
    found: Rows = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True):
            if table.endswith("_fts"):  # SQLite's triggers fill it from the table beside it
                continue
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found[table] = set(cursor.fetchall())
    return found
