"""What the database itself refuses, beyond what a constraint can say: triggers, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
