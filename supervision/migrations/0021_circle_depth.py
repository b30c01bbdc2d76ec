"""Gatherings to the depth of sessions: corrections after a confirmation, late records, reviews, cases, actions, files,
drafts and series. What is confirmed changes by an accepted amendment only, and is confirmed late only when approved."""

from importlib import import_module
from typing import Any

import core.people.sealed
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from core.audit.append_only import append_only
from core.audit.guards import Guards

former = import_module("supervision.migrations.0013_circles")
functions = import_module("supervision.migrations.0016_functions")
GATHERING, PART, CONTENT = former.GATHERING, former.PART, former.CONTENT
AMENDMENT, ANSWER, LATE = (
    "supervision_gatheringamendment",
    "supervision_partamendment",
    "supervision_lategathering",
)
LOCKED = "a gathering that a participant has confirmed changes only by an accepted amendment"
SETTLED = "a confirmed participation changes only by an accepted amendment"
CLOSED = "nothing is added to a confirmed gathering but what an accepted amendment says"
UNAPPROVED = "a late gathering is confirmed only when it is approved"
ANSWERED = "an answered amendment never changes, and none is deleted"
FACTS = (*former.FACTS, "shares")
ACCEPTED = (
    f"SELECT 1 FROM {AMENDMENT} a WHERE a.gathering_id = OLD.id AND a.state = 'accepted' AND a.number = NEW.revision "
    "AND NEW.revision = OLD.revision + 1 AND a.minutes = NEW.minutes AND a.starts_at = NEW.starts_at "
    "AND a.ends_at = NEW.ends_at AND a.mode = NEW.mode AND a.setting = NEW.setting"
)
SAME = (
    "NEW.state = OLD.state AND NEW.key = OLD.key AND NEW.circle_id = OLD.circle_id AND NEW.leader_id = OLD.leader_id "
    "AND NEW.form = OLD.form"
)
AGREED = (
    f"SELECT 1 FROM {ANSWER} s JOIN {AMENDMENT} a ON a.id = s.amendment_id JOIN {GATHERING} g ON g.id = a.gathering_id "
    "WHERE s.part_id = OLD.id AND s.minutes = NEW.minutes AND a.state = 'accepted' AND a.number = g.revision "
    "AND NEW.revision = OLD.revision + 1"
)
SAME_PART = (
    "NEW.state = OLD.state AND NEW.gathering_id = OLD.gathering_id AND NEW.person_id = OLD.person_id "
    "AND NEW.organisation_id = OLD.organisation_id AND NEW.confirmed_at = OLD.confirmed_at "
    "AND NEW.confirmed_by_id = OLD.confirmed_by_id AND NEW.asked_at = OLD.asked_at"
)
CHANGED_PART = f"OLD.state = 'confirmed' AND NOT ({SAME_PART} AND EXISTS ({AGREED}))"
ADDED = (
    f"{former._confirmed('NEW.gathering_id')} AND NOT EXISTS (SELECT 1 FROM {AMENDMENT} a "
    "WHERE a.gathering_id = NEW.gathering_id AND a.state = 'accepted' AND a.number = NEW.number)"
)
WAITS = (
    "NEW.state = 'confirmed' AND OLD.state <> 'confirmed' AND EXISTS "
    f"(SELECT 1 FROM {LATE} l WHERE l.gathering_id = NEW.gathering_id AND l.state <> 'approved')"
)


