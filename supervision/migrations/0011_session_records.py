"""A confirmed session changes only to what an accepted amendment says; a late one is confirmed only when approved."""

from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import core.people.sealed
from core.audit.append_only import append_only
from core.audit.guards import Guards

TABLE, CONTENT = "supervision_session", "supervision_sessioncontent"
AMENDMENT, LATE = "supervision_sessionamendment", "supervision_laterecord"
LOCKED = "a confirmed session changes only by an accepted amendment"
CLOSED = "nothing is added to a confirmed session but what an accepted amendment says"
UNAPPROVED = "a late record is confirmed only when it is approved"
KEPT = "an answered amendment never changes, and none is deleted"
ACCEPTED = (
    f"SELECT 1 FROM {AMENDMENT} a WHERE a.session_id = OLD.id AND a.state = 'accepted' AND a.number = NEW.revision "
    "AND NEW.revision = OLD.revision + 1 AND a.minutes = NEW.minutes AND a.starts_at = NEW.starts_at "
    "AND a.ends_at = NEW.ends_at AND a.mode = NEW.mode AND a.setting = NEW.setting"
)
SAME = (
    "NEW.state = OLD.state AND NEW.key = OLD.key AND NEW.pairing_id = OLD.pairing_id AND NEW.form = OLD.form "
    "AND NEW.confirmed_at = OLD.confirmed_at AND NEW.confirmed_by_id = OLD.confirmed_by_id "
    "AND NEW.logged_at = OLD.logged_at"
)
CHANGED = f"NOT ({SAME} AND EXISTS ({ACCEPTED}))"
ADDED = (
    f"EXISTS (SELECT 1 FROM {TABLE} s WHERE s.id = NEW.session_id AND s.state = 'confirmed') AND NOT EXISTS "
    f"(SELECT 1 FROM {AMENDMENT} a WHERE a.session_id = NEW.session_id AND a.state = 'accepted' "
    "AND a.number = NEW.number)"
)
WAITS = (
    "NEW.state = 'confirmed' AND OLD.state <> 'confirmed' AND EXISTS "
    f"(SELECT 1 FROM {LATE} l WHERE l.session_id = NEW.id AND l.state <> 'approved')"
)


def _postgres() -> list[str]:
    def function(name: str, words: str, condition: str = "TRUE") -> str:
        return (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN IF {condition} THEN "
            f"RAISE EXCEPTION '{words}' USING ERRCODE = '23514'; END IF; RETURN NEW; END $$ LANGUAGE plpgsql"
        )

    call = "FOR EACH ROW {} EXECUTE FUNCTION {}()"
    return [
        function("supervision_session_amended", LOCKED, CHANGED),
        function("supervision_content_closed", CLOSED, ADDED),
        function("supervision_session_late", UNAPPROVED, WAITS),
        function("supervision_amendment_kept", KEPT),
        f"DROP TRIGGER {TABLE}_locked ON {TABLE}",
        f"CREATE TRIGGER {TABLE}_locked BEFORE UPDATE ON {TABLE} "
        + call.format("WHEN (OLD.state = 'confirmed')", "supervision_session_amended"),
        f"CREATE TRIGGER {TABLE}_late BEFORE UPDATE ON {TABLE} " + call.format("", "supervision_session_late"),
        f"CREATE TRIGGER {AMENDMENT}_kept BEFORE UPDATE ON {AMENDMENT} "
        + call.format("WHEN (OLD.state <> 'proposed')", "supervision_amendment_kept"),
        f"CREATE TRIGGER {AMENDMENT}_stays BEFORE DELETE ON {AMENDMENT} "
        + call.format("", "supervision_amendment_kept"),
    ]


def _sqlite() -> list[str]:
    def stop(words: str) -> str:
        return f"BEGIN SELECT RAISE(ABORT, '{words}'); END"

    return [
        f"DROP TRIGGER IF EXISTS {TABLE}_locked",
        f"DROP TRIGGER IF EXISTS {CONTENT}_closed",
        f"CREATE TRIGGER {TABLE}_locked BEFORE UPDATE ON {TABLE} "
        f"WHEN OLD.state = 'confirmed' AND {CHANGED} {stop(LOCKED)}",
        f"CREATE TRIGGER {TABLE}_late BEFORE UPDATE ON {TABLE} WHEN {WAITS} {stop(UNAPPROVED)}",
        f"CREATE TRIGGER {CONTENT}_closed BEFORE INSERT ON {CONTENT} WHEN {ADDED} {stop(CLOSED)}",
        f"CREATE TRIGGER {AMENDMENT}_kept BEFORE UPDATE ON {AMENDMENT} "
        f"WHEN OLD.state <> 'proposed' {stop(KEPT)}",
        f"CREATE TRIGGER {AMENDMENT}_stays BEFORE DELETE ON {AMENDMENT} {stop(KEPT)}",
    ]


