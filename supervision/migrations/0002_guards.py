"""A session's minutes are its end minus its start; confirmed, it never changes; what was written stays as written."""

from typing import Any

from django.db import migrations

from core.audit.append_only import append_only
from core.audit.guards import Guards

TABLE, CONTENT = "supervision_session", "supervision_sessioncontent"
LOCKED = "a confirmed session never changes, and no session is deleted"
WRONG = "the minutes of a session are its end minus its start"
CLOSED = "nothing is added to a confirmed session"
CONFIRMED = f"EXISTS (SELECT 1 FROM {TABLE} s WHERE s.id = NEW.session_id AND s.state = 'confirmed')"


def _postgres() -> list[str]:
    def function(name: str, words: str, condition: str = "TRUE", result: str = "NEW") -> str:
        return (
            f"CREATE FUNCTION {name}() RETURNS trigger AS $$ BEGIN IF {condition} THEN "
            f"RAISE EXCEPTION '{words}' USING ERRCODE = '23514'; END IF; RETURN {result}; END $$ LANGUAGE plpgsql"
        )

    wrong = "NEW.minutes * 60 <> EXTRACT(EPOCH FROM NEW.ends_at - NEW.starts_at)"
    call = "FOR EACH ROW {} EXECUTE FUNCTION {}()"
    return [
        function("supervision_session_locked", LOCKED),
        function("supervision_session_timed", WRONG, wrong),
        function("supervision_content_closed", CLOSED, CONFIRMED),
        f"CREATE TRIGGER {TABLE}_locked BEFORE UPDATE ON {TABLE} "
        + call.format("WHEN (OLD.state = 'confirmed')", "supervision_session_locked"),
        f"CREATE TRIGGER {TABLE}_kept BEFORE DELETE ON {TABLE} " + call.format("", "supervision_session_locked"),
        f"CREATE TRIGGER {TABLE}_timed BEFORE INSERT OR UPDATE ON {TABLE} "
        + call.format("", "supervision_session_timed"),
        f"CREATE TRIGGER {CONTENT}_closed BEFORE INSERT ON {CONTENT} "
        + call.format("", "supervision_content_closed"),
    ]


def _sqlite() -> list[str]:
    def stop(words: str) -> str:
        return f"BEGIN SELECT RAISE(ABORT, '{words}'); END"

    wrong = "NEW.minutes * 60 <> strftime('%s', NEW.ends_at) - strftime('%s', NEW.starts_at)"
    return [
        f"CREATE TRIGGER {TABLE}_locked BEFORE UPDATE ON {TABLE} WHEN OLD.state = 'confirmed' {stop(LOCKED)}",
        f"CREATE TRIGGER {TABLE}_kept BEFORE DELETE ON {TABLE} {stop(LOCKED)}",
        f"CREATE TRIGGER {TABLE}_timed BEFORE INSERT ON {TABLE} WHEN {wrong} {stop(WRONG)}",
        f"CREATE TRIGGER {TABLE}_timed_again BEFORE UPDATE ON {TABLE} WHEN {wrong} {stop(WRONG)}",
        f"CREATE TRIGGER {CONTENT}_closed BEFORE INSERT ON {CONTENT} WHEN {CONFIRMED} {stop(CLOSED)}",
    ]


def guard(_apps: Any, schema_editor: Any) -> None:
    statements = _postgres() if schema_editor.connection.vendor == "postgresql" else _sqlite()
    with schema_editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def unguard(_apps: Any, schema_editor: Any) -> None:
    postgres = schema_editor.connection.vendor == "postgresql"
    triggers = [(TABLE, name) for name in ("locked", "kept", "timed")] + [(CONTENT, "closed")]
    if not postgres:
        triggers.append((TABLE, "timed_again"))
    with schema_editor.connection.cursor() as cursor:
        for table, name in triggers:
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{name}" + (f" ON {table}" if postgres else ""))
        if postgres:
            for name in ("session_locked", "session_timed", "content_closed"):
                cursor.execute(f"DROP FUNCTION IF EXISTS supervision_{name}()")


class Migration(migrations.Migration):
    dependencies = [("supervision", "0001_initial")]
    operations = [
        append_only("supervision_sessioncontent"),
        append_only("supervision_sessionremark"),
        Guards(guard, unguard),
    ]
