"""Circles, their gatherings and who took part; the minutes stay true, and what is confirmed never changes."""

from typing import Any

import core.people.sealed
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models

from core.audit.append_only import append_only
from core.audit.guards import Guards


GATHERING, PART, CONTENT = (
    "supervision_gathering",
    "supervision_participation",
    "supervision_gatheringcontent",
)
LOCKED = "a gathering that a participant has confirmed never changes"
KEPT = "no gathering and no participation is deleted"
WRONG = "the minutes of a gathering are its end minus its start"
SETTLED = "a confirmed participation never changes"
BEYOND = "nobody takes part longer than the gathering lasts, nor confirms one that is not recorded"
CLOSED = "nothing is added to a gathering that a participant has confirmed"
FACTS = ("circle_id", "leader_id", "state", "starts_at", "ends_at", "minutes", "form", "mode", "setting", "functions")


def _confirmed(gathering: str) -> str:
    return f"EXISTS (SELECT 1 FROM {PART} p WHERE p.gathering_id = {gathering} AND p.state = 'confirmed')"


HELD = f"SELECT 1 FROM {GATHERING} g WHERE g.id = NEW.gathering_id"
BEYOND_IT = (
    f"(NEW.state <> 'removed' AND NOT EXISTS ({HELD} AND g.minutes >= NEW.minutes)) "
    f"OR (NEW.state = 'confirmed' AND NOT EXISTS ({HELD} AND g.state = 'logged'))"
)


def _postgres() -> list[str]:
    def guard(table: str, name: str, verbs: str, words: str, condition: str) -> list[str]:
        function = f"{table}_{name}"
        return [
            f"CREATE FUNCTION {function}() RETURNS trigger AS $$ BEGIN IF {condition} THEN "
            f"RAISE EXCEPTION '{words}' USING ERRCODE = '23514'; END IF; RETURN NEW; END $$ LANGUAGE plpgsql",
            f"CREATE TRIGGER {function} BEFORE {verbs} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()",
        ]

    changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in FACTS)
    wrong = "NEW.minutes * 60 <> EXTRACT(EPOCH FROM NEW.ends_at - NEW.starts_at)"
    return [
        *guard(GATHERING, "locked", "UPDATE", LOCKED, f"{_confirmed('OLD.id')} AND ({changed})"),
        *guard(GATHERING, "kept", "DELETE", KEPT, "TRUE"),
        *guard(GATHERING, "timed", "INSERT OR UPDATE", WRONG, wrong),
        *guard(PART, "locked", "UPDATE", SETTLED, "OLD.state = 'confirmed'"),
        *guard(PART, "kept", "DELETE", KEPT, "TRUE"),
        *guard(PART, "within", "INSERT OR UPDATE", BEYOND, BEYOND_IT),
        *guard(CONTENT, "closed", "INSERT", CLOSED, _confirmed("NEW.gathering_id")),
    ]


def _sqlite() -> list[str]:
    def guard(table: str, name: str, verb: str, words: str, condition: str) -> str:
        stop = f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
        return f"CREATE TRIGGER {table}_{name} BEFORE {verb} ON {table} WHEN {condition} {stop}"

    changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in FACTS)
    wrong = "NEW.minutes * 60 <> strftime('%s', NEW.ends_at) - strftime('%s', NEW.starts_at)"
    return [
        guard(GATHERING, "locked", "UPDATE", LOCKED, f"{_confirmed('OLD.id')} AND ({changed})"),
        guard(GATHERING, "kept", "DELETE", KEPT, "TRUE"),
        guard(GATHERING, "timed", "INSERT", WRONG, wrong),
        guard(GATHERING, "timed_again", "UPDATE", WRONG, wrong),
        guard(PART, "locked", "UPDATE", SETTLED, "OLD.state = 'confirmed'"),
        guard(PART, "kept", "DELETE", KEPT, "TRUE"),
        guard(PART, "within", "INSERT", BEYOND, BEYOND_IT),
        guard(PART, "within_again", "UPDATE", BEYOND, BEYOND_IT),
        guard(CONTENT, "closed", "INSERT", CLOSED, _confirmed("NEW.gathering_id")),
    ]


