"""Qualifications, what levels are called from a day on, conduct, commendations, and renewal packs."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.audit.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0014_languages_for_supervision'),
        ("credentials", "0013_badges_and_templates"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
        append_only("credentials_levelterms"),
        append_only("credentials_renewalpack"),
    ]
