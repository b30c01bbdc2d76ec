"""What was proposed to be agreed on never changes, nor does who accepted it and what was said about it."""

from typing import Any

from django.db import migrations

from core.audit.append_only import append_only
from core.audit.guards import Guards

TABLE = "supervision_agreementtext"
FROZEN = "the text of a proposed agreement never changes"


def guard(_apps: Any, schema_editor: Any) -> None:
    statements = [
        f"CREATE TRIGGER {TABLE}_{name} BEFORE {verb} ON {TABLE} WHEN OLD.text_hash <> '' "
        f"BEGIN SELECT RAISE(ABORT, '{FROZEN}'); END"
        for name, verb in (("frozen", "UPDATE"), ("kept", "DELETE"))
    ]
    if schema_editor.connection.vendor == "postgresql":
        statements = [
            f"CREATE FUNCTION {TABLE}_frozen() RETURNS trigger AS $$ BEGIN "
            f"RAISE EXCEPTION '{FROZEN}' USING ERRCODE = '23514'; END $$ LANGUAGE plpgsql",
            *(
                f"CREATE TRIGGER {TABLE}_{name} BEFORE {verb} ON {TABLE} FOR EACH ROW "
                f"WHEN (OLD.text_hash <> '') EXECUTE FUNCTION {TABLE}_frozen()"
                for name, verb in (("frozen", "UPDATE"), ("kept", "DELETE"))
            ),
        ]
    with schema_editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def unguard(_apps: Any, schema_editor: Any) -> None:
    postgres = schema_editor.connection.vendor == "postgresql"
    with schema_editor.connection.cursor() as cursor:
        for name in ("frozen", "kept"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_{name}" + (f" ON {TABLE}" if postgres else ""))
        if postgres:
            cursor.execute(f"DROP FUNCTION IF EXISTS {TABLE}_frozen()")


class Migration(migrations.Migration):
    dependencies = [("supervision", "0007_handovers")]
    operations = [
        append_only("supervision_agreementacceptance"),
        append_only("supervision_agreementremark"),
        Guards(guard, unguard),
    ]
