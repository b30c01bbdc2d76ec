"""No two live internships of one person overlap, said to the database."""

from typing import Any

TABLE = "credentials_internship"
STOP = "two internships of one person overlap"
OVERLAP = f"""NEW.state <> 'cancelled' AND EXISTS (
SELECT 1 FROM {TABLE} AS other WHERE other.person_id = NEW.person_id AND other.id <> COALESCE(NEW.id, -1)
AND other.state <> 'cancelled' AND other.starts_on <= NEW.ends_on AND NEW.starts_on <= other.ends_on)"""


def guard(_apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "postgresql":
            cursor.execute(
                "CREATE FUNCTION credentials_internships_overlap() RETURNS trigger AS $$ BEGIN "
                f"IF {OVERLAP} THEN RAISE EXCEPTION '{STOP}' USING ERRCODE = '23P01'; END IF; "
                "RETURN NEW; END $$ LANGUAGE plpgsql"
            )
            cursor.execute(
                f"CREATE TRIGGER {TABLE}_apart BEFORE INSERT OR UPDATE ON {TABLE} "
                "FOR EACH ROW EXECUTE FUNCTION credentials_internships_overlap()"
            )
        else:
            for verb in ("INSERT", "UPDATE"):
                cursor.execute(
                    f"CREATE TRIGGER {TABLE}_apart_{verb} BEFORE {verb} ON {TABLE} WHEN {OVERLAP} "
                    f"BEGIN SELECT RAISE(ABORT, '{STOP}'); END"
                )


def unguard(_apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "postgresql":
            cursor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_apart ON {TABLE}")
            cursor.execute("DROP FUNCTION IF EXISTS credentials_internships_overlap()")
        else:
            for verb in ("INSERT", "UPDATE"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_apart_{verb}")
