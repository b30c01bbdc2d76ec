"""No score between a panel member and a nominee with a conflict of interest, said to the database."""

from typing import Any

TABLE = "credentials_panelscore"
STOP = "a conflict of interest lies between this member and this nominee"
CONFLICT = """EXISTS (
SELECT 1 FROM credentials_panelconflict AS c WHERE c.member_id = NEW.member_id AND c.nomination_id = NEW.nomination_id)"""


def guard(_apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "postgresql":
            cursor.execute(
                "CREATE FUNCTION credentials_no_conflict() RETURNS trigger AS $$ BEGIN "
                f"IF {CONFLICT} THEN RAISE EXCEPTION '{STOP}' USING ERRCODE = '23P01'; END IF; "
                "RETURN NEW; END $$ LANGUAGE plpgsql"
            )
            cursor.execute(
                f"CREATE TRIGGER {TABLE}_apart BEFORE INSERT OR UPDATE ON {TABLE} "
                "FOR EACH ROW EXECUTE FUNCTION credentials_no_conflict()"
            )
        else:
            for verb in ("INSERT", "UPDATE"):
                cursor.execute(
                    f"CREATE TRIGGER {TABLE}_apart_{verb} BEFORE {verb} ON {TABLE} WHEN {CONFLICT} "
                    f"BEGIN SELECT RAISE(ABORT, '{STOP}'); END"
                )


def unguard(_apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "postgresql":
            cursor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_apart ON {TABLE}")
            cursor.execute("DROP FUNCTION IF EXISTS credentials_no_conflict()")
        else:
            for verb in ("INSERT", "UPDATE"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_apart_{verb}")
