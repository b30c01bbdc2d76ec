"""All tables of credentials at once, for a database that has none of them; the migrations before it stay for those that have."""

from importlib import import_module

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.audit.append_only import append_only
from core.audit.guards import Guards
from core.migrations._together import CreateModels

_guards = import_module("credentials.migrations.0002_guards")
_guards_and_levels = import_module("credentials.migrations.0005_guards_and_levels")


class Migration(migrations.Migration):

    replaces = [('credentials', '0001_initial'), ('credentials', '0002_guards'), ('credentials', '0003_rules_and_holds'), ('credentials', '0004_hours_and_periods'), ('credentials', '0005_guards_and_levels'), ('credentials', '0006_known_states_and_skips'), ('credentials', '0007_counted_once'), ('credentials', '0008_credited_lessons'), ('credentials', '0009_why_another'), ('credentials', '0010_shares_by_form'), ('credentials', '0011_year_caps')]

    initial = True

    dependencies = [
        ('core', '0003_append_only'),
        ('core', '0004_consent'),
        ('core', '0008_attachments'),
        ('core', '0009_imports'),
        ('core', '0012_said_in_both_languages'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('lms', '0001_initial'),
        ('lms', '0023_learned'),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name='SerialCounter',
                    fields=[
                        ('year', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                        ('last', models.PositiveIntegerField(default=0)),
                    ],
                ),
                migrations.CreateModel(
                    name='SettledRevision',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('source', models.CharField(max_length=120, unique=True)),
                        ('revision', models.PositiveIntegerField()),
                    ],
                    options={
                        'verbose_name': 'settled revision',
                        'verbose_name_plural': 'settled revisions',
                    },
                ),
                migrations.CreateModel(
                    name='StatementCounter',
                    fields=[
                        ('year', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                        ('last', models.PositiveIntegerField(default=0)),
                    ],
                ),
                migrations.CreateModel(
                    name='HoursRule',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('starts_on', models.DateField(help_text='Hours that are in the ledger already keep the rule they were credited by.', verbose_name='from')),
                        ('kind', models.CharField(blank=True, choices=[('course', 'Courses'), ('class', 'Classes attended'), ('supervision', 'Being supervised'), ('supervising', 'Supervising others'), ('manual', 'Manual entries')], help_text='Empty: for every kind that has no rule of its own.', max_length=12, verbose_name='for which kind')),
                        ('minutes_per_hour', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(240)], verbose_name='minutes for one hour')),
                        ('steps', models.JSONField(blank=True, default=list, verbose_name='steps')),
                        ('counts', models.BooleanField(default=True, help_text='Off: hours are kept and shown, but are not added to the 72 or 90.', verbose_name='counts towards the registration period')),
                        ('lump_minutes', models.PositiveIntegerField(blank=True, help_text='For manual entries such as a degree, which count at most so much and only once.', null=True, validators=[django.core.validators.MaxValueValidator(60000)], verbose_name='most minutes of an entry without times')),
                        ('lessons_again', models.CharField(choices=[('never', 'Never: once in a lifetime'), ('period', 'In another verified registration period')], default='period', help_text='For re-certification. Within one registration period a lesson counts once in any case.', max_length=8, verbose_name='a lesson learned again counts')),
                        ('degrees_again', models.CharField(choices=[('never', 'Never: once in a lifetime'), ('period', 'In another verified registration period')], default='never', max_length=8, verbose_name='another degree counts')),
                        ('day_minutes', models.PositiveSmallIntegerField(blank=True, help_text='Of all manual entries, classes and sessions of a person on one day together. Empty: 1440, a whole day.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1440)], verbose_name='most minutes of one day')),
                        ('group_share', models.PositiveSmallIntegerField(default=100, help_text='100 or empty: every minute. Whole minutes, never rounded up.', validators=[django.core.validators.MaxValueValidator(100)], verbose_name='share of group supervision that counts, in percent')),
                        ('peer_share', models.PositiveSmallIntegerField(default=100, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='share of peer circles that counts, in percent')),
                        ('open_share', models.PositiveSmallIntegerField(default=100, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='share of open classes of supervision that counts, in percent')),
                        ('together_minutes', models.PositiveIntegerField(blank=True, help_text='Groups, peer circles and open classes of one person in a calendar year. Empty: no limit.', null=True, validators=[django.core.validators.MaxValueValidator(60000)], verbose_name='most minutes a year of supervision together with others')),
                        ('single_minutes', models.PositiveIntegerField(blank=True, help_text='One-to-one sessions of one person in a calendar year; being supervised and supervising each by itself. Empty: no limit.', null=True, validators=[django.core.validators.MaxValueValidator(60000)], verbose_name='most minutes a year of one-to-one supervision')),
                        ('source', models.CharField(help_text='The document that says so, with its number.', max_length=300, verbose_name='source')),
                        ('organisation', models.ForeignKey(blank=True, help_text='This organisation and all below it that have no rule of their own.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation', verbose_name='where it applies')),
                    ],
                    options={
                        'verbose_name': 'hours rule',
                        'verbose_name_plural': 'hours rules',
                        'ordering': ['-starts_on', '-pk'],
                        'constraints': [models.UniqueConstraint(models.F('organisation'), models.F('kind'), models.F('starts_on'), name='hours_rule_once_per_day'), models.UniqueConstraint(models.F('kind'), models.F('starts_on'), condition=models.Q(('organisation', None)), name='hours_rule_once_everywhere'), models.CheckConstraint(condition=models.Q(models.Q(('minutes_per_hour', None), models.Q(('steps', []), _negated=True)), models.Q(('minutes_per_hour__gte', 1), ('minutes_per_hour__lte', 240), ('steps', [])), _connector='OR'), name='hours_rule_possible'), models.CheckConstraint(condition=models.Q(('degrees_again__in', ['never', 'period']), ('lessons_again__in', ['never', 'period'])), name='hours_rule_again_is_known'), models.CheckConstraint(condition=models.Q(('day_minutes', None), models.Q(('day_minutes__gte', 1), ('day_minutes__lte', 1440)), _connector='OR'), name='hours_rule_day_possible'), models.CheckConstraint(condition=models.Q(('group_share__lte', 100), ('open_share__lte', 100), ('peer_share__lte', 100)), name='hours_rule_shares_possible')],
                    },
                ),
                migrations.CreateModel(
                    name='HoursEntry',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('course', 'Courses'), ('class', 'Classes attended'), ('supervision', 'Being supervised'), ('supervising', 'Supervising others'), ('manual', 'Manual entries'), ('correction', 'Corrections')], max_length=12, verbose_name='kind')),
                        ('minutes', models.IntegerField(verbose_name='minutes')),
                        ('occurred_on', models.DateField(verbose_name='date')),
                        ('starts_at', models.DateTimeField(blank=True, null=True, verbose_name='start')),
                        ('ends_at', models.DateTimeField(blank=True, null=True, verbose_name='end')),
                        ('title', models.CharField(max_length=255, verbose_name='what for')),
                        ('title_en', models.CharField(blank=True, max_length=255)),
                        ('source', models.CharField(max_length=120, verbose_name='source')),
                        ('evidence', models.JSONField(default=dict, verbose_name='evidence')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='entered')),
                        ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='correction', to='credentials.hoursentry')),
                        ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation', verbose_name='organisation')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hours', to='core.person', verbose_name='person')),
                        ('rule', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credentials.hoursrule', verbose_name='rule')),
                    ],
                    options={
                        'verbose_name': 'hours entry',
                        'verbose_name_plural': 'hours ledger',
                        'ordering': ['-occurred_on', '-pk'],
                        'indexes': [models.Index(fields=['person', 'kind'], name='hours_by_person'), models.Index(fields=['person', 'starts_at'], name='hours_by_time')],
                        'constraints': [models.UniqueConstraint(models.F('person'), models.F('source'), name='hours_once_per_source'), models.CheckConstraint(condition=models.Q(models.Q(('corrects', None), ('minutes__gt', 0)), models.Q(('corrects__isnull', False), ('minutes__lt', 0)), _connector='OR'), name='hours_credit_or_correction'), models.CheckConstraint(condition=models.Q(('kind__in', ['course', 'class', 'supervision', 'supervising', 'manual', 'correction'])), name='hours_kind_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('ends_at', None), ('starts_at', None)), ('starts_at__lt', models.F('ends_at')), _connector='OR'), name='hours_times_in_order')],
                    },
                ),
                migrations.CreateModel(
                    name='HoursStatement',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('serial', models.CharField(max_length=24, unique=True, verbose_name='serial number')),
                        ('code', models.CharField(max_length=24, unique=True, verbose_name='verification code')),
                        ('name', models.CharField(max_length=60, verbose_name='printed name')),
                        ('first_on', models.DateField(verbose_name='first day')),
                        ('last_on', models.DateField(verbose_name='last day')),
                        ('facts', models.JSONField(default=dict)),
                        ('entries', models.JSONField(default=list)),
                        ('issued_on', models.DateField(verbose_name='issued on')),
                        ('sha256', models.CharField(db_index=True, max_length=64)),
                        ('file', models.CharField(max_length=200)),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation', verbose_name='organisation')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hours_statements', to='core.person', verbose_name='person')),
                    ],
                    options={
                        'verbose_name': 'hours statement',
                        'verbose_name_plural': 'hours statements',
                        'ordering': ['-pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('last_on__gte', models.F('first_on'))), name='statement_in_order'), models.CheckConstraint(condition=models.Q(models.Q(('sha256', ''), _negated=True), models.Q(('file', ''), _negated=True)), name='statement_has_its_file')],
                    },
                ),
                migrations.CreateModel(
                    name='ManualEntry',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('training', models.CharField(choices=[('training', 'Training on site'), ('online', 'Training online'), ('conference', 'Conference or forum'), ('degree', 'Degree studies'), ('teaching', 'Teaching or publishing'), ('other', 'Other')], max_length=12, verbose_name='kind of training')),
                        ('title', models.CharField(max_length=200, verbose_name='what for')),
                        ('organiser', models.CharField(max_length=120, verbose_name='organiser')),
                        ('occurred_on', models.DateField(verbose_name='date')),
                        ('starts_at', models.DateTimeField(blank=True, null=True, verbose_name='start')),
                        ('ends_at', models.DateTimeField(blank=True, null=True, verbose_name='end')),
                        ('minutes', models.PositiveIntegerField(verbose_name='minutes')),
                        ('why_another', models.TextField(blank=True, max_length=500, verbose_name='why it is another training')),
                        ('proof_sha256', models.CharField(db_index=True, editable=False, max_length=64)),
                        ('degree_slot', models.CharField(blank=True, editable=False, max_length=20, null=True)),
                        ('state', models.CharField(choices=[('requested', 'Waits for an officer'), ('proposed', 'Waits for a second officer'), ('confirmed', 'Confirmed'), ('returned', 'Returned'), ('withdrawn', 'Withdrawn')], max_length=10, verbose_name='state')),
                        ('entered_at', models.DateTimeField(blank=True, null=True, verbose_name='entered')),
                        ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                        ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='handed in')),
                        ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('entered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('entry', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='manual_entry', to='credentials.hoursentry')),
                        ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation', verbose_name='organisation')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='manual_entries', to='core.person', verbose_name='person')),
                        ('proof', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.attachment', verbose_name='proof')),
                    ],
                    options={
                        'verbose_name': 'manual entry',
                        'verbose_name_plural': 'manual entries',
                        'ordering': ['-pk'],
                        'indexes': [models.Index(fields=['person', 'occurred_on'], name='manual_by_person_day')],
                        'constraints': [models.UniqueConstraint(models.F('person'), models.F('proof_sha256'), condition=models.Q(('state__in', ('requested', 'proposed', 'confirmed'))), name='manual_proof_once'), models.UniqueConstraint(models.F('person'), models.F('degree_slot'), condition=models.Q(('state__in', ('requested', 'proposed', 'confirmed'))), name='manual_degree_once'), models.CheckConstraint(condition=models.Q(('degree_slot', None), ('training', 'degree'), _connector='OR'), name='manual_slot_only_of_a_degree'), models.CheckConstraint(condition=models.Q(('state__in', ['requested', 'proposed', 'confirmed', 'returned', 'withdrawn'])), name='manual_state_is_known'), models.CheckConstraint(condition=models.Q(('training__in', ['training', 'online', 'conference', 'degree', 'teaching', 'other'])), name='manual_training_is_known'), models.CheckConstraint(condition=models.Q(('minutes__gte', 1), ('minutes__lte', 60000)), name='manual_minutes_possible'), models.CheckConstraint(condition=models.Q(models.Q(('ends_at', None), ('starts_at', None)), ('starts_at__lt', models.F('ends_at')), _connector='OR'), name='manual_times_in_order'), models.CheckConstraint(condition=models.Q(('entered_by', None), models.Q(('entered_by', models.F('holder')), _negated=True), _connector='OR'), name='manual_entered_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'proposed'), _negated=True), ('entered_by__isnull', False), _connector='OR'), name='manual_proposed_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'confirmed'), _negated=True), models.Q(('decided_by__isnull', False), ('entered_by__isnull', False), models.Q(('decided_by', models.F('entered_by')), _negated=True), models.Q(('decided_by', models.F('holder')), _negated=True)), _connector='OR'), name='manual_confirmed_by_a_second'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'returned'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='manual_returned_with_reason')],
                    },
                ),
                migrations.CreateModel(
                    name='PendingIssue',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('reason', models.TextField(verbose_name='reason')),
                        ('characters', models.CharField(blank=True, max_length=400, verbose_name='characters')),
                        ('event', models.JSONField(default=dict)),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='since')),
                        ('solved_at', models.DateTimeField(blank=True, null=True)),
                        ('enrolment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='pending_issue', to='lms.enrolment')),
                        ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                    ],
                    options={
                        'verbose_name': 'certificate on hold',
                        'verbose_name_plural': 'certificates on hold',
                        'ordering': ['-pk'],
                    },
                ),
                migrations.CreateModel(
                    name='QualificationLevel',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.SlugField(unique=True, verbose_name='code')),
                        ('name', models.CharField(max_length=40, unique=True, verbose_name='name')),
                        ('name_en', models.CharField(blank=True, max_length=80, verbose_name='English name')),
                        ('target_hours', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(999)], verbose_name='hours in one registration period')),
                        ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                        ('is_active', models.BooleanField(default=True, verbose_name='active')),
                    ],
                    options={
                        'verbose_name': 'qualification level',
                        'verbose_name_plural': 'qualification levels',
                        'ordering': ['position', 'pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('target_hours__gte', 1), ('target_hours__lte', 999)), name='level_target_possible')],
                    },
                ),
                migrations.CreateModel(
                    name='RegistrationPeriod',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('starts_on', models.DateField(verbose_name='first day')),
                        ('ends_on', models.DateField(verbose_name='last day')),
                        ('number', models.CharField(blank=True, max_length=40, verbose_name='registration number')),
                        ('state', models.CharField(choices=[('declared', 'Waits for verification'), ('verified', 'Verified'), ('returned', 'Returned'), ('withdrawn', 'Withdrawn')], default='declared', max_length=10, verbose_name='state')),
                        ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                        ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='declared')),
                        ('declared_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('level', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='periods', to='credentials.qualificationlevel', verbose_name='level')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='registration_periods', to='core.person', verbose_name='person')),
                        ('verified_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'registration period',
                        'verbose_name_plural': 'registration periods',
                        'ordering': ['-starts_on', '-pk'],
                        'constraints': [models.UniqueConstraint(models.F('person'), models.F('starts_on'), condition=models.Q(('state__in', ('declared', 'verified'))), name='period_once_per_start'), models.CheckConstraint(condition=models.Q(('state__in', ['declared', 'verified', 'returned', 'withdrawn'])), name='period_state_is_known'), models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on'))), name='period_in_order'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'verified'), _negated=True), ('verified_by__isnull', False), _connector='OR'), name='period_verified_by_somebody'), models.CheckConstraint(condition=models.Q(('verified_by', None), models.Q(('verified_by', models.F('declared_by')), _negated=True), _connector='OR'), name='period_verified_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'returned'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='period_returned_with_reason')],
                    },
                ),
                migrations.CreateModel(
                    name='SkippedCredit',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('source', models.CharField(max_length=120)),
                        ('minutes', models.PositiveIntegerField()),
                        ('title', models.CharField(blank=True, max_length=255)),
                        ('title_en', models.CharField(blank=True, max_length=255)),
                        ('occurred_on', models.DateField(blank=True, null=True)),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('covered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credentials.hoursentry')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.person')),
                        ('rule', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credentials.hoursrule')),
                    ],
                    options={
                        'verbose_name': 'skipped credit',
                        'verbose_name_plural': 'skipped credits',
                        'constraints': [models.UniqueConstraint(models.F('person'), models.F('source'), name='skipped_credit_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Certificate',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('serial', models.CharField(max_length=24, unique=True, verbose_name='serial number')),
                        ('code', models.CharField(max_length=24, unique=True, verbose_name='verification code')),
                        ('state', models.CharField(choices=[('valid', 'Valid'), ('revoked', 'Revoked'), ('replaced', 'Replaced')], default='valid', max_length=10, verbose_name='state')),
                        ('name', models.CharField(max_length=60, verbose_name='printed name')),
                        ('title', models.CharField(max_length=255, verbose_name='course')),
                        ('facts', models.JSONField(default=dict)),
                        ('issued_on', models.DateField(verbose_name='issued')),
                        ('expires_on', models.DateField(blank=True, null=True, verbose_name='valid until')),
                        ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked or replaced')),
                        ('reason', models.TextField(blank=True, max_length=500, verbose_name='reason')),
                        ('sha256', models.CharField(blank=True, db_index=True, max_length=64)),
                        ('file', models.CharField(blank=True, max_length=200)),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('enrolment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='lms.enrolment', verbose_name='enrolment')),
                        ('issued_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation', verbose_name='issued by')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='core.person', verbose_name='holder')),
                        ('replaces', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='credentials.certificate', verbose_name='replaces')),
                    ],
                    options={
                        'verbose_name': 'certificate',
                        'verbose_name_plural': 'certificates',
                        'ordering': ['-pk'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('replaces', None)), fields=('enrolment',), name='certificate_once_per_enrolment'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('state', 'valid')), models.Q(('ended_at__isnull', False), models.Q(('reason', ''), _negated=True), models.Q(('state', 'valid'), _negated=True)), _connector='OR'), name='certificate_ends_with_reason'), models.CheckConstraint(condition=models.Q(models.Q(('file', ''), ('sha256', '')), models.Q(models.Q(('sha256', ''), _negated=True), models.Q(('file', ''), _negated=True)), _connector='OR'), name='certificate_file_has_hash')],
                    },
                ),
                migrations.CreateModel(
                    name='CreditedLesson',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('lesson', models.CharField(max_length=80)),
                        ('slot', models.CharField(default='life', max_length=32)),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.person')),
                        ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credited_lessons', to='credentials.hoursentry')),
                    ],
                    options={
                        'verbose_name': 'credited lesson',
                        'verbose_name_plural': 'credited lessons',
                        'constraints': [models.UniqueConstraint(models.F('person'), models.F('lesson'), models.F('slot'), name='lesson_credited_once')],
                    },
                ),
            ],
        ),
        append_only("credentials_hoursentry"),
        append_only("credentials_hoursrule"),
        append_only("credentials_hoursstatement"),
        Guards(_guards.guard, _guards.unguard),
        Guards(_guards_and_levels.guard, _guards_and_levels.unguard),
        migrations.RunPython(_guards_and_levels.levels, migrations.RunPython.noop),
    ]