def guard(_apps: Any, schema_editor: Any) -> None:
    statements = _postgres() if schema_editor.connection.vendor == "postgresql" else _sqlite()
    with schema_editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def unguard(_apps: Any, schema_editor: Any) -> None:
    """Without amendments a confirmed session never changes: the former trigger."""
    postgres = schema_editor.connection.vendor == "postgresql"
    with schema_editor.connection.cursor() as cursor:
        for table, name in ((TABLE, "locked"), (TABLE, "late"), (AMENDMENT, "kept"), (AMENDMENT, "stays")):
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{name}" + (f" ON {table}" if postgres else ""))
        if postgres:
            cursor.execute(
                f"CREATE TRIGGER {TABLE}_locked BEFORE UPDATE ON {TABLE} FOR EACH ROW "
                "WHEN (OLD.state = 'confirmed') EXECUTE FUNCTION supervision_session_locked()"
            )
        else:
            cursor.execute(
                f"CREATE TRIGGER {TABLE}_locked BEFORE UPDATE ON {TABLE} WHEN OLD.state = 'confirmed' "
                f"BEGIN SELECT RAISE(ABORT, '{LOCKED}'); END"
            )


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0012_said_in_both_languages'),
        ('supervision', '0010_rounds'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SessionAmendment',
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
                'verbose_name': 'amendment of a session',
                'verbose_name_plural': 'amendments of sessions',
                'ordering': ['-pk'],
            },
        ),
        migrations.AddField(
            model_name='session',
            name='shares',
            field=models.JSONField(blank=True, null=True, verbose_name='minutes by function'),
        ),
        migrations.AddField(
            model_name='sessioncontent',
            name='agreed',
            field=core.people.sealed.SealedTextField(blank=True, default='', verbose_name='agreed actions'),
        ),
        migrations.AddField(
            model_name='sessioncontent',
            name='cases',
            field=core.people.sealed.SealedTextField(blank=True, default='', verbose_name='cases'),
        ),
        migrations.AddField(
            model_name='sessioncontent',
            name='decided_by',
            field=core.people.sealed.SealedTextField(blank=True, default='', verbose_name='who decided'),
        ),
        migrations.AddField(
            model_name='sessioncontent',
            name='decision',
            field=core.people.sealed.SealedTextField(blank=True, default='', verbose_name='decision'),
        ),
        migrations.AddField(
            model_name='sessioncontent',
            name='goals',
            field=models.ManyToManyField(blank=True, related_name='contents', to='supervision.learninggoal'),
        ),
        migrations.AddField(
            model_name='sessioncontent',
            name='observations',
            field=core.people.sealed.SealedTextField(blank=True, default='', verbose_name='observations'),
        ),
        migrations.AddField(
            model_name='sessioncontent',
            name='rationale',
            field=core.people.sealed.SealedTextField(blank=True, default='', verbose_name='why it was decided so'),
        ),
        migrations.CreateModel(
            name='AmendmentText',
            fields=[
                ('amendment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='text', serialize=False, to='supervision.sessionamendment')),
                ('reason', core.people.sealed.SealedTextField()),
                ('written', core.people.sealed.SealedTextField()),
                ('answer', core.people.sealed.SealedTextField(blank=True)),
            ],
            options={
                'verbose_name': 'text of an amendment',
            },
        ),
        migrations.AddField(
            model_name='sessionamendment',
            name='session',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='amendments', to='supervision.session'),
        ),
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('who', models.CharField(choices=[('mentee', 'Mentee'), ('supervisor', 'Supervisor'), ('both', 'Both')], max_length=10)),
                ('what', core.people.sealed.SealedTextField()),
                ('due_on', models.DateField(blank=True, null=True)),
                ('is_done', models.BooleanField(default=False)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='follow_ups', to='supervision.session')),
            ],
            options={
                'verbose_name': 'agreed action',
                'verbose_name_plural': 'agreed actions',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='LateRecord',
            fields=[
                ('session', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='late', serialize=False, to='supervision.session')),
                ('days', models.PositiveIntegerField(verbose_name='days late')),
                ('reason', models.CharField(max_length=300, verbose_name='reason for recording it late')),
                ('state', models.CharField(choices=[('waiting', 'Waits for an administrator'), ('approved', 'Approved'), ('declined', 'Declined')], default='waiting', max_length=8, verbose_name='state')),
                ('asked_at', models.DateTimeField(verbose_name='asked')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                ('answer', models.CharField(blank=True, max_length=300, verbose_name='answer')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'late record',
                'verbose_name_plural': 'late records',
                'ordering': ['-asked_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='LoggingRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days', models.PositiveSmallIntegerField(verbose_name='days to record a session')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('source', models.CharField(max_length=200, verbose_name='source')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation', verbose_name='organisation')),
            ],
            options={
                'verbose_name': 'rule for recording sessions',
                'verbose_name_plural': 'rules for recording sessions',
                'ordering': ['-starts_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='SessionFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('added_at', models.DateTimeField(auto_now_add=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.person')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.attachment')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='supervision.session')),
            ],
            options={
                'verbose_name': 'file of a session',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='SessionReflection',
            fields=[
                ('session', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='reflection', serialize=False, to='supervision.session')),
                ('text', core.people.sealed.SealedTextField()),
                ('written_at', models.DateTimeField(auto_now=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.person')),
            ],
            options={
                'verbose_name': 'reflection on a session',
            },
        ),
        migrations.CreateModel(
            name='SessionReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=500, verbose_name='reason')),
                ('state', models.CharField(choices=[('asked', 'Waits for a second person'), ('granted', 'Granted'), ('declined', 'Declined'), ('ended', 'Ended')], default='asked', max_length=8, verbose_name='state')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                ('ends_at', models.DateTimeField(blank=True, null=True, verbose_name='until')),
                ('answer', models.CharField(blank=True, max_length=300, verbose_name='answer')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pairing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='supervision.pairing', verbose_name='pairing')),
                ('reviewer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='reviewer')),
            ],
            options={
                'verbose_name': 'review of sessions',
                'verbose_name_plural': 'reviews of sessions',
                'ordering': ['-pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='sessionamendment',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('session',), name='session_amendment_one_open'),
        ),
        migrations.AddConstraint(
            model_name='sessionamendment',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'accepted')), fields=('session', 'number'), name='session_amendment_accepted_once'),
        ),
        migrations.AddConstraint(
            model_name='sessionamendment',
            constraint=models.CheckConstraint(condition=models.Q(('minutes__gte', 1), ('minutes__lte', 480), ('ends_at__gt', models.F('starts_at'))), name='session_amendment_is_possible'),
        ),
        migrations.AddConstraint(
            model_name='sessionamendment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('state', 'proposed')), models.Q(models.Q(('state', 'proposed'), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='session_amendment_answered_or_open'),
        ),
        migrations.AddConstraint(
            model_name='followup',
            constraint=models.CheckConstraint(condition=models.Q(('is_done', False), ('closed_at__isnull', False), _connector='OR'), name='follow_up_done_is_closed'),
        ),
        migrations.AddConstraint(
            model_name='followup',
            constraint=models.CheckConstraint(condition=models.Q(('who__in', ['mentee', 'supervisor', 'both'])), name='follow_up_is_somebodys'),
        ),
        migrations.AddConstraint(
            model_name='laterecord',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('state', 'waiting')), models.Q(('state__in', ['approved', 'declined']), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='late_record_decided_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='laterecord',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'declined'), _negated=True), models.Q(('answer', ''), _negated=True), _connector='OR'), name='late_record_declined_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='loggingrule',
            constraint=models.UniqueConstraint(models.F('organisation'), models.F('starts_on'), name='logging_rule_once_a_day', violation_error_message='A rule of this place begins on that day already.'),
        ),
        migrations.AddConstraint(
            model_name='loggingrule',
            constraint=models.CheckConstraint(condition=models.Q(('days__gte', 1), ('days__lte', 365)), name='logging_rule_possible'),
        ),
        migrations.AddConstraint(
            model_name='sessionfile',
            constraint=models.UniqueConstraint(models.F('session'), models.F('file'), name='session_file_once'),
        ),
        migrations.AddConstraint(
            model_name='sessionreview',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'granted'])), fields=('pairing', 'reviewer'), name='session_review_one_open'),
        ),
        migrations.AddConstraint(
            model_name='sessionreview',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('reviewer')), _negated=True), _connector='OR'), name='session_review_granted_by_another'),
        ),
        migrations.AddConstraint(
            model_name='sessionreview',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'granted'), _negated=True), models.Q(('decided_by__isnull', False), ('ends_at__isnull', False)), _connector='OR'), name='session_review_granted_for_a_time'),
        ),
        append_only("supervision_sessioncontent", again=True),
        Guards(guard, unguard),
    ]