def _guards(differs: str, wrong: str, elements: str) -> list[tuple[str, str, str, str, str]]:
    """(table, name, verbs, words, condition) of every trigger; `differs` is how a value is told to be another."""
    changed = " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in FACTS)
    locked = f"{former._confirmed('OLD.id')} AND ({changed}) AND NOT ({SAME} AND EXISTS ({ACCEPTED}))"
    return [
        (GATHERING, "locked", "UPDATE", LOCKED, locked),
        (GATHERING, "kept", "DELETE", former.KEPT, "TRUE"),
        (GATHERING, "timed", "INSERT OR UPDATE", former.WRONG, wrong),
        (PART, "locked", "UPDATE", SETTLED, CHANGED_PART),
        (PART, "late", "UPDATE", UNAPPROVED, WAITS),
        (PART, "kept", "DELETE", former.KEPT, "TRUE"),
        (PART, "within", "INSERT OR UPDATE", former.BEYOND, former.BEYOND_IT),
        (CONTENT, "closed", "INSERT", CLOSED, ADDED),
        (AMENDMENT, "answered", "UPDATE", ANSWERED, "OLD.state <> 'proposed'"),
        (AMENDMENT, "kept", "DELETE", ANSWERED, "TRUE"),
        (AMENDMENT, "functions", "INSERT OR UPDATE", functions.UNKNOWN, functions._unknown(elements)),
        (ANSWER, "answered", "UPDATE", ANSWERED, "OLD.state <> 'waiting'"),
        (ANSWER, "kept", "DELETE", ANSWERED, "TRUE"),
    ]


def _statements(postgres: bool) -> list[str]:
    made = []
    if postgres:
        elements = "jsonb_array_elements_text(NEW.functions) AS j(value)"
        wrong = "NEW.minutes * 60 <> EXTRACT(EPOCH FROM NEW.ends_at - NEW.starts_at)"
        for table, name, verbs, words, condition in _guards("IS DISTINCT FROM", wrong, elements):
            body = f"RAISE EXCEPTION '{words}' USING ERRCODE = '23514'; END IF; RETURN NEW; END"
            call = f"FOR EACH ROW EXECUTE FUNCTION {table}_{name}()"
            made += [
                f"CREATE FUNCTION {table}_{name}() RETURNS trigger AS $$ BEGIN IF {condition} THEN {body} $$ LANGUAGE plpgsql",
                f"CREATE TRIGGER {table}_{name} BEFORE {verbs} ON {table} {call}",
            ]
        return made
    elements = "json_each(NEW.functions) j"
    wrong = "NEW.minutes * 60 <> strftime('%s', NEW.ends_at) - strftime('%s', NEW.starts_at)"
    for table, name, verbs, words, condition in _guards("IS NOT", wrong, elements):
        for number, verb in enumerate(verbs.split(" OR ")):
            full = f"{table}_{name}" + ("_again" if number else "")
            stop = f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
            made.append(f"CREATE TRIGGER {full} BEFORE {verb} ON {table} WHEN {condition} {stop}")
    return made


def guard(_apps: Any, schema_editor: Any) -> None:
    with schema_editor.connection.cursor() as cursor:
        for statement in _statements(schema_editor.connection.vendor == "postgresql"):
            cursor.execute(statement, None)


