"""A yes to a late gathering is to its very time and to everybody's minutes, and stays: each asking is a row of its own."""

from importlib import import_module
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.audit.guards import Guards
from django.utils import timezone

former = import_module("supervision.migrations.0021_circle_depth")
AMENDMENT, GATHERING, LATE, PART = former.AMENDMENT, former.GATHERING, former.LATE, former.PART
UNAPPROVED = "what was said late counts only when this very time and these very minutes are approved"
DECIDED = "what was decided of a late gathering never changes, and none is deleted"
OF_RECORD = (
    "({0}.amendment_id IS NULL OR EXISTS "
    f"(SELECT 1 FROM {AMENDMENT} a WHERE a.id = {{0}}.amendment_id AND a.state = 'accepted'))"
)
NEWEST = (  # the newest asking about the record as it stands, or about a correction
    f"EXISTS (SELECT 1 FROM {LATE} l WHERE l.gathering_id = NEW.{{gathering}} AND {{about}} AND NOT EXISTS "
    f"(SELECT 1 FROM {LATE} n WHERE n.gathering_id = l.gathering_id AND {{same}} AND n.id > l.id) "
    "AND l.state <> 'void' AND (l.state <> 'approved' OR {wrong}))"
)
HELD = (
    f"NOT EXISTS (SELECT 1 FROM {GATHERING} g WHERE g.id = NEW.gathering_id AND g.starts_at = l.starts_at "
    "AND g.ends_at = l.ends_at)"
)
COPIED = ("days", "state", "asked_at", "decided_at", "answer")


def _guards(differs: str, minutes: str) -> list[tuple[str, str, str, str, str]]:
    """(table, name, verb, words, condition) of every trigger; `differs` is how a value is told to be another."""
    about, same = OF_RECORD.format("l"), OF_RECORD.format("n")
    wrong = f"{HELD} OR {minutes} {differs} NEW.minutes"
    part = NEWEST.format(gathering="gathering_id", about=about, same=same, wrong=wrong)
    amended = NEWEST.format(
        gathering="gathering_id",
        about="l.amendment_id = NEW.id",
        same="n.amendment_id = l.amendment_id",
        wrong="l.starts_at <> NEW.starts_at OR l.ends_at <> NEW.ends_at",
    )
    changed = " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in former.FACTS)
    accepted = f"{former.ACCEPTED} AND NOT (a.functions {differs} NEW.functions OR a.shares {differs} NEW.shares)"
    locked = f"{former.former._confirmed('OLD.id')} AND ({changed}) AND NOT ({former.SAME} AND EXISTS ({accepted}))"
    asked = ("gathering_id", "amendment_id", "starts_at", "ends_at", "came", "said_at")
    other = " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in asked)
    return [
        (GATHERING, "locked", "UPDATE", former.LOCKED, locked),
        (PART, "late", "UPDATE", UNAPPROVED, f"NEW.state = 'confirmed' AND OLD.state <> 'confirmed' AND {part}"),
        (AMENDMENT, "late", "UPDATE", UNAPPROVED, f"NEW.state = 'accepted' AND OLD.state <> 'accepted' AND {amended}"),
        (LATE, "decided", "UPDATE", DECIDED, f"OLD.state <> 'waiting' OR {other}"),
        (LATE, "kept", "DELETE", DECIDED, "1 = 1"),
    ]


def _statements(postgres: bool) -> list[str]:
    if not postgres:
        minutes = "json_extract(l.came, '$.\"' || NEW.person_id || '\"')"
        return [
            f"CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table} WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
            for table, name, verb, words, condition in _guards("IS NOT", minutes)
        ]
    made = []
    minutes = "(l.came ->> NEW.person_id::text)::int"
    for table, name, verb, words, condition in _guards("IS DISTINCT FROM", minutes):
        result = "OLD" if verb == "DELETE" else "NEW"
        made += [
            f"CREATE FUNCTION {table}_{name}() RETURNS trigger AS $$ BEGIN IF {condition} THEN RAISE EXCEPTION "
            f"'{words}' USING ERRCODE = '23514'; END IF; RETURN {result}; END $$ LANGUAGE plpgsql",
            f"CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_{name}()",
        ]
    return made


def _run(schema_editor: Any, statements: list[str]) -> None:
    with schema_editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, None)


def unguard(_apps: Any, schema_editor: Any) -> None:
    postgres = schema_editor.connection.vendor == "postgresql"
    for table, name, *_rest in _guards("=", "1"):
        dropped = [f"DROP TRIGGER IF EXISTS {table}_{name}" + (f" ON {table}" if postgres else "")]
        dropped += [f"DROP FUNCTION IF EXISTS {table}_{name}()"] if postgres else []
        _run(schema_editor, dropped)


def guard(_apps: Any, schema_editor: Any) -> None:
    _run(schema_editor, _statements(schema_editor.connection.vendor == "postgresql"))


