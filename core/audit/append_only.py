"""Append-only tables: the database itself refuses to change or delete their rows; and tables of which nothing is deleted."""

from __future__ import annotations

from typing import Any

from core.audit.guards import Guards

_POSTGRES = """
CREATE OR REPLACE FUNCTION xinhuo_append_only() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'append-only table %%: rows are added, never changed', TG_TABLE_NAME USING ERRCODE = '23514'; END
$$ LANGUAGE plpgsql;
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION xinhuo_append_only();
"""
_POSTGRES_KEPT = """
CREATE OR REPLACE FUNCTION xinhuo_never_deleted() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'table %%: rows are never deleted', TG_TABLE_NAME USING ERRCODE = '23514'; END
$$ LANGUAGE plpgsql;
CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION xinhuo_never_deleted();
"""
_SQLITE_KEPT = """
CREATE TRIGGER {table}_kept BEFORE DELETE ON {table}
BEGIN SELECT RAISE(ABORT, 'table {table}: rows are never deleted'); END;
"""
_SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, 'append-only table {table}: rows are added, never changed'); END;
"""


def append_only(table: str, *, again: bool = False) -> Guards:
    """A migration operation that guards `table` by triggers, on SQLite and on PostgreSQL.

    `again` for a table that was guarded before and has been changed since: SQLite makes such a table anew, and its
    triggers are gone; PostgreSQL has kept them.
    """

    def guard(_apps: Any, schema_editor: Any) -> None:
        with schema_editor.connection.cursor() as cursor:
            if schema_editor.connection.vendor == "postgresql":
                cursor.execute(_POSTGRES.format(table=table).replace("%%", "%"))
            else:
                for verb in ("UPDATE", "DELETE"):
                    cursor.execute(_SQLITE.format(table=table, verb=verb))

    def unguard(_apps: Any, schema_editor: Any) -> None:
        with schema_editor.connection.cursor() as cursor:
            if schema_editor.connection.vendor == "postgresql":
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}")
            else:
                for verb in ("UPDATE", "DELETE"):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")

    def guard_again(apps: Any, schema_editor: Any) -> None:
        unguard(apps, schema_editor)
        guard(apps, schema_editor)

    if again:
        return Guards(guard_again, Guards.noop)
    return Guards(guard, unguard)


def never_deleted(table: str, *, again: bool = False) -> Guards:
    """A migration operation that guards `table` against deleting, on SQLite and on PostgreSQL. Its rows may be changed:
    states move, and what the law has us forget is emptied in its row.

    Once guarded, every later migration that SQLite makes the table anew for has to guard it `again`.
    """

    def guard(_apps: Any, schema_editor: Any) -> None:
        with schema_editor.connection.cursor() as cursor:
            if schema_editor.connection.vendor == "postgresql":
                cursor.execute(_POSTGRES_KEPT.format(table=table).replace("%%", "%"))
            else:
                cursor.execute(_SQLITE_KEPT.format(table=table))

    def unguard(_apps: Any, schema_editor: Any) -> None:
        on = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_kept{on}")

    def guard_again(apps: Any, schema_editor: Any) -> None:
        unguard(apps, schema_editor)
        guard(apps, schema_editor)

    if again:
        return Guards(guard_again, Guards.noop)
    return Guards(guard, unguard)