def unguard(_apps: Any, schema_editor: Any) -> None:
    postgres = schema_editor.connection.vendor == "postgresql"
    with schema_editor.connection.cursor() as cursor:
        for table, name, verbs, _words, _condition in _guards("=", "TRUE", ""):
            again = [f"{name}_again"] if " OR " in verbs and not postgres else []
            for full in (name, *again):
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{full}" + (f" ON {table}" if postgres else ""))
            if postgres:
                cursor.execute(f"DROP FUNCTION IF EXISTS {table}_{name}()")


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0012_said_in_both_languages'),
        ('supervision', '0020_allowances'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # SQLite makes changed tables anew, and a trigger that names one of them would stop it.
        Guards(former.unguard, former.guard),
        Guards(functions.unguard, functions.guard),
        migrations.CreateModel(
            name='GatheringAmendment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('proposed', 'Waits for the mentee'), ('accepted', 'Accepted'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='proposed', max_length=9, verbose_name='state')),
                ('starts_at', models.DateTimeField(verbose_name='start')),
                ('ends_at', models.DateTimeField(verbose_name='end')),
                ('minutes', models.PositiveSmallIntegerField(verbose_name='minutes')),
                ('mode', models.CharField(choices=[('accompanying', 'Accompanying a project'), ('universal', 'Open to all'), ('private', 'Private tuition')], max_length=12, verbose_name='mode')),
                ('setting', models.CharField(choices=[('on_site', 'On site'), ('online', 'Online'), ('observation', 'Observation at work')], max_length=12, verbose_name='setting')),
                ('functions', models.JSONField(default=list, verbose_name='functions')),
                ('shares', models.JSONField(blank=True, null=True, verbose_name='minutes by function')),
                ('former', models.JSONField(default=dict)),
                ('proposed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='proposed')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered')),
            ],
            options={
                'verbose_name': 'amendment of a gathering',
                'verbose_name_plural': 'amendments of gatherings',
                'ordering': ['-pk'],
            },
        ),
        migrations.AddField(
            model_name='gathering',
            name='changed_at',
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.AddField(
            model_name='gathering',
            name='series',
            field=models.UUIDField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='gathering',
            name='shares',
            field=models.JSONField(blank=True, null=True, verbose_name='percent by function'),
        ),
        migrations.AddField(
            model_name='gatheringcontent',
            name='advice',
            field=core.people.sealed.SealedTextField(blank=True, default='', verbose_name='advice'),
        ),
        migrations.AddField(
            model_name='gatheringcontent',
            name='agreed',
            field=core.people.sealed.SealedTextField(blank=True, default='', verbose_name='agreed actions'),
        ),
        migrations.AddField(
            model_name='gatheringcontent',
            name='cases',
            field=core.people.sealed.SealedTextField(blank=True, default='', verbose_name='cases'),
        ),
        migrations.CreateModel(
            name='GatheringAmendmentText',
            fields=[
                ('amendment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='text', serialize=False, to='supervision.gatheringamendment')),
                ('reason', core.people.sealed.SealedTextField()),
                ('written', core.people.sealed.SealedTextField()),
            ],
            options={
                'verbose_name': 'text of an amendment of a gathering',
                'verbose_name_plural': 'texts of amendments of gatherings',
            },
        ),
        migrations.AddField(
            model_name='gatheringamendment',
            name='gathering',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='amendments', to='supervision.gathering'),
        ),
        migrations.CreateModel(
            name='GatheringDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField()),
                ('typed', core.people.sealed.SealedTextField()),
                ('saved_at', models.DateTimeField(auto_now=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.person')),
                ('circle', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='supervision.circle')),
                ('gathering', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='supervision.gathering')),
            ],
            options={
                'verbose_name': 'draft of a gathering',
                'verbose_name_plural': 'drafts of gatherings',
            },
        ),
        migrations.CreateModel(
            name='GatheringFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('added_at', models.DateTimeField(auto_now_add=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.person')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.attachment')),
                ('gathering', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='supervision.gathering')),
            ],
            options={
                'verbose_name': 'file of a gathering',
                'verbose_name_plural': 'files of gatherings',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='LateGathering',
            fields=[
                ('days', models.PositiveIntegerField(verbose_name='days late')),
                ('reason', models.CharField(max_length=300, verbose_name='reason for recording it late')),
                ('state', models.CharField(choices=[('waiting', 'Waits for an administrator'), ('approved', 'Approved'), ('declined', 'Declined'), ('void', 'No longer asked')], default='waiting', max_length=8, verbose_name='state')),
                ('asked_at', models.DateTimeField(verbose_name='asked')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                ('answer', models.CharField(blank=True, max_length=300, verbose_name='answer')),
                ('gathering', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='late', serialize=False, to='supervision.gathering')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'late record of a gathering',
                'verbose_name_plural': 'late records of gatherings',
                'ordering': ['-asked_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='PartAmendment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('former', models.PositiveSmallIntegerField()),
                ('minutes', models.PositiveSmallIntegerField(verbose_name='minutes')),
                ('state', models.CharField(choices=[('waiting', 'Not answered yet'), ('accepted', 'Accepted'), ('refused', 'Refused')], default='waiting', max_length=8, verbose_name='state')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered')),
                ('answer', core.people.sealed.SealedTextField(blank=True, default='')),
                ('amendment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='supervision.gatheringamendment')),
                ('part', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='amendments', to='supervision.participation')),
            ],
            options={
                'verbose_name': 'answer to an amendment',
                'verbose_name_plural': 'answers to amendments',
                'ordering': ['part__person__pinyin', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='CircleReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=500, verbose_name='reason')),
                ('state', models.CharField(choices=[('asked', 'Waits for a second person'), ('granted', 'Granted'), ('declined', 'Declined'), ('ended', 'Ended')], default='asked', max_length=8, verbose_name='state')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                ('ends_at', models.DateTimeField(blank=True, null=True, verbose_name='until')),
                ('answer', models.CharField(blank=True, max_length=300, verbose_name='answer')),
                ('circle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='supervision.circle', verbose_name='circle')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reviewer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='reviewer')),
            ],
            options={
                'verbose_name': 'review of a circle',
                'verbose_name_plural': 'reviews of circles',
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'granted'])), fields=('circle', 'reviewer'), name='circle_review_one_open'), models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('reviewer')), _negated=True), _connector='OR'), name='circle_review_granted_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'granted'), _negated=True), models.Q(('decided_by__isnull', False), ('ends_at__isnull', False)), _connector='OR'), name='circle_review_granted_for_a_time')],
            },
        ),
        migrations.CreateModel(
            name='GatheringAction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', core.people.sealed.SealedTextField()),
                ('due_on', models.DateField(blank=True, null=True)),
                ('is_done', models.BooleanField(default=False)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('who', models.CharField(choices=[('all', 'Everybody'), ('leader', 'Leader'), ('member', 'A member')], max_length=6)),
                ('gathering', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='actions', to='supervision.gathering')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.person')),
            ],
            options={
                'verbose_name': 'agreed action of a gathering',
                'verbose_name_plural': 'agreed actions of gatherings',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('is_done', False), ('closed_at__isnull', False), _connector='OR'), name='gathering_action_done_is_closed'), models.CheckConstraint(condition=models.Q(models.Q(('person', None), ('who__in', ['all', 'leader'])), models.Q(('person__isnull', False), ('who', 'member')), _connector='OR'), name='gathering_action_is_somebodys')],
            },
        ),
        migrations.AddConstraint(
            model_name='gatheringamendment',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('gathering',), name='gathering_amendment_one_open'),
        ),
        migrations.AddConstraint(
            model_name='gatheringamendment',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'accepted')), fields=('gathering', 'number'), name='gathering_amendment_accepted_once'),
        ),
        migrations.AddConstraint(
            model_name='gatheringamendment',
            constraint=models.CheckConstraint(condition=models.Q(('minutes__gte', 1), ('minutes__lte', 480), ('ends_at__gt', models.F('starts_at'))), name='gathering_amendment_is_possible'),
        ),
        migrations.AddConstraint(
            model_name='gatheringamendment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('state', 'proposed')), models.Q(models.Q(('state', 'proposed'), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='gathering_amendment_answered_or_open'),
        ),
        migrations.AddConstraint(
            model_name='gatheringdraft',
            constraint=models.UniqueConstraint(condition=models.Q(('gathering', None)), fields=('circle', 'author'), name='gathering_draft_once'),
        ),
        migrations.AddConstraint(
            model_name='gatheringdraft',
            constraint=models.UniqueConstraint(condition=models.Q(('gathering__isnull', False)), fields=('gathering', 'author'), name='gathering_draft_once_of_a_plan'),
        ),
        migrations.AddConstraint(
            model_name='gatheringfile',
            constraint=models.UniqueConstraint(models.F('gathering'), models.F('file'), name='gathering_file_once'),
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
            model_name='partamendment',
            constraint=models.UniqueConstraint(models.F('amendment'), models.F('part'), name='part_amendment_once'),
        ),
        migrations.AddConstraint(
            model_name='partamendment',
            constraint=models.CheckConstraint(condition=models.Q(('minutes__gte', 1), ('minutes__lte', 480), ('state__in', ['waiting', 'accepted', 'refused'])), name='part_amendment_is_possible'),
        ),
        migrations.AddConstraint(
            model_name='partamendment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='part_amendment_answered_or_open'),
        ),
        append_only("supervision_gatheringcontent", again=True),
        append_only("supervision_gatheringamendmenttext"),
        Guards(functions.guard, functions.unguard),
        Guards(guard, unguard),
    ]
