"""Public notices with their lines, the objections to them, and what became of each line: nothing of it is deleted."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import core.people.sealed
from core.audit.append_only import append_only, never_deleted
from core.migrations._together import CreateModels


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0014_languages_for_supervision'),
        ('credentials', '0016_claims'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels([
        migrations.CreateModel(
            name='PublicNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('about', models.CharField(choices=[('claims', 'Subsidies'), ('awards', 'Awards')], max_length=10, verbose_name='about')),
                ('source', models.CharField(max_length=120, unique=True)),
                ('days', models.PositiveSmallIntegerField(verbose_name='days')),
                ('counts', models.CharField(choices=[('working', 'working days'), ('calendar', 'calendar days')], max_length=10, verbose_name='counted in')),
                ('starts_on', models.DateField(verbose_name='posted on')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('without_holidays', models.JSONField(default=list)),
                ('contact', models.CharField(max_length=200, verbose_name='contact')),
                ('state', models.CharField(choices=[('running', 'Running'), ('closed', 'Ended'), ('withdrawn', 'Withdrawn')], default='running', max_length=10, verbose_name='state')),
                ('opened_at', models.DateTimeField(auto_now_add=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('opened_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation', verbose_name='authority')),
            ],
            options={
                'verbose_name': 'public notice',
                'verbose_name_plural': 'public notices',
                'ordering': ['-starts_on', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['running', 'closed', 'withdrawn'])), name='public_notice_state_is_known'), models.CheckConstraint(condition=models.Q(('about__in', ['claims', 'awards']), ('counts__in', ['working', 'calendar'])), name='public_notice_kind_is_known'), models.CheckConstraint(condition=models.Q(('days__gte', 1), ('days__lte', 90)), name='public_notice_days_possible'), models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on'))), name='public_notice_ends_after_posting'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='public_notice_withdrawn_with_reason'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('state', 'running')), models.Q(models.Q(('state', 'running'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='public_notice_ended_has_time'), models.CheckConstraint(condition=models.Q(('title__regex', '[0-9]{11}'), _negated=True), name='public_notice_title_without_numbers')],
            },
        ),
        migrations.CreateModel(
            name='PublicNoticeLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('key', models.CharField(max_length=60)),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('unit', models.CharField(blank=True, max_length=120, verbose_name='unit')),
                ('title', models.CharField(blank=True, max_length=120, verbose_name='level or title')),
                ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='amount')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='credentials.publicnotice')),
            ],
            options={
                'verbose_name': 'line of a public notice',
                'verbose_name_plural': 'lines of public notices',
                'ordering': ['notice', 'position'],
                'constraints': [models.UniqueConstraint(models.F('notice'), models.F('position'), name='public_notice_line_in_place'), models.UniqueConstraint(models.F('notice'), models.F('key'), name='public_notice_line_once'), models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('name__regex', '[0-9]{5}'), _negated=True), models.Q(('unit__regex', '[0-9]{9}'), _negated=True), models.Q(('title__regex', '[0-9]{9}'), _negated=True)), name='public_notice_line_without_numbers')],
            },
        ),
        migrations.CreateModel(
            name='Objection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('said', core.people.sealed.SealedTextField(verbose_name='what is said')),
                ('name', core.people.sealed.SealedTextField(verbose_name='name')),
                ('contact', core.people.sealed.SealedTextField(verbose_name='how to reach them')),
                ('filed_at', models.DateTimeField(auto_now_add=True, verbose_name='filed')),
                ('state', models.CharField(choices=[('open', 'To answer'), ('upheld', 'Upheld'), ('dismissed', 'Dismissed')], default='open', max_length=10, verbose_name='state')),
                ('answer', models.TextField(blank=True, max_length=1000, verbose_name='answer')),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('filed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='objections', to='credentials.publicnotice')),
                ('line', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='objections', to='credentials.publicnoticeline')),
            ],
            options={
                'verbose_name': 'objection',
                'verbose_name_plural': 'objections',
                'ordering': ['-filed_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['open', 'upheld', 'dismissed'])), name='objection_state_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at', None), ('answered_by', None), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), models.Q(('answer', ''), _negated=True), ('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='objection_answered_with_words'), models.CheckConstraint(condition=models.Q(('filed_by', None), ('answered_by', None), models.Q(('filed_by', models.F('answered_by')), _negated=True), _connector='OR'), name='objection_answered_by_another')],
            },
        ),
        migrations.CreateModel(
            name='SettledLine',
            fields=[
                ('line', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='settled', serialize=False, to='credentials.publicnoticeline')),
                ('outcome', models.CharField(choices=[('cleared', 'No objection stands'), ('upheld', 'An objection was upheld')], max_length=10)),
                ('settled_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'settled line of a public notice',
                'verbose_name_plural': 'settled lines of public notices',
                'constraints': [models.CheckConstraint(condition=models.Q(('outcome__in', ['cleared', 'upheld'])), name='settled_line_outcome_is_known')],
            },
        ),
        ]),
        append_only('credentials_publicnoticeline'),
        append_only('credentials_settledline'),
        never_deleted('credentials_publicnotice'),
        never_deleted('credentials_objection'),
    ]
