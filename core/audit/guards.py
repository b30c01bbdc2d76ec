"""What the database itself refuses, beyond what a constraint can say: triggers, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

Step = Callable[[Any, Any], None]
Rules = Mapping[str, tuple[str, str, str]]


class Guards(migrations.RunPython):
    """A RunPython whose steps only set and drop triggers, and so get no models (None for `apps`).

    Django would build the models of all apps anew for each: that was half of the time an empty database took.
    """

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        step: Any = self.code
        step(None, schema_editor)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        step: Any = self.reverse_code
        step(None, schema_editor)


def changed(names: Iterable[str], differs: str, *, texts: Collection[str] = (), cast: str = "") -> str:
    """The condition that one of these columns is no longer what it was. `differs` and `cast` are what `refusing` hands over;
    `texts` are the columns that are compared as text."""
    sides = ((f"{row}.{name}{cast if name in texts else ''}" for row in ("OLD", "NEW")) for name in names)
    return "(" + " OR ".join(f"{old} {differs} {new}" for old, new in sides) + ")"


def refusing(stop: str, rules: Callable[[str, str], Rules]) -> tuple[Step, Step]:
    """The two steps (set, drop) of triggers that refuse rows with the words `stop`.

    `rules` gets how two values are compared so that NULL counts as one, and what follows the name of a JSON column, which
    PostgreSQL compares as text only; it answers for each trigger's name the table, the verb, and the condition on which
    the row is refused.
    """

    def guard(_apps: Any, schema_editor: Any) -> None:
        postgres = schema_editor.connection.vendor == "postgresql"
        found = rules("IS DISTINCT FROM", "::text") if postgres else rules("IS NOT", "")
        with schema_editor.connection.cursor() as cursor:
            for name, (table, verb, condition) in found.items():
                if not postgres:
                    cursor.execute(
                        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN {condition} "
                        f"BEGIN SELECT RAISE(ABORT, '{stop}'); END"
                    )
                    continue
                cursor.execute(
                    f"CREATE FUNCTION {name}() RETURNS trigger AS $$ BEGIN IF {condition} THEN "
                    f"RAISE EXCEPTION '{stop}' USING ERRCODE = '23514'; END IF; RETURN NEW; END $$ LANGUAGE plpgsql"
                )
                cursor.execute(
                    f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
                )

    def unguard(_apps: Any, schema_editor: Any) -> None:
        postgres = schema_editor.connection.vendor == "postgresql"
        with schema_editor.connection.cursor() as cursor:
            for name, (table, _verb, _condition) in rules("IS NOT", "").items():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if postgres else ""))
                if postgres:
                    cursor.execute(f"DROP FUNCTION IF EXISTS {name}()")

    return guard, unguard


def refusing_saved(table: str, *, stop: str, condition: str, function: str) -> tuple[Step, Step]:
    """The two steps (set, drop) of what refuses rows of `table` with the words `stop` however they are saved, added or changed;
    `function` is the name of what PostgreSQL calls, and its error that of an exclusion."""
    verbs = ("INSERT", "UPDATE")

    def guard(_apps: Any, schema_editor: Any) -> None:
        with schema_editor.connection.cursor() as cursor:
            if schema_editor.connection.vendor == "postgresql":
                cursor.execute(
                    f"CREATE FUNCTION {function}() RETURNS trigger AS $$ BEGIN "
                    f"IF {condition} THEN RAISE EXCEPTION '{stop}' USING ERRCODE = '23P01'; END IF; "
                    "RETURN NEW; END $$ LANGUAGE plpgsql"
                )
                cursor.execute(
                    f"CREATE TRIGGER {table}_apart BEFORE {' OR '.join(verbs)} ON {table} "
                    f"FOR EACH ROW EXECUTE FUNCTION {function}()"
                )
                return
            for verb in verbs:
                cursor.execute(
                    f"CREATE TRIGGER {table}_apart_{verb} BEFORE {verb} ON {table} WHEN {condition} "
                    f"BEGIN SELECT RAISE(ABORT, '{stop}'); END"
                )

    def unguard(_apps: Any, schema_editor: Any) -> None:
        with schema_editor.connection.cursor() as cursor:
            if schema_editor.connection.vendor == "postgresql":
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_apart ON {table}")
                cursor.execute(f"DROP FUNCTION IF EXISTS {function}()")
                return
            for verb in verbs:
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_apart_{verb}")

    return guard, unguard