def guard(_apps: Any, schema_editor: Any) -> None:
    statements = _postgres() if schema_editor.connection.vendor == "postgresql" else _sqlite()
    with schema_editor.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, None)


def unguard(_apps: Any, schema_editor: Any) -> None:
    postgres = schema_editor.connection.vendor == "postgresql"
    names = [(GATHERING, name) for name in ("locked", "kept", "timed", "timed_again")]
    names += [(PART, name) for name in ("locked", "kept", "within", "within_again")]
    with schema_editor.connection.cursor() as cursor:
        for table, name in (*names, (CONTENT, "closed")):
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{name}" + (f" ON {table}" if postgres else ""))
            if postgres:
                cursor.execute(f"DROP FUNCTION IF EXISTS {table}_{name}()")


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0012_said_in_both_languages'),
        ('supervision', '0012_evaluations'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Circle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('group', 'Group supervision'), ('peer', 'Peer circle'), ('open', 'Open class')], max_length=5, verbose_name='kind')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('admission', models.CharField(choices=[('invitation', 'By invitation only'), ('request', 'On request, the leader decides'), ('open', 'Open until full')], max_length=10, verbose_name='how one joins')),
                ('capacity', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(2), django.core.validators.MaxValueValidator(500)], verbose_name='places')),
                ('taken', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='members')),
                ('purpose', models.TextField(max_length=1000, verbose_name='purpose')),
                ('every_days', models.PositiveSmallIntegerField(choices=[(7, 'Every week'), (14, 'Every two weeks'), (30, 'Every month'), (60, 'Every two months')], verbose_name='how often')),
                ('state', models.CharField(choices=[('open', 'Running'), ('closed', 'Closed')], default='open', max_length=6, verbose_name='state')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='made')),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('fields', models.ManyToManyField(blank=True, related_name='+', to='core.servicefield', verbose_name='service fields')),
                ('leader', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='led_circles', to='core.person', verbose_name='leader')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation', verbose_name='organisation')),
                ('supervisor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='circles', to='supervision.supervisor', verbose_name='supervisor')),
            ],
            options={
                'verbose_name': 'circle',
                'verbose_name_plural': 'circles',
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='CircleMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('invited', 'Invited'), ('asked', 'Asked to join'), ('joined', 'Member'), ('declined', 'Did not join'), ('left', 'Left')], max_length=8, verbose_name='state')),
                ('since', models.DateTimeField(default=django.utils.timezone.now, verbose_name='since')),
                ('joined_at', models.DateTimeField(blank=True, null=True, verbose_name='joined')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                ('circle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='supervision.circle', verbose_name='circle')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='circles', to='core.person', verbose_name='person')),
            ],
            options={
                'verbose_name': 'member of a circle',
                'verbose_name_plural': 'members of a circle',
                'ordering': ['since', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Gathering',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('state', models.CharField(choices=[('planned', 'Planned'), ('logged', 'Recorded'), ('cancelled', 'Cancelled')], default='planned', max_length=9, verbose_name='state')),
                ('revision', models.PositiveSmallIntegerField(default=1)),
                ('starts_at', models.DateTimeField(verbose_name='start')),
                ('ends_at', models.DateTimeField(verbose_name='end')),
                ('minutes', models.PositiveSmallIntegerField(verbose_name='minutes')),
                ('form', models.CharField(choices=[('individual', 'One to one'), ('group', 'Group'), ('peer', 'Peer')], max_length=12, verbose_name='form')),
                ('mode', models.CharField(choices=[('accompanying', 'Accompanying a project'), ('universal', 'Open to all'), ('private', 'Private tuition')], default='accompanying', max_length=12, verbose_name='mode')),
                ('setting', models.CharField(choices=[('on_site', 'On site'), ('online', 'Online'), ('observation', 'Observation at work')], default='on_site', max_length=12, verbose_name='setting')),
                ('functions', models.JSONField(blank=True, default=list, verbose_name='functions')),
                ('subject', core.people.sealed.SealedTextField(blank=True, verbose_name='subject')),
                ('place', core.people.sealed.SealedTextField(blank=True, verbose_name='place')),
                ('link', core.people.sealed.SealedTextField(blank=True, verbose_name='link')),
                ('planned_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='planned')),
                ('logged_at', models.DateTimeField(blank=True, null=True, verbose_name='recorded')),
                ('counted_at', models.DateTimeField(blank=True, null=True)),
                ('circle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='gatherings', to='supervision.circle', verbose_name='circle')),
                ('leader', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='led_gatherings', to='core.person', verbose_name='leader')),
            ],
            options={
                'verbose_name': 'gathering',
                'verbose_name_plural': 'gatherings',
                'ordering': ['-starts_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='GatheringContent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('topics', core.people.sealed.SealedTextField(blank=True, verbose_name='topics')),
                ('agreements', core.people.sealed.SealedTextField(blank=True, verbose_name='agreements')),
                ('follow_up', core.people.sealed.SealedTextField(blank=True, verbose_name='follow-up')),
                ('written_at', models.DateTimeField(auto_now_add=True, verbose_name='written')),
                ('gathering', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contents', to='supervision.gathering')),
            ],
            options={
                'verbose_name': 'content of a gathering',
                'verbose_name_plural': 'contents of gatherings',
                'ordering': ['gathering', '-number'],
            },
        ),
        migrations.CreateModel(
            name='GatheringNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', core.people.sealed.SealedTextField()),
                ('written_at', models.DateTimeField(auto_now=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.person')),
                ('gathering', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='supervision.gathering')),
            ],
            options={
                'verbose_name': 'note on a gathering',
                'verbose_name_plural': 'notes on gatherings',
            },
        ),
        migrations.CreateModel(
            name='Participation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('minutes', models.PositiveSmallIntegerField(verbose_name='minutes')),
                ('state', models.CharField(choices=[('waiting', 'Waits for the participant'), ('confirmed', 'Confirmed'), ('disputed', 'Disputed'), ('removed', 'Taken back')], default='waiting', max_length=9, verbose_name='state')),
                ('revision', models.PositiveSmallIntegerField(default=1)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked to confirm')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmed')),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('gathering', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='supervision.gathering', verbose_name='gathering')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation', verbose_name='organisation')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participations', to='core.person', verbose_name='participant')),
            ],
            options={
                'verbose_name': 'participation',
                'verbose_name_plural': 'participations',
                'ordering': ['person__pinyin', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ParticipationRemark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('dispute', 'Objection'), ('answer', 'Answer to the objection'), ('removal', 'Why it was taken back')], max_length=7)),
                ('text', core.people.sealed.SealedTextField()),
                ('written_at', models.DateTimeField(auto_now_add=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.person')),
                ('part', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='remarks', to='supervision.participation')),
            ],
            options={
                'verbose_name': 'remark on a participation',
                'verbose_name_plural': 'remarks on participations',
                'ordering': ['pk'],
            },
        ),
        migrations.AddIndex(
            model_name='circle',
            index=models.Index(fields=['leader', 'state'], name='circle_by_leader'),
        ),
        migrations.AddConstraint(
            model_name='circle',
            constraint=models.CheckConstraint(condition=models.Q(('taken__lte', models.F('capacity'))), name='circle_never_over_capacity'),
        ),
        migrations.AddConstraint(
            model_name='circle',
            constraint=models.CheckConstraint(condition=models.Q(('capacity__gte', 2), ('capacity__lte', 500)), name='circle_of_a_possible_size'),
        ),
        migrations.AddConstraint(
            model_name='circle',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'peer'), ('supervisor', None)), models.Q(('kind__in', ['group', 'open']), ('supervisor', models.F('leader'))), _connector='OR'), name='circle_led_by_whom_its_kind_asks_for'),
        ),
        migrations.AddConstraint(
            model_name='circle',
            constraint=models.CheckConstraint(condition=models.Q(('admission__in', ['invitation', 'request', 'open']), ('every_days__in', [7, 14, 30, 60])), name='circle_words_are_known'),
        ),
        migrations.AddConstraint(
            model_name='circle',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('state', 'open')), models.Q(('closed_at__isnull', False), ('state', 'closed'), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='circle_closes_with_reason'),
        ),
        migrations.AddIndex(
            model_name='circlemember',
            index=models.Index(fields=['person', 'state'], name='circle_member_by_person'),
        ),
        migrations.AddConstraint(
            model_name='circlemember',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['asked', 'invited', 'joined'])), fields=('circle', 'person'), name='circle_member_once_while_live'),
        ),
        migrations.AddConstraint(
            model_name='circlemember',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['invited', 'asked', 'joined', 'declined', 'left']), models.Q(models.Q(('ended_at', None), ('state__in', ['asked', 'invited', 'joined'])), models.Q(models.Q(('state__in', ['asked', 'invited', 'joined']), _negated=True), ('ended_at__isnull', False)), _connector='OR')), name='circle_member_ends_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='circlemember',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'joined'), _negated=True), ('joined_at__isnull', False), _connector='OR'), name='circle_member_joined_at_a_time'),
        ),
        migrations.AddIndex(
            model_name='gathering',
            index=models.Index(fields=['circle', 'state', 'starts_at'], name='gathering_by_circle'),
        ),
        migrations.AddIndex(
            model_name='gathering',
            index=models.Index(fields=['starts_at', 'ends_at'], name='gathering_by_time'),
        ),
        migrations.AddConstraint(
            model_name='gathering',
            constraint=models.CheckConstraint(condition=models.Q(('minutes__gte', 1), ('minutes__lte', 480)), name='gathering_length_is_possible'),
        ),
        migrations.AddConstraint(
            model_name='gathering',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='gathering_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='gathering',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'logged', 'cancelled']), ('form__in', ['group', 'peer']), ('mode__in', ['accompanying', 'universal', 'private']), ('setting__in', ['on_site', 'online', 'observation'])), name='gathering_words_are_known'),
        ),
        migrations.AddConstraint(
            model_name='gathering',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'logged'), _negated=True), models.Q(('logged_at__isnull', False), models.Q(('functions', []), _negated=True)), _connector='OR'), name='gathering_recorded_with_a_function'),
        ),
        migrations.AddConstraint(
            model_name='gathering',
            constraint=models.CheckConstraint(condition=models.Q(('counted_at', None), ('state', 'logged'), _connector='OR'), name='gathering_counts_when_recorded'),
        ),
        migrations.AddConstraint(
            model_name='gatheringcontent',
            constraint=models.UniqueConstraint(models.F('gathering'), models.F('number'), name='gathering_content_once'),
        ),
        migrations.AddConstraint(
            model_name='gatheringnote',
            constraint=models.UniqueConstraint(models.F('gathering'), models.F('author'), name='gathering_note_once'),
        ),
        migrations.AddIndex(
            model_name='participation',
            index=models.Index(fields=['person', 'state'], name='participation_by_person'),
        ),
        migrations.AddConstraint(
            model_name='participation',
            constraint=models.UniqueConstraint(models.F('gathering'), models.F('person'), name='participation_once'),
        ),
        migrations.AddConstraint(
            model_name='participation',
            constraint=models.CheckConstraint(condition=models.Q(('minutes__gte', 1), ('minutes__lte', 480), ('state__in', ['waiting', 'confirmed', 'disputed', 'removed'])), name='participation_length_is_possible'),
        ),
        migrations.AddConstraint(
            model_name='participation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False), ('state', 'confirmed')), models.Q(('confirmed_at', None), ('confirmed_by', None), models.Q(('state', 'confirmed'), _negated=True)), _connector='OR'), name='participation_confirmed_by_somebody'),
        ),
        append_only("supervision_gatheringcontent"),
        append_only("supervision_participationremark"),
        Guards(guard, unguard),
    ]
