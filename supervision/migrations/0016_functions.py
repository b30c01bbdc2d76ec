"""Functions that a place adds to the three: kept under their names for good, never twice at once, and known to every record."""

from typing import Any

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

from core.audit.guards import Guards

LOCAL = "supervision_localfunction"
RECORDS = ("supervision_session", "supervision_sessionamendment", "supervision_gathering")
KEPT = "a local function is never deleted, and nothing of it but its last day changes"
TWICE = "this function is in force there in those days already"
UNKNOWN = "a record has only functions that there are"
FIXED = ("organisation_id", "name", "starts_on", "source")
OVERLAP = (
    f"EXISTS (SELECT 1 FROM {LOCAL} f WHERE f.id <> NEW.id AND f.organisation_id = NEW.organisation_id "
    "AND f.name = NEW.name AND (f.ends_on IS NULL OR f.ends_on >= NEW.starts_on) "
    "AND (NEW.ends_on IS NULL OR f.starts_on <= NEW.ends_on))"
)
THREE = "('administrative', 'educational', 'supportive')"


def _unknown(elements: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM {elements} WHERE j.value NOT IN {THREE} "
        f"AND NOT EXISTS (SELECT 1 FROM {LOCAL} f WHERE f.name = j.value))"
    )


def _wanted(postgres: bool) -> list[tuple[str, str, str, str, str]]:
    """(table, name, when, condition, words) of every trigger."""
    differs = "IS DISTINCT FROM" if postgres else "IS NOT"
    changed = " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in FIXED)
    elements = "jsonb_array_elements_text(NEW.functions) AS j(value)" if postgres else "json_each(NEW.functions) j"
    # SQLite knows the number of a new row only after it is there.
    moment = "BEFORE" if postgres else "AFTER"
    return [
        (LOCAL, "kept", "BEFORE UPDATE", changed, KEPT),
        (LOCAL, "never_deleted", "BEFORE DELETE", "1 = 1", KEPT),
        (LOCAL, "once", f"{moment} INSERT", OVERLAP, TWICE),
        (LOCAL, "once_still", f"{moment} UPDATE", OVERLAP, TWICE),
        *((table, "functions_new", "BEFORE INSERT", _unknown(elements), UNKNOWN) for table in RECORDS),
        *((table, "functions_known", "BEFORE UPDATE", _unknown(elements), UNKNOWN) for table in RECORDS),
    ]


def guard(_apps: Any, schema_editor: Any) -> None:
    postgres = schema_editor.connection.vendor == "postgresql"
    with schema_editor.connection.cursor() as cursor:
        for table, name, when, condition, words in _wanted(postgres):
            if not postgres:
                stop = f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
                cursor.execute(f"CREATE TRIGGER {table}_{name} {when} ON {table} WHEN {condition} {stop}", None)
                continue
            result = "OLD" if when.endswith("DELETE") else "NEW"
            cursor.execute(
                f"CREATE FUNCTION {table}_{name}() RETURNS trigger AS $$ BEGIN IF {condition} THEN RAISE EXCEPTION "
                f"'{words}' USING ERRCODE = '23514'; END IF; RETURN {result}; END $$ LANGUAGE plpgsql",
                None,
            )
            cursor.execute(
                f"CREATE TRIGGER {table}_{name} {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_{name}()", None
            )


def unguard(_apps: Any, schema_editor: Any) -> None:
    postgres = schema_editor.connection.vendor == "postgresql"
    with schema_editor.connection.cursor() as cursor:
        for table, name, *_rest in _wanted(postgres):
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{name}" + (f" ON {table}" if postgres else ""))
            if postgres:
                cursor.execute(f"DROP FUNCTION IF EXISTS {table}_{name}()")


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0012_said_in_both_languages'),
        ('supervision', '0015_pair_wishes'),
    ]

    operations = [
        migrations.CreateModel(
            name='LocalFunction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=20, validators=[django.core.validators.RegexValidator('\\A[^\\W_][\\w·-]*\\Z', 'One word without spaces: letters, digits, hyphens and “·” only.')], verbose_name='name')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='until')),
                ('source', models.CharField(max_length=200, verbose_name='source')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation', verbose_name='organisation')),
            ],
            options={
                'verbose_name': 'local function',
                'verbose_name_plural': 'local functions',
                'ordering': ['organisation__path', 'name', '-starts_on', 'pk'],
                'constraints': [models.UniqueConstraint(models.F('organisation'), models.F('name'), models.F('starts_on'), name='local_function_once_a_day'), models.UniqueConstraint(condition=models.Q(('ends_on', None)), fields=('organisation', 'name'), name='local_function_once_open'), models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='local_function_days_in_order'), models.CheckConstraint(condition=models.Q(models.Q(('name__in', ('', 'administrative', 'educational', 'supportive', 'Administrative', 'Educational', 'Supportive', '行政', '教育', '支持', '行政性', '教育性', '支持性')), _negated=True), models.Q(('source', ''), _negated=True)), name='local_function_is_another')],
            },
        ),
        Guards(guard, unguard),
    ]
