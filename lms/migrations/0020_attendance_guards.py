"""What must never happen in attendance, and two classes of one cohort at one time, refused by the database."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.audit.guards import Guards

TABLE = "lms_classsession"
STOP = "two classes of one cohort overlap"
STANDS = "NEW.cancelled_at IS NULL"
OVERLAP = f"""EXISTS (
SELECT 1 FROM {TABLE} AS other WHERE other.cohort_id = NEW.cohort_id AND other.id <> COALESCE(NEW.id, -1)
AND other.cancelled_at IS NULL AND other.starts_at < NEW.ends_at AND NEW.starts_at < other.ends_at)"""
# A class that does not move is left alone, whatever stood beside it before there was this guard.
MOVES = "UPDATE OF cohort_id, starts_at, ends_at, cancelled_at"


def guard(_apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "postgresql":
            cursor.execute(
                f"CREATE FUNCTION {TABLE}_overlap() RETURNS trigger AS $$ BEGIN "
                f"IF {STANDS} AND {OVERLAP} THEN RAISE EXCEPTION '{STOP}' USING ERRCODE = '23P01'; END IF; "
                "RETURN NEW; END $$ LANGUAGE plpgsql"
            )
            cursor.execute(
                f"CREATE TRIGGER {TABLE}_apart BEFORE INSERT OR {MOVES} ON {TABLE} "
                f"FOR EACH ROW EXECUTE FUNCTION {TABLE}_overlap()"
            )
        else:
            for verb, event in (("insert", "INSERT"), ("update", MOVES)):
                cursor.execute(
                    f"CREATE TRIGGER {TABLE}_apart_{verb} BEFORE {event} ON {TABLE} WHEN {STANDS} AND {OVERLAP} "
                    f"BEGIN SELECT RAISE(ABORT, '{STOP}'); END"
                )


def unguard(_apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "postgresql":
            cursor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_apart ON {TABLE}")
            cursor.execute(f"DROP FUNCTION IF EXISTS {TABLE}_overlap()")
        else:
            for verb in ("insert", "update"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_apart_{verb}")


class Migration(migrations.Migration):
    dependencies = [
        ("lms", "0019_who_asks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AlterField(
            model_name="absencerequest",
            name="applicant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="absencerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", None), ("state", "asked")),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("state__in", ["agreed", "refused"]),
                    ),
                    ("state", "withdrawn"),
                    _connector="OR",
                ),
                name="absence_request_decided_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="absencerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_by", models.F("applicant")), _negated=True),
                name="absence_request_decided_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.UniqueConstraint(
                models.F("makes_up"),
                condition=models.Q(("presence__in", ["late", "left_early", "present"])),
                name="attendance_made_up_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="register",
            constraint=models.CheckConstraint(
                condition=models.Q(("closed_at", None), ("opened_at__isnull", False), _connector="OR"),
                name="register_closed_was_open",
            ),
        ),
        Guards(guard, unguard),
    ]
