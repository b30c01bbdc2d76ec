"""A yes to a late record is to its very times, and stays; what was answered, released or said at the end, and the dated
rules by which records are judged, never change."""

import datetime
from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

from core.audit.append_only import append_only
from core.audit.guards import Guards

SESSION, LATE = "supervision_session", "supervision_laterecord"
AMENDMENT, TEXT = "supervision_sessionamendment", "supervision_amendmenttext"
HANDOVER = "supervision_handover"
UNAPPROVED = "what was said late counts only when these very times are approved"
DECIDED = "what was decided of a late record never changes, and none is deleted"
ANSWERED = "the text of an answered amendment never changes, and none is deleted"
RELEASED = "a handover that was passed on never changes"
NEWEST = (  # the newest asking of a record, or of a correction
    f"SELECT 1 FROM {LATE} l WHERE l.session_id = {{session}} AND {{about}} AND NOT EXISTS "
    f"(SELECT 1 FROM {LATE} n WHERE n.session_id = l.session_id AND {{same}} AND n.id > l.id) AND {{wrong}}"
)
UNCONFIRMED = "NEW.state = 'confirmed' AND OLD.state <> 'confirmed' AND EXISTS (" + NEWEST.format(
    session="NEW.id",
    about="l.amendment_id IS NULL",
    same="n.amendment_id IS NULL",
    wrong="l.state <> 'void' AND (l.state <> 'approved' OR l.starts_at <> NEW.starts_at OR l.ends_at <> NEW.ends_at)",
) + ")"
UNACCEPTED = "NEW.state = 'accepted' AND OLD.state <> 'accepted' AND EXISTS (" + NEWEST.format(
    session="NEW.session_id",
    about="l.amendment_id = NEW.id",
    same="n.amendment_id = l.amendment_id",
    wrong="(l.state <> 'approved' OR l.starts_at <> NEW.starts_at OR l.ends_at <> NEW.ends_at)",
) + ")"
GUARDS = [  # table, name, when, condition, words
    (SESSION, "late", "UPDATE", UNCONFIRMED, UNAPPROVED),
    (AMENDMENT, "late", "UPDATE", UNACCEPTED, UNAPPROVED),
    (LATE, "decided", "UPDATE", "OLD.state <> 'waiting'", DECIDED),
    (LATE, "kept", "DELETE", "1 = 1", DECIDED),
    (
        TEXT,
        "answered",
        "UPDATE",
        f"EXISTS (SELECT 1 FROM {AMENDMENT} a WHERE a.id = OLD.amendment_id AND a.state <> 'proposed')",
        ANSWERED,
    ),
    (TEXT, "kept", "DELETE", "1 = 1", ANSWERED),
    (HANDOVER, "released", "UPDATE", "OLD.state = 'released'", RELEASED),
    (HANDOVER, "kept", "DELETE", "OLD.state = 'released'", RELEASED),
]
# As it was before: any asking that was not approved.
BEFORE = (
    f"NEW.state = 'confirmed' AND OLD.state <> 'confirmed' AND EXISTS "
    f"(SELECT 1 FROM {LATE} l WHERE l.session_id = NEW.id AND l.state <> 'approved')"
)


def _made(postgres: bool, table: str, name: str, verb: str, condition: str, words: str) -> list[str]:
    if not postgres:
        stop = f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
        return [f"CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table} WHEN {condition} {stop}"]
    result = "OLD" if verb == "DELETE" else "NEW"
    return [
        f"CREATE OR REPLACE FUNCTION {table}_{name}() RETURNS trigger AS $$ BEGIN IF {condition} THEN "
        f"RAISE EXCEPTION '{words}' USING ERRCODE = '23514'; END IF; RETURN {result}; END $$ LANGUAGE plpgsql",
        f"CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_{name}()",
    ]


def _dropped(postgres: bool, table: str, name: str) -> list[str]:
    if not postgres:
        return [f"DROP TRIGGER IF EXISTS {table}_{name}"]
    return [f"DROP TRIGGER IF EXISTS {table}_{name} ON {table}", f"DROP FUNCTION IF EXISTS {table}_{name}()"]


def _run(schema_editor: Any, statements: list[str]) -> None:
    with schema_editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def open_session(_apps: Any, schema_editor: Any) -> None:
    """The former trigger looks into the table that is made anew."""
    _run(schema_editor, _dropped(schema_editor.connection.vendor == "postgresql", SESSION, "late"))