def guard_as_before(_apps: Any, schema_editor: Any) -> None:
    """The two triggers that were there already."""
    made = former._statements(schema_editor.connection.vendor == "postgresql")
    _run(schema_editor, [each for each in made if f" {GATHERING}_locked" in each or f" {PART}_late" in each])


def copy(apps: Any, schema_editor: Any) -> None:
    """Every late gathering as an asking about what its record says now; where a correction waits, it is asked about too."""
    Asking = apps.get_model("supervision", "LateAsking")
    Part = apps.get_model("supervision", "Participation")
    Answer = apps.get_model("supervision", "PartAmendment")
    Amendment = apps.get_model("supervision", "GatheringAmendment")
    for row in apps.get_model("supervision", "LateGathering").objects.select_related("gathering").order_by("asked_at"):
        held = row.gathering
        parts = Part.objects.filter(gathering=held).exclude(state="removed").values_list("person", "minutes")
        came = {str(person): minutes for person, minutes in parts}
        said_at = held.logged_at or row.asked_at
        said, on = (timezone.localtime(each).date() for each in (said_at, held.starts_at))
        values = {
            "gathering": held,
            "said_at": said_at,
            "allowed": max((said - on).days - row.days, 0),
            "reason": row.reason or "—",
        }
        copied = {name: getattr(row, name) for name in COPIED}
        times = {"starts_at": held.starts_at, "ends_at": held.ends_at}
        Asking.objects.create(came=came, decided_by_id=row.decided_by_id, **times, **values, **copied)
        found = Amendment.objects.filter(gathering=held, state="proposed").first()
        if found is None:
            continue
        would = {key: min(minutes, found.minutes) for key, minutes in came.items()}
        answers = Answer.objects.filter(amendment=found).values_list("part__person", "minutes")
        would |= {str(person): minutes for person, minutes in answers}
        times = {"starts_at": found.starts_at, "ends_at": found.ends_at}
        if (found.starts_at, found.ends_at, would) != (held.starts_at, held.ends_at, came):
            about = {"amendment": found, "asked_at": found.proposed_at, "days": row.days}
            Asking.objects.create(came=would, **times, **values, **about)
    if schema_editor.connection.vendor == "postgresql":  # nothing may wait when the tables change next
        _run(schema_editor, ["SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED"])


class Migration(migrations.Migration):

    dependencies = [
        ('supervision', '0021_circle_depth'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # They look into the table that is made anew.
        Guards(unguard, guard_as_before),
        migrations.CreateModel(
            name='LateAsking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days', models.PositiveIntegerField(verbose_name='days late')),
                ('state', models.CharField(choices=[('waiting', 'Waits for an administrator'), ('approved', 'Approved'), ('declined', 'Declined'), ('void', 'No longer asked')], default='waiting', max_length=8, verbose_name='state')),
                ('asked_at', models.DateTimeField(verbose_name='asked')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                ('answer', models.CharField(blank=True, max_length=300, verbose_name='answer')),
                ('starts_at', models.DateTimeField(verbose_name='start')),
                ('ends_at', models.DateTimeField(verbose_name='end')),
                ('came', models.JSONField(default=dict)),
                ('said_at', models.DateTimeField()),
                ('allowed', models.PositiveSmallIntegerField(verbose_name='days to record a session')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason for recording it late')),
                ('amendment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='late_records', to='supervision.gatheringamendment')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('gathering', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='late_records', to='supervision.gathering', verbose_name='gathering')),
                ('rule', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='supervision.loggingrule')),
            ],
            options={
                'verbose_name': 'late record of a gathering',
                'verbose_name_plural': 'late records of gatherings',
                'ordering': ['-asked_at', '-pk'],
            },
        ),
        migrations.RunPython(copy, migrations.RunPython.noop),
        migrations.DeleteModel(name='LateGathering'),
        migrations.RenameModel('LateAsking', 'LateGathering'),
        migrations.AddConstraint(
            model_name='lategathering',
            constraint=models.UniqueConstraint(condition=models.Q(('amendment', None), ('state', 'waiting')), fields=('gathering',), name='late_gathering_one_waits'),
        ),
        migrations.AddConstraint(
            model_name='lategathering',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('amendment',), name='late_gathering_one_waits_of_amendment'),
        ),
        migrations.AddConstraint(
            model_name='lategathering',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('state__in', ['waiting', 'void'])), models.Q(('state__in', ['approved', 'declined']), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='late_gathering_decided_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='lategathering',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'declined'), _negated=True), models.Q(('answer', ''), _negated=True), _connector='OR'), name='late_gathering_declined_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='lategathering',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'void'), models.Q(('reason', ''), _negated=True), _connector='OR'), name='late_gathering_asked_with_reason'),
        ),
        Guards(guard, unguard),
    ]
