"""Payment batches with their lines, and budgets: what is locked, settled or closed never changes, and nothing is deleted."""

from importlib import import_module

import core.people.sealed
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.audit.append_only import append_only, never_deleted
from core.audit.guards import Guards
from core.migrations._together import CreateModels

guard, unguard = (getattr(import_module("credentials.migrations._payment_guards"), name) for name in ("guard", "unguard"))


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0014_languages_for_supervision'),
        ('credentials', '0020_awards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels([
        migrations.CreateModel(
            name='PaymentCounter',
            fields=[
                ('year', models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ('last', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='PaymentBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('serial', models.CharField(max_length=24, unique=True, verbose_name='serial number')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('state', models.CharField(choices=[('draft', 'Being built'), ('locked', 'Locked, to be released'), ('released', 'Released, at the bank'), ('closed', 'Closed'), ('cancelled', 'Cancelled')], default='draft', max_length=9, verbose_name='state')),
                ('total', models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name='control total')),
                ('count', models.PositiveIntegerField(default=0, verbose_name='lines')),
                ('built_at', models.DateTimeField(auto_now_add=True, verbose_name='built')),
                ('locked_at', models.DateTimeField(blank=True, null=True, verbose_name='locked')),
                ('released_at', models.DateTimeField(blank=True, null=True, verbose_name='released')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('facts', models.JSONField(default=dict)),
                ('roster_sha256', models.CharField(blank=True, max_length=64)),
                ('roster_file', models.CharField(blank=True, max_length=200)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation', verbose_name='authority')),
                ('built_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('policy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='credentials.subsidypolicy', verbose_name='subsidy policy')),
                ('released_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'payment batch',
                'verbose_name_plural': 'payment batches',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['policy', 'year'], name='payment_batch_by_policy')],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'locked', 'released', 'closed', 'cancelled'])), name='payment_batch_state_known'),
                    models.CheckConstraint(condition=models.Q(('released_by', None), models.Q(('released_by', models.F('built_by')), _negated=True), _connector='OR'), name='payment_batch_second_person'),
                    models.CheckConstraint(condition=models.Q(models.Q(('released_at__isnull', False), ('released_by__isnull', False), ('state__in', ('released', 'closed'))), models.Q(models.Q(('state__in', ('released', 'closed')), _negated=True), ('released_at', None), ('released_by', None)), _connector='OR'), name='payment_batch_released_by_somebody'),
                    models.CheckConstraint(condition=models.Q(('state__in', ('draft', 'cancelled')), models.Q(('count__gt', 0), ('locked_at__isnull', False), ('total__gt', 0)), _connector='OR'), name='payment_batch_locked_with_lines'),
                    models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('state', 'closed')), models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_at', None)), _connector='OR'), name='payment_batch_closed_at_a_moment'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'cancelled'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='payment_batch_cancelled_with_reason'),
                ],
            },
        ),
        migrations.CreateModel(
            name='PaymentBudget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('number', models.PositiveSmallIntegerField(default=1)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='amount')),
                ('words', models.CharField(max_length=300, verbose_name='basis')),
                ('set_at', models.DateTimeField(auto_now_add=True, verbose_name='set')),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation', verbose_name='authority')),
                ('policy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='budgets', to='credentials.subsidypolicy', verbose_name='subsidy policy')),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'payment budget',
                'verbose_name_plural': 'payment budgets',
                'ordering': ['-year', 'policy', '-number'],
                'constraints': [
                    models.UniqueConstraint(models.F('policy'), models.F('year'), models.F('number'), name='payment_budget_numbered'),
                    models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='payment_budget_possible'),
                    models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='payment_budget_has_its_basis'),
                ],
            },
        ),
        migrations.CreateModel(
            name='PaymentLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(verbose_name='No.')),
                ('attempt', models.PositiveSmallIntegerField(default=1)),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('id_sealed', core.people.sealed.SealedTextField(verbose_name='ID number')),
                ('employer', models.CharField(blank=True, max_length=120, verbose_name='employer')),
                ('level', models.CharField(max_length=120, verbose_name='level or title')),
                ('certificate_number', models.CharField(blank=True, max_length=60, verbose_name='certificate number')),
                ('certificate_on', models.DateField(blank=True, null=True, verbose_name='day of issue')),
                ('standard', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='standard')),
                ('already', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='paid before')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='amount')),
                ('bank', models.CharField(max_length=120, verbose_name='bank, with the full name of the branch')),
                ('account_sealed', core.people.sealed.SealedTextField(verbose_name='account number')),
                ('phone_sealed', core.people.sealed.SealedTextField(blank=True, null=True, verbose_name='mobile number')),
                ('remark', models.CharField(blank=True, max_length=300, verbose_name='remark')),
                ('is_sample', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('waiting', 'Not paid yet'), ('paid', 'Paid'), ('failed', 'Returned by the bank'), ('withdrawn', 'Taken out')], default='waiting', max_length=9, verbose_name='state')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('paid_on', models.DateField(blank=True, null=True, verbose_name='paid on')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='result entered')),
                ('approver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='credentials.paymentbatch')),
                ('built_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payment_lines', to='credentials.claim')),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('released_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'line of a payment batch',
                'verbose_name_plural': 'lines of payment batches',
                'ordering': ['batch', 'position'],
                'indexes': [models.Index(fields=['batch', 'state'], name='payment_line_by_state')],
                'constraints': [
                    models.UniqueConstraint(models.F('batch'), models.F('position'), condition=models.Q(('state', 'withdrawn'), _negated=True), name='payment_line_numbered'),
                    models.UniqueConstraint(models.F('claim'), models.F('attempt'), name='payment_line_attempt_once'),
                    models.UniqueConstraint(models.F('claim'), condition=models.Q(('state__in', ('waiting', 'paid'))), name='payment_line_one_live'),
                    models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'paid', 'failed', 'withdrawn'])), name='payment_line_state_known'),
                    models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payment_line_of_money'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), models.Q(('reason', ''), _negated=True)), models.Q(('state', 'failed'), _negated=True), _connector='OR'), name='payment_line_failed_with_reason'),
                    models.CheckConstraint(condition=models.Q(models.Q(('paid_on__isnull', False), ('state', 'paid')), models.Q(models.Q(('state', 'paid'), _negated=True), ('paid_on', None)), _connector='OR'), name='payment_line_paid_on_a_day'),
                    models.CheckConstraint(condition=models.Q(models.Q(('released_by__isnull', False), ('settled_at__isnull', False), ('settled_by__isnull', False), ('state__in', ('paid', 'failed'))), models.Q(models.Q(('state__in', ('paid', 'failed')), _negated=True), ('settled_at', None), ('settled_by', None)), _connector='OR'), name='payment_line_settled_after_release'),
                    models.CheckConstraint(condition=models.Q(models.Q(('holder', models.F('approver')), _negated=True), models.Q(('holder', models.F('built_by')), _negated=True)), name='payment_line_never_ones_own'),
                    models.CheckConstraint(condition=models.Q(('released_by', None), models.Q(models.Q(('released_by', models.F('holder')), _negated=True), models.Q(('released_by', models.F('approver')), _negated=True), models.Q(('released_by', models.F('built_by')), _negated=True)), _connector='OR'), name='payment_line_released_by_another'),
                    models.CheckConstraint(condition=models.Q(('settled_by', None), models.Q(('settled_by', models.F('holder')), _negated=True), _connector='OR'), name='payment_line_settled_by_another'),
                ],
            },
        ),
        ]),
        append_only('credentials_paymentbudget'),
        never_deleted('credentials_paymentbatch'),
        never_deleted('credentials_paymentline'),
        Guards(guard, unguard),
    ]
