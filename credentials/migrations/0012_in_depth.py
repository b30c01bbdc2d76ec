"""Keys and signed files, badges, templates, qualifications, conduct, commendations, renewal packs, talent, posts and plans."""

from importlib import import_module
from typing import Any

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from core.audit.append_only import append_only
from core.audit.guards import Guards
from core.migrations._together import CreateModels
from credentials.migrations import _key_guards, _post_guards

_guards = import_module("credentials.migrations.0002_guards")

SECTORS = (
    ("civil_affairs", "民政", "Civil affairs"),
    ("education", "教育", "Education"),
    ("health", "医疗", "Health care"),
    ("justice", "司法", "Justice"),
    ("petitions", "信访", "Petitions"),
    ("emergency", "应急", "Emergency management"),
    ("veterans", "退役军人服务", "Services for veterans"),
)


def sectors(apps: Any, _schema_editor: Any) -> None:
    """The seven there are at first; the list is the operator's to edit."""
    model = apps.get_model("credentials", "Sector")
    for position, (code, name, name_en) in enumerate(SECTORS, start=1):
        model.objects.get_or_create(code=code, defaults={"name": name, "name_en": name_en, "position": position})


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0014_languages_for_supervision'),
        ('credentials', '0001_squashed_0011_year_caps'),
        ('lms', '0001_squashed_0029_taken_for'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Guards(_key_guards.unguard_certificates, _guards.guard),
        CreateModels(
            models=[
                migrations.CreateModel(
                    name='SigningKey',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('purpose', models.CharField(choices=[('pdf', 'Signatures of PDF files'), ('badge', 'Proofs of badges'), ('token', 'Badges as tokens (JWT)')], max_length=8, verbose_name='purpose')),
                        ('state', models.CharField(choices=[('active', 'In use'), ('retired', 'Retired'), ('withdrawn', 'Withdrawn')], default='active', max_length=10, verbose_name='state')),
                        ('fingerprint', models.CharField(max_length=64, unique=True, verbose_name='fingerprint')),
                        ('public_key', models.TextField(verbose_name='public key')),
                        ('certificate', models.TextField(blank=True, verbose_name='certificate of the key')),
                        ('starts_at', models.DateTimeField(verbose_name='in use since')),
                        ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='certificate valid until')),
                        ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='in use until')),
                        ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                        ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'signing key',
                        'verbose_name_plural': 'signing keys',
                        'ordering': ['purpose', '-pk'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'active')), fields=('purpose',), name='signing_key_one_active'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('state', 'active')), models.Q(('ended_at__isnull', False), ('state', 'retired')), models.Q(('ended_at__isnull', False), ('state', 'withdrawn'), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='signing_key_ends_known'), models.CheckConstraint(condition=models.Q(('purpose__in', ['pdf', 'badge', 'token']), models.Q(models.Q(('purpose', 'pdf'), _negated=True), models.Q(('certificate', ''), _negated=True), _connector='OR')), name='signing_key_of_pdf_has_certificate')],
                    },
                ),
                migrations.CreateModel(
                    name='CertificateEdition',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveSmallIntegerField(verbose_name='edition')),
                        ('sha256', models.CharField(max_length=64, unique=True)),
                        ('file', models.CharField(max_length=200)),
                        ('signed_at', models.DateTimeField()),
                        ('reason', models.CharField(max_length=300, verbose_name='reason')),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('certificate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='credentials.certificate')),
                        ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('signed_with', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credentials.signingkey')),
                    ],
                    options={
                        'verbose_name': 'edition of a certificate',
                        'verbose_name_plural': 'editions of certificates',
                        'ordering': ['certificate', 'number'],
                        'constraints': [models.UniqueConstraint(fields=('certificate', 'number'), name='certificate_edition_numbered'), models.CheckConstraint(condition=models.Q(('number__gte', 2), models.Q(('sha256', ''), _negated=True), models.Q(('file', ''), _negated=True)), name='certificate_edition_has_file')],
                    },
                ),
                migrations.CreateModel(
                    name='Achievement',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('digest', models.CharField(max_length=32, unique=True)),
                        ('facts', models.JSONField(default=dict)),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                    ],
                    options={
                        'verbose_name': 'achievement',
                        'verbose_name_plural': 'achievements',
                    },
                ),
                migrations.CreateModel(
                    name='StatusList',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveSmallIntegerField()),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                    ],
                    options={
                        'verbose_name': 'status list',
                        'verbose_name_plural': 'status lists',
                        'constraints': [models.UniqueConstraint(fields=('organisation', 'number'), name='status_list_numbered')],
                    },
                ),
                migrations.CreateModel(
                    name='Badge',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('status_index', models.PositiveIntegerField()),
                        ('credential', models.TextField()),
                        ('token', models.TextField()),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('achievement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credentials.achievement')),
                        ('certificate', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='badge', to='credentials.certificate')),
                        ('proof_key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credentials.signingkey')),
                        ('token_key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credentials.signingkey')),
                        ('status_list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='badges', to='credentials.statuslist')),
                    ],
                    options={
                        'verbose_name': 'badge',
                        'verbose_name_plural': 'badges',
                        'ordering': ['-pk'],
                        'constraints': [models.UniqueConstraint(fields=('status_list', 'status_index'), name='badge_has_a_place_of_its_own'), models.CheckConstraint(condition=models.Q(('status_index__lt', 131072)), name='badge_place_is_in_the_list'), models.CheckConstraint(condition=models.Q(models.Q(('credential', ''), _negated=True), models.Q(('token', ''), _negated=True)), name='badge_is_signed')],
                    },
                ),
                migrations.CreateModel(
                    name='Design',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=60, verbose_name='name')),
                        ('draft', models.JSONField(default=dict)),
                        ('is_active', models.BooleanField(default=True, verbose_name='offered for use')),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('organisation', models.ForeignKey(help_text='This organisation and all below it can use the template.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation', verbose_name='organisation')),
                    ],
                    options={
                        'verbose_name': 'certificate template',
                        'verbose_name_plural': 'certificate templates',
                        'ordering': ['-pk'],
                        'constraints': [models.UniqueConstraint(fields=('organisation', 'name'), name='design_named_once')],
                    },
                ),
                migrations.CreateModel(
                    name='DesignChoice',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('chosen_at', models.DateTimeField(auto_now=True)),
                        ('chosen_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('cohort', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='lms.cohort', verbose_name='cohort')),
                        ('design', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credentials.design', verbose_name='certificate template')),
                    ],
                    options={
                        'verbose_name': 'choice of a template',
                        'verbose_name_plural': 'choices of templates',
                    },
                ),
                migrations.CreateModel(
                    name='DesignPicture',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('attachment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.attachment')),
                        ('design', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pictures', to='credentials.design')),
                    ],
                    options={
                        'verbose_name': 'picture of a template',
                        'verbose_name_plural': 'pictures of templates',
                    },
                ),
                migrations.CreateModel(
                    name='DesignVersion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveSmallIntegerField()),
                        ('spec', models.JSONField(default=dict)),
                        ('published_at', models.DateTimeField(auto_now_add=True)),
                        ('design', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='credentials.design')),
                        ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'version of a template',
                        'verbose_name_plural': 'versions of templates',
                        'ordering': ['design', '-number'],
                        'constraints': [models.UniqueConstraint(fields=('design', 'number'), name='design_version_numbered')],
                    },
                ),
                migrations.CreateModel(
                    name='Commendation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('rank', models.CharField(choices=[('national', 'National'), ('provincial', 'Provincial'), ('city', 'City'), ('county', 'County')], max_length=10, verbose_name='rank')),
                        ('title', models.CharField(max_length=120, verbose_name='name of the commendation')),
                        ('issuer', models.CharField(max_length=120, verbose_name='given by')),
                        ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                        ('document', models.CharField(blank=True, max_length=120, verbose_name='decision document')),
                        ('state', models.CharField(choices=[('registered', 'Registered'), ('struck', 'Struck off')], default='registered', max_length=10, verbose_name='state')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='registered')),
                        ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='struck off')),
                        ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                        ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='commendations', to='core.person', verbose_name='person')),
                        ('registered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('sheet', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.sheetimport')),
                    ],
                    options={
                        'verbose_name': 'commendation',
                        'verbose_name_plural': 'commendations',
                        'ordering': ['-year', '-pk'],
                        'constraints': [models.UniqueConstraint(models.F('person'), models.F('title'), models.F('issuer'), models.F('year'), condition=models.Q(('state', 'registered')), name='commendation_once'), models.CheckConstraint(condition=models.Q(('state__in', ['registered', 'struck'])), name='commendation_state_is_known'), models.CheckConstraint(condition=models.Q(('rank__in', ['national', 'provincial', 'city', 'county'])), name='commendation_rank_is_known'), models.CheckConstraint(condition=models.Q(('year__gte', 1949), ('year__lte', 2200)), name='commendation_year_possible'), models.CheckConstraint(condition=models.Q(('registered_by', models.F('holder')), _negated=True), name='commendation_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'struck'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='commendation_struck_with_reason')],
                    },
                ),
                migrations.CreateModel(
                    name='ConductRecord',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('head', models.CharField(choices=[('unlawful', 'Breach of the law'), ('discipline', 'Serious breach of discipline'), ('ethics', 'Breach of professional ethics'), ('industry', 'Breach of the rules of the field')], max_length=10, verbose_name='what it is')),
                        ('occurred_on', models.DateField(verbose_name='day on which it happened')),
                        ('established_on', models.DateField(verbose_name='day on which it was established')),
                        ('source', models.CharField(max_length=200, verbose_name='source')),
                        ('details', models.TextField(blank=True, max_length=1000, verbose_name='what was established')),
                        ('state', models.CharField(choices=[('standing', 'Stands'), ('lifted', 'Lifted')], default='standing', max_length=8, verbose_name='state')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='recorded')),
                        ('lifted_at', models.DateTimeField(blank=True, null=True, verbose_name='lifted')),
                        ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                        ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('lifted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conduct_records', to='core.person', verbose_name='person')),
                        ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'conduct record',
                        'verbose_name_plural': 'conduct records',
                        'ordering': ['-occurred_on', '-pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['standing', 'lifted'])), name='conduct_state_is_known'), models.CheckConstraint(condition=models.Q(('head__in', ['unlawful', 'discipline', 'ethics', 'industry'])), name='conduct_head_is_known'), models.CheckConstraint(condition=models.Q(('established_on__gte', models.F('occurred_on'))), name='conduct_in_order'), models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='conduct_has_its_source'), models.CheckConstraint(condition=models.Q(('recorded_by', models.F('holder')), _negated=True), name='conduct_recorded_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('lifted_by', None), ('state', 'standing')), models.Q(('lifted_by__isnull', False), ('state', 'lifted'), models.Q(('reason', ''), _negated=True), models.Q(('lifted_by', models.F('holder')), _negated=True), models.Q(('lifted_by', models.F('recorded_by')), _negated=True)), _connector='OR'), name='conduct_lifted_by_a_second'), models.UniqueConstraint(models.F('person'), models.F('head'), models.F('occurred_on'), models.F('source'), condition=models.Q(('state', 'standing')), name='conduct_recorded_once')],
                    },
                ),
                migrations.CreateModel(
                    name='ExamPass',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('subject', models.PositiveSmallIntegerField(verbose_name='examination subject')),
                        ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                        ('slip_on', models.DateField(blank=True, null=True, verbose_name='day of the pass slip')),
                        ('level', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credentials.qualificationlevel')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exam_passes', to='core.person')),
                    ],
                    options={
                        'verbose_name': 'subject passed',
                        'verbose_name_plural': 'subjects passed',
                        'ordering': ['level', 'subject', 'year'],
                        'constraints': [models.UniqueConstraint(models.F('person'), models.F('level'), models.F('subject'), models.F('year'), name='exam_pass_once'), models.CheckConstraint(condition=models.Q(('subject__gte', 1), ('year__gte', 2008), ('year__lte', 2200)), name='exam_pass_possible')],
                    },
                ),
                migrations.CreateModel(
                    name='LevelTerms',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('starts_on', models.DateField(help_text='The issue day of a certificate decides.', verbose_name='from')),
                        ('name', models.CharField(max_length=40, verbose_name='name')),
                        ('name_en', models.CharField(blank=True, max_length=80, verbose_name='English name')),
                        ('department', models.CharField(blank=True, max_length=80, verbose_name='competent department')),
                        ('subjects', models.TextField(blank=True, help_text='One on each line.', max_length=600, verbose_name='subjects of the examination')),
                        ('window_years', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(10)], verbose_name='all subjects within so many consecutive years')),
                        ('slip_years', models.PositiveSmallIntegerField(default=0, help_text='Where a review follows the examination. 0: there is none.', validators=[django.core.validators.MaxValueValidator(10)], verbose_name='years for which a pass slip lasts')),
                        ('number_forms', models.TextField(blank=True, help_text='One on each line: # for a digit, @ for a letter, ? for any sign. Empty: any number.', max_length=600, verbose_name='forms of the certificate number')),
                        ('source', models.CharField(help_text='The document that says so, with its number.', max_length=300, verbose_name='source')),
                        ('level', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='credentials.qualificationlevel', verbose_name='level')),
                        ('organisation', models.ForeignKey(blank=True, help_text='This organisation and all below it that have none of their own.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation', verbose_name='where it applies')),
                    ],
                    options={
                        'verbose_name': 'level terms',
                        'verbose_name_plural': 'level terms',
                        'ordering': ['-starts_on', '-pk'],
                        'constraints': [models.UniqueConstraint(models.F('level'), models.F('organisation'), models.F('starts_on'), name='level_terms_once_per_day'), models.UniqueConstraint(models.F('level'), models.F('starts_on'), condition=models.Q(('organisation', None)), name='level_terms_once_everywhere'), models.CheckConstraint(condition=models.Q(('slip_years__lte', 10), ('window_years__gte', 1), ('window_years__lte', 10)), name='level_terms_years_possible')],
                    },
                ),
                migrations.CreateModel(
                    name='QualificationRecord',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(max_length=40, verbose_name='certificate number')),
                        ('issued_on', models.DateField(verbose_name='issue date')),
                        ('exam_year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='year of the examination')),
                        ('passes', models.JSONField(blank=True, default=list)),
                        ('slip_on', models.DateField(blank=True, null=True, verbose_name='day of the pass slip')),
                        ('origin', models.CharField(choices=[('declared', 'declared by its holder'), ('imported', 'taken over from a table')], default='declared', max_length=8, verbose_name='where it comes from')),
                        ('state', models.CharField(choices=[('declared', 'Waits for verification'), ('verified', 'Verified'), ('returned', 'Returned'), ('withdrawn', 'Withdrawn')], default='declared', max_length=10, verbose_name='state')),
                        ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                        ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='declared')),
                        ('declared_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('level', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='records', to='credentials.qualificationlevel', verbose_name='level')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='qualification_records', to='core.person', verbose_name='person')),
                        ('scan', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.attachment', verbose_name='scan')),
                        ('sheet', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.sheetimport')),
                        ('verified_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'qualification',
                        'verbose_name_plural': 'qualifications',
                        'ordering': ['-issued_on', '-pk'],
                        'indexes': [models.Index(fields=['level', 'number'], name='qualification_by_number')],
                        'constraints': [models.UniqueConstraint(models.F('level'), models.F('number'), condition=models.Q(('state', 'verified')), name='qualification_number_once'), models.UniqueConstraint(models.F('person'), models.F('level'), condition=models.Q(('state__in', ('declared', 'verified'))), name='qualification_once_per_level'), models.CheckConstraint(condition=models.Q(('state__in', ['declared', 'verified', 'returned', 'withdrawn'])), name='qualification_state_known'), models.CheckConstraint(condition=models.Q(('origin__in', ['declared', 'imported'])), name='qualification_origin_known'), models.CheckConstraint(condition=models.Q(('number', ''), _negated=True), name='qualification_has_number'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'verified'), _negated=True), ('verified_by__isnull', False), _connector='OR'), name='qualification_verified_by_one'), models.CheckConstraint(condition=models.Q(('verified_by', None), models.Q(('verified_by', models.F('holder')), _negated=True), _connector='OR'), name='qualification_verified_by_other'), models.CheckConstraint(condition=models.Q(models.Q(('origin', 'declared'), _negated=True), ('scan__isnull', False), _connector='OR'), name='qualification_declared_with_scan'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'returned'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='qualification_returned_why')],
                    },
                ),
                migrations.CreateModel(
                    name='RenewalPack',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveIntegerField(verbose_name='pack number')),
                        ('facts', models.JSONField(default=dict)),
                        ('issued_on', models.DateField(verbose_name='issued on')),
                        ('sha256', models.CharField(max_length=64)),
                        ('file', models.CharField(max_length=200)),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='packs', to='credentials.registrationperiod')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='renewal_packs', to='core.person', verbose_name='person')),
                        ('statement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credentials.hoursstatement')),
                    ],
                    options={
                        'verbose_name': 'renewal pack',
                        'verbose_name_plural': 'renewal packs',
                        'ordering': ['-pk'],
                        'constraints': [models.UniqueConstraint(models.F('period'), models.F('number'), name='pack_numbered_once'), models.CheckConstraint(condition=models.Q(models.Q(('sha256', ''), _negated=True), models.Q(('file', ''), _negated=True)), name='pack_has_its_file')],
                    },
                ),
                migrations.CreateModel(
                    name='Sector',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.SlugField(unique=True, verbose_name='code')),
                        ('name', models.CharField(max_length=40, unique=True, verbose_name='name')),
                        ('name_en', models.CharField(blank=True, max_length=80, verbose_name='English name')),
                        ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
                        ('is_active', models.BooleanField(default=True, verbose_name='active')),
                    ],
                    options={
                        'verbose_name': 'sector',
                        'verbose_name_plural': 'sectors',
                        'ordering': ['position', 'pk'],
                    },
                ),
                migrations.CreateModel(
                    name='Post',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('title', models.CharField(max_length=60, verbose_name='post')),
                        ('places', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(999)], verbose_name='planned places')),
                        ('is_active', models.BooleanField(default=True, verbose_name='active')),
                        ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='core.organisation', verbose_name='organisation')),
                        ('sector', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='credentials.sector', verbose_name='sector')),
                    ],
                    options={
                        'verbose_name': 'post',
                        'verbose_name_plural': 'posts',
                        'ordering': ['organisation__path', 'sector__position', 'title', 'pk'],
                        'constraints': [models.UniqueConstraint(models.F('organisation'), models.F('sector'), models.F('title'), name='post_once_per_organisation'), models.CheckConstraint(condition=models.Q(('places__gte', 1), ('places__lte', 999)), name='post_places_possible')],
                    },
                ),
                migrations.CreateModel(
                    name='TalentPlan',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('year', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(2010), django.core.validators.MaxValueValidator(2100)], verbose_name='year')),
                        ('title', models.CharField(max_length=80, verbose_name='title')),
                        ('note', models.TextField(blank=True, max_length=1000, verbose_name='note')),
                        ('state', models.CharField(choices=[('draft', 'Draft'), ('in_force', 'In force'), ('closed', 'Closed')], default='draft', max_length=10, verbose_name='state')),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='in force since')),
                        ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
                        ('figures', models.JSONField(default=dict)),
                        ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='talent_plans', to='core.organisation', verbose_name='organisation')),
                        ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='credentials.talentplan')),
                    ],
                    options={
                        'verbose_name': 'talent plan',
                        'verbose_name_plural': 'talent plans',
                        'ordering': ['-year', 'organisation__path'],
                        'constraints': [models.UniqueConstraint(models.F('organisation'), models.F('year'), name='talent_plan_once_a_year'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'in_force', 'closed'])), name='talent_plan_state_is_known'), models.CheckConstraint(condition=models.Q(('year__gte', 2010), ('year__lte', 2100)), name='talent_plan_year_possible'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('state', 'closed')), models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_at', None)), _connector='OR'), name='talent_plan_closed_has_time')],
                    },
                ),
                migrations.CreateModel(
                    name='PlanTarget',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('trained', 'People trained'), ('qualified', 'Qualifications gained'), ('posted', 'Posts filled')], max_length=10, verbose_name='what counts')),
                        ('route', models.CharField(blank=True, choices=[('trained', 'Trained'), ('recruited', 'Recruited'), ('promoted', 'Promoted')], max_length=10, verbose_name='route')),
                        ('number', models.PositiveIntegerField(validators=[django.core.validators.MaxValueValidator(1000000)], verbose_name='target')),
                        ('key', models.CharField(editable=False, max_length=80)),
                        ('course', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='lms.coursepage', verbose_name='course')),
                        ('level', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credentials.qualificationlevel', verbose_name='qualification level')),
                        ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='credentials.plantarget')),
                        ('sector', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credentials.sector', verbose_name='sector')),
                        ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='targets', to='credentials.talentplan', verbose_name='talent plan')),
                    ],
                    options={
                        'verbose_name': 'target of a plan',
                        'verbose_name_plural': 'targets of a plan',
                        'ordering': ['pk'],
                        'constraints': [models.UniqueConstraint(models.F('plan'), models.F('key'), name='plan_target_counts_once'), models.UniqueConstraint(models.F('plan'), models.F('parent'), condition=models.Q(('parent__isnull', False)), name='plan_target_shared_once'), models.CheckConstraint(condition=models.Q(('number__lte', 1000000)), name='plan_target_possible'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'trained'), ('sector', None)), models.Q(('course', None), ('kind', 'qualified'), ('route', ''), ('sector', None)), models.Q(('course', None), ('kind', 'posted'), ('level', None), ('route', '')), _connector='OR'), name='plan_target_narrowed_as_its_kind')],
                    },
                ),
                migrations.CreateModel(
                    name='TalentProfile',
                    fields=[
                        ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='talent_profile', serialize=False, to='core.person', verbose_name='person')),
                        ('path', models.CharField(blank=True, max_length=255)),
                        ('name', models.CharField(max_length=60, verbose_name='name')),
                        ('pinyin', models.CharField(max_length=200)),
                        ('words', models.TextField()),
                        ('rank', models.PositiveSmallIntegerField(default=0)),
                        ('fields', models.CharField(blank=True, max_length=200)),
                        ('practice_started_on', models.DateField(null=True, verbose_name='in practice since')),
                        ('minutes', models.PositiveIntegerField(default=0, verbose_name='minutes held')),
                        ('span', models.PositiveSmallIntegerField(default=0)),
                        ('part', models.CharField(choices=[('supervisor', 'Supervises'), ('supervised', 'Is supervised'), ('both', 'Supervises and is supervised'), ('neither', 'Neither')], default='neither', max_length=10, verbose_name='supervision')),
                        ('awards', models.PositiveSmallIntegerField(default=0, verbose_name='commendations')),
                        ('post', models.CharField(blank=True, max_length=60, verbose_name='post')),
                        ('route', models.CharField(blank=True, choices=[('trained', 'Trained'), ('recruited', 'Recruited'), ('promoted', 'Promoted')], max_length=10, verbose_name='route')),
                        ('is_listed', models.BooleanField(default=False, verbose_name='agrees to be listed')),
                        ('kind', models.CharField(max_length=80)),
                        ('level', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credentials.qualificationlevel', verbose_name='qualification level')),
                        ('sector', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credentials.sector', verbose_name='sector')),
                    ],
                    options={
                        'verbose_name': 'talent profile',
                        'verbose_name_plural': 'talent pool',
                        'ordering': ['pinyin', 'person'],
                        'indexes': [models.Index(fields=['path', 'is_listed', 'kind', 'practice_started_on', 'fields'], name='talent_by_path', opclasses=['varchar_pattern_ops', 'bool_ops', 'varchar_ops', 'date_ops', 'varchar_ops']), models.Index(fields=['pinyin', 'person'], name='talent_by_pinyin'), models.Index(fields=['-minutes', 'pinyin', 'person'], name='talent_by_hours'), models.Index(fields=['practice_started_on', 'pinyin', 'person'], name='talent_by_practice'), models.Index(fields=['-rank', 'pinyin', 'person'], name='talent_by_rank')],
                    },
                ),
                migrations.CreateModel(
                    name='TalentRoute',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('route', models.CharField(choices=[('trained', 'Trained'), ('recruited', 'Recruited'), ('promoted', 'Promoted')], max_length=10, verbose_name='route')),
                        ('since', models.DateField(verbose_name='since')),
                        ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='talent_routes', to='core.person', verbose_name='person')),
                        ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'talent route',
                        'verbose_name_plural': 'talent routes',
                        'ordering': ['-since', '-pk'],
                        'constraints': [models.UniqueConstraint(models.F('person'), models.F('since'), models.F('route'), name='talent_route_once_a_day'), models.CheckConstraint(condition=models.Q(('route__in', ['trained', 'recruited', 'promoted'])), name='talent_route_is_known')],
                    },
                ),
                migrations.CreateModel(
                    name='PostHolding',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('place', models.PositiveSmallIntegerField()),
                        ('starts_on', models.DateField(verbose_name='from')),
                        ('ends_on', models.DateField(blank=True, null=True, verbose_name='until')),
                        ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='post_holdings', to='core.person', verbose_name='person')),
                        ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holdings', to='credentials.post', verbose_name='post')),
                    ],
                    options={
                        'verbose_name': 'holder of a post',
                        'verbose_name_plural': 'holders of posts',
                        'ordering': ['-starts_on', '-pk'],
                        'constraints': [models.UniqueConstraint(models.F('person'), condition=models.Q(('ends_on', None)), name='post_held_one_at_a_time'), models.UniqueConstraint(models.F('post'), models.F('place'), condition=models.Q(('ends_on', None)), name='post_place_held_once'), models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='post_holding_in_order'), models.CheckConstraint(condition=models.Q(models.Q(('ended_by', None), ('ends_on', None)), models.Q(('ended_by__isnull', False), ('ends_on__isnull', False)), _connector='OR'), name='post_holding_ended_by_somebody'), models.CheckConstraint(condition=models.Q(('place__gte', 1), ('place__lte', 999)), name='post_holding_place_possible')],
                    },
                ),
                migrations.CreateModel(
                    name='SavedSearch',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=60, verbose_name='name')),
                        ('query', models.CharField(max_length=1000)),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_searches', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                    ],
                    options={
                        'verbose_name': 'saved search',
                        'verbose_name_plural': 'saved searches',
                        'ordering': ['name', 'pk'],
                        'constraints': [models.UniqueConstraint(models.F('owner'), models.F('name'), name='saved_search_name_once')],
                    },
                ),
            ],
        ),
        migrations.AddField(
            model_name='certificate',
            name='reason_class',
            field=models.CharField(blank=True, choices=[('mistake', 'Issued by mistake'), ('untrue', 'Obtained by untrue statements'), ('rules', 'Against the rules of the course or the profession'), ('name', 'The name was corrected'), ('print', 'A printed fact was wrong'), ('renewed', 'Renewed for another term'), ('other', 'Another reason')], max_length=10, verbose_name='kind of reason'),
        ),
        migrations.AddField(
            model_name='certificate',
            name='signed_with',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credentials.signingkey'),
        ),
        migrations.AddField(
            model_name='hoursstatement',
            name='signed_with',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credentials.signingkey'),
        ),
        migrations.AddConstraint(
            model_name='certificate',
            constraint=models.CheckConstraint(condition=models.Q(('reason_class', ''), models.Q(('reason_class__in', ['mistake', 'untrue', 'rules', 'name', 'print', 'renewed', 'other']), models.Q(('state', 'valid'), _negated=True)), _connector='OR'), name='certificate_reason_class_known'),
        ),
        Guards(_key_guards.guard, _key_guards.unguard),
        append_only("credentials_hoursstatement", again=True),
        append_only("credentials_certificateedition"),
        append_only("credentials_badge"),
        append_only("credentials_achievement"),
        append_only("credentials_statuslist"),
        append_only("credentials_designversion"),
        append_only("credentials_designpicture"),
        append_only("credentials_levelterms"),
        append_only("credentials_renewalpack"),
        append_only("credentials_talentroute"),
        Guards(_post_guards.guard, _post_guards.unguard),
        migrations.RunPython(sectors, migrations.RunPython.noop),
    ]
