"""What never changes of signing keys and of what they signed, said to the database."""

from importlib import import_module
from typing import Any

_guards = import_module("credentials.migrations.0002_guards")

CERTIFICATE, KEY = "credentials_certificate", "credentials_signingkey"
KEY_FROZEN = ("purpose", "fingerprint", "public_key", "certificate", "starts_at", "expires_at")


def unguard_certificates(apps: Any, schema_editor: Any) -> None:
    """The guard steps aside: SQLite makes a table anew that gets a column."""
    _guards.unguard(apps, schema_editor)
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION IF EXISTS credentials_certificate_frozen()")


def guard(apps: Any, schema_editor: Any) -> None:
    """As before; besides, the key of a file never changes, nor the kind of reason, nor what a signing key is."""
    _guards.guard(apps, schema_editor)
    postgres = schema_editor.connection.vendor == "postgresql"
    differs = "IS DISTINCT FROM" if postgres else "IS NOT"
    kept = f"OLD.sha256 <> '' AND OLD.signed_with_id {differs} NEW.signed_with_id"
    kept += " OR (OLD.state <> 'valid' AND OLD.reason_class <> NEW.reason_class)"
    same = " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in KEY_FROZEN)
    same += " OR (OLD.state <> NEW.state AND NOT ((OLD.state = 'active' AND NEW.state IN ('retired', 'withdrawn'))"
    same += " OR (OLD.state = 'retired' AND NEW.state = 'withdrawn')))"
    _trigger(schema_editor, f"{CERTIFICATE}_signed", CERTIFICATE, "UPDATE", kept)
    _trigger(schema_editor, f"{KEY}_frozen", KEY, "UPDATE", same)
    _trigger(schema_editor, f"{KEY}_kept", KEY, "DELETE", "")


def _trigger(schema_editor: Any, name: str, table: str, verb: str, condition: str) -> None:
    when = f"WHEN ({condition})" if condition else ""
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW {when} "
                "EXECUTE FUNCTION credentials_certificate_frozen()"
            )
        else:
            stop = "BEGIN SELECT RAISE(ABORT, 'keys and what they signed are never changed'); END"
            cursor.execute(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {when} {stop}")


def unguard(apps: Any, schema_editor: Any) -> None:
    postgres = schema_editor.connection.vendor == "postgresql"
    with schema_editor.connection.cursor() as cursor:
        for name, table in ((f"{CERTIFICATE}_signed", CERTIFICATE), (f"{KEY}_frozen", KEY), (f"{KEY}_kept", KEY)):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if postgres else ""))
    unguard_certificates(apps, schema_editor)
