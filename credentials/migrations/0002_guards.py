"""The ledger is append-only; a certificate's facts never change and no certificate is ever deleted."""

from typing import Any

from django.db import migrations

from core.audit.append_only import append_only
from core.audit.guards import Guards

FROZEN = (
    *("serial", "code", "person_id", "enrolment_id", "organisation_id", "replaces_id"),
    *("name", "title", "facts", "issued_on", "expires_on"),
)
TABLE = "credentials_certificate"


def guard(_apps: Any, schema_editor: Any) -> None:
    postgres = schema_editor.connection.vendor == "postgresql"
    differs = "IS DISTINCT FROM" if postgres else "IS NOT"
    cast = "::text" if postgres else ""
    changed = " OR ".join(f"OLD.{name}{cast} {differs} NEW.{name}{cast}" for name in FROZEN)
    changed += " OR (OLD.sha256 <> '' AND (OLD.sha256 <> NEW.sha256 OR OLD.file <> NEW.file))"
    # What was revoked or replaced stays so; and no state is made up.
    changed += " OR (OLD.state <> NEW.state AND (OLD.state <> 'valid' OR NEW.state NOT IN ('revoked', 'replaced')))"
    changed += f" OR (OLD.state <> 'valid' AND (OLD.reason <> NEW.reason OR OLD.ended_at {differs} NEW.ended_at))"
    with schema_editor.connection.cursor() as cursor:
        if postgres:
            cursor.execute(
                "CREATE FUNCTION credentials_certificate_frozen() RETURNS trigger AS $$ BEGIN "
                "RAISE EXCEPTION 'what a certificate says is frozen at issue' USING ERRCODE = '23514'; END $$ LANGUAGE plpgsql"
            )
            call = "FOR EACH ROW {} EXECUTE FUNCTION credentials_certificate_frozen()"
            cursor.execute(f"CREATE TRIGGER {TABLE}_frozen BEFORE UPDATE ON {TABLE} " + call.format(f"WHEN ({changed})"))
            cursor.execute(f"CREATE TRIGGER {TABLE}_kept BEFORE DELETE ON {TABLE} " + call.format(""))
        else:
            stop = "BEGIN SELECT RAISE(ABORT, 'what a certificate says is frozen at issue'); END"
            cursor.execute(f"CREATE TRIGGER {TABLE}_frozen BEFORE UPDATE ON {TABLE} WHEN {changed} {stop}")
            cursor.execute(f"CREATE TRIGGER {TABLE}_kept BEFORE DELETE ON {TABLE} {stop}")


def unguard(_apps: Any, schema_editor: Any) -> None:
    on = f" ON {TABLE}" if schema_editor.connection.vendor == "postgresql" else ""
    with schema_editor.connection.cursor() as cursor:
        for name in ("frozen", "kept"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_{name}{on}")


class Migration(migrations.Migration):
    dependencies = [("credentials", "0001_initial")]
    operations = [append_only("credentials_hoursentry"), Guards(guard, unguard)]
