"""The ledger and its rules stay append-only, statements are; periods of one person never overlap; the three levels."""

from typing import Any

from django.db import migrations

from core.audit.append_only import append_only
from core.audit.guards import Guards

TABLE = "credentials_registrationperiod"
STOP = "two registration periods of one person overlap"
OVERLAP = f"""EXISTS (
SELECT 1 FROM {TABLE} AS other WHERE other.person_id = NEW.person_id AND other.id <> COALESCE(NEW.id, -1)
AND other.state IN ('declared', 'verified') AND other.starts_on <= NEW.ends_on AND NEW.starts_on <= other.ends_on)"""
IN_FORCE = "NEW.state IN ('declared', 'verified')"
LEVELS = (
    ("assistant", "助理社会工作师", "Assistant social worker", 72),
    ("social_worker", "社会工作师", "Social worker", 90),
    ("senior", "高级社会工作师", "Senior social worker", 90),
)


def guard(_apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "postgresql":
            cursor.execute(
                "CREATE FUNCTION credentials_period_overlap() RETURNS trigger AS $$ BEGIN "
                f"IF {IN_FORCE} AND {OVERLAP} THEN RAISE EXCEPTION '{STOP}' USING ERRCODE = '23P01'; END IF; "
                "RETURN NEW; END $$ LANGUAGE plpgsql"
            )
            cursor.execute(
                f"CREATE TRIGGER {TABLE}_apart BEFORE INSERT OR UPDATE ON {TABLE} "
                "FOR EACH ROW EXECUTE FUNCTION credentials_period_overlap()"
            )
        else:
            for verb in ("INSERT", "UPDATE"):
                cursor.execute(
                    f"CREATE TRIGGER {TABLE}_apart_{verb} BEFORE {verb} ON {TABLE} WHEN {IN_FORCE} AND {OVERLAP} "
                    f"BEGIN SELECT RAISE(ABORT, '{STOP}'); END"
                )


def unguard(_apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "postgresql":
            cursor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_apart ON {TABLE}")
            cursor.execute("DROP FUNCTION IF EXISTS credentials_period_overlap()")
        else:
            for verb in ("INSERT", "UPDATE"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_apart_{verb}")


def levels(apps: Any, _schema_editor: Any) -> None:
    """As the national rule has them; names and targets are the operator's to edit."""
    model = apps.get_model("credentials", "QualificationLevel")
    for position, (code, name, name_en, hours) in enumerate(LEVELS, start=1):
        values = {"name": name, "name_en": name_en, "target_hours": hours, "position": position}
        model.objects.get_or_create(code=code, defaults=values)


class Migration(migrations.Migration):
    dependencies = [("credentials", "0004_hours_and_periods")]
    operations = [
        append_only("credentials_hoursentry", again=True),
        append_only("credentials_hoursrule", again=True),
        append_only("credentials_hoursstatement"),
        Guards(guard, unguard),
        migrations.RunPython(levels, migrations.RunPython.noop),
    ]