def close_session(_apps: Any, schema_editor: Any) -> None:
    postgres = schema_editor.connection.vendor == "postgresql"
    _run(schema_editor, _made(postgres, SESSION, "late", "UPDATE", BEFORE, UNAPPROVED))


def guard(_apps: Any, schema_editor: Any) -> None:
    postgres = schema_editor.connection.vendor == "postgresql"
    for each in GUARDS:
        _run(schema_editor, _made(postgres, *each))


def unguard(_apps: Any, schema_editor: Any) -> None:
    postgres = schema_editor.connection.vendor == "postgresql"
    for table, name, *_ in GUARDS:
        _run(schema_editor, _dropped(postgres, table, name))


def copy(apps: Any, schema_editor: Any) -> None:
    """Every late record as the first asking of its session, about the times that it has now; a rule counts as entered on
    the day that it began on, as it was taken until now."""
    Asking = apps.get_model("supervision", "LateAsking")
    for row in apps.get_model("supervision", "LateRecord").objects.select_related("session").order_by("asked_at"):
        session = row.session
        said, held = (timezone.localtime(each).date() for each in (session.logged_at, session.starts_at))
        Asking.objects.create(
            session_id=session.pk,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            said_at=session.logged_at,
            allowed=max((said - held).days - row.days, 0),
            **{name: getattr(row, name) for name in ("days", "reason", "state", "asked_at", "decided_at", "answer")},
            decided_by_id=row.decided_by_id,
        )
    zone = timezone.get_current_timezone()
    for rule in apps.get_model("supervision", "LoggingRule").objects.all():
        began = datetime.datetime.combine(rule.starts_on, datetime.time.min, zone)
        rule.entered_at = min(rule.entered_at, began)
        rule.save(update_fields=["entered_at"])
    if schema_editor.connection.vendor == "postgresql":  # nothing may wait when the tables change next
        _run(schema_editor, ["SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED"])


class Migration(migrations.Migration):

    dependencies = [
        ('supervision', '0016_functions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Guards(open_session, close_session),
        migrations.AddField(
            model_name='loggingrule',
            name='entered_at',
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='entered'),
        ),
        migrations.CreateModel(
            name='LateAsking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField(verbose_name='start')),
                ('ends_at', models.DateTimeField(verbose_name='end')),
                ('said_at', models.DateTimeField()),
                ('days', models.PositiveIntegerField(verbose_name='days late')),
                ('allowed', models.PositiveSmallIntegerField(verbose_name='days to record a session')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason for recording it late')),
                ('state', models.CharField(choices=[('waiting', 'Waits for an administrator'), ('approved', 'Approved'), ('declined', 'Declined'), ('void', 'No longer asked')], default='waiting', max_length=8, verbose_name='state')),
                ('asked_at', models.DateTimeField(verbose_name='asked')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                ('answer', models.CharField(blank=True, max_length=300, verbose_name='answer')),
                ('amendment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='late_records', to='supervision.sessionamendment')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('rule', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='supervision.loggingrule')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='late_records', to='supervision.session', verbose_name='session')),
            ],
            options={
                'verbose_name': 'late record',
                'verbose_name_plural': 'late records',
                'ordering': ['-asked_at', '-pk'],
            },
        ),
        migrations.RunPython(copy, migrations.RunPython.noop),
        migrations.DeleteModel(name='LateRecord'),
        migrations.RenameModel('LateAsking', 'LateRecord'),
        migrations.AddConstraint(
            model_name='laterecord',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('session',), name='late_record_one_waits'),
        ),
        migrations.AddConstraint(
            model_name='laterecord',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('state__in', ['waiting', 'void'])), models.Q(('state__in', ['approved', 'declined']), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='late_record_decided_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='laterecord',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'declined'), _negated=True), models.Q(('answer', ''), _negated=True), _connector='OR'), name='late_record_declined_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='laterecord',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'void'), models.Q(('reason', ''), _negated=True), _connector='OR'), name='late_record_asked_with_reason'),
        ),
        append_only("supervision_loggingrule"),
        append_only("supervision_publicationrule"),
        append_only("supervision_supervisionnorm"),
        append_only("supervision_projectevaluation"),
        Guards(guard, unguard),
    ]
