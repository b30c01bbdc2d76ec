"""What was paid can be taken back by two people and paid anew; what a policy gives in kind needs no account and no batch."""

from importlib import import_module
from typing import Any

import django.db.models.deletion
import yaml
from django.conf import settings
from django.db import migrations, models
from django.db.migrations import AddConstraint, RemoveConstraint

from core.audit.append_only import append_only, never_deleted
from core.audit.guards import Guards
from core.migrations._together import ChangeConstraints, CreateModels

_payments, _reversals = (
    import_module(f"credentials.migrations._{name}_guards") for name in ("payment", "reversal")
)
KEPT = ('credentials_claim', 'credentials_paymentline')


def say_what_is_in_kind(apps: Any, _schema_editor: Any) -> None:
    """Claims under a policy that pays no money are marked: so far none of them could be approved."""
    for version in apps.get_model('credentials', 'PolicyVersion').objects.all():
        payment = (yaml.safe_load(version.text) or {}).get('payment') or {}
        if payment.get('channel') == 'none':
            version.claims.update(in_kind=True)


def keep_again(apps: Any, schema_editor: Any) -> None:
    """SQLite has made these tables anew, and their triggers are gone; PostgreSQL has kept them."""
    if schema_editor.connection.vendor == 'sqlite':
        for table in KEPT:
            kept: Any = never_deleted(table)
            kept.reverse_code(apps, schema_editor)
            kept.code(apps, schema_editor)


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0014_languages_for_supervision'),
        ('credentials', '0021_payments'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Guards(_payments.unguard, _payments.guard),
        migrations.AddField(
            model_name='claim',
            name='given_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='claim',
            name='in_kind',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='paymentline',
            name='turn',
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name='claim',
            name='state',
            field=models.CharField(choices=[('draft', 'Draft'), ('review', 'In review'), ('returned', 'Returned for correction'), ('cleared', 'Waits for public notice'), ('notice', 'In public notice'), ('approved', 'Approved, to be paid'), ('locked', 'In a payment batch'), ('paid', 'Paid'), ('given', 'Handed over in kind'), ('reversed', 'Ended, the money came back'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='draft', max_length=10, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='paymententry',
            name='kind',
            field=models.CharField(choices=[('paid', 'Paid'), ('earlier', 'Paid before, elsewhere'), ('reversed', 'Came back'), ('given', 'Handed over in kind')], max_length=8),
        ),
        ChangeConstraints([
            *(RemoveConstraint('claim', name) for name in ('claim_once', 'claim_state_is_known', 'claim_refused_with_reason', 'claim_approved_by_somebody')),
            *(RemoveConstraint('paymententry', name) for name in ('payment_entry_kind_known', 'payment_entry_signed')),
            RemoveConstraint('paymentline', 'payment_line_one_live'),
            AddConstraint('claim', models.UniqueConstraint(models.F('person'), models.F('family'), models.F('benefit'), models.F('key'), condition=models.Q(('state__in', ('draft', 'review', 'returned', 'cleared', 'notice', 'approved', 'locked', 'paid', 'given'))), name='claim_once')),
            AddConstraint('claim', models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'review', 'returned', 'cleared', 'notice', 'approved', 'locked', 'paid', 'given', 'reversed', 'refused', 'withdrawn'])), name='claim_state_is_known')),
            AddConstraint('claim', models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('refused', 'returned', 'reversed')), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='claim_refused_with_reason')),
            AddConstraint('claim', models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('approved', 'locked', 'paid', 'given')), _negated=True), models.Q(('amount__gt', 0), ('approved_by__isnull', False)), _connector='OR'), name='claim_approved_by_somebody')),
            AddConstraint('claim', models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('approved', 'locked', 'paid')), _negated=True), models.Q(('account_sealed__isnull', False), ('in_kind', False)), models.Q(('in_kind', True), ('state', 'approved')), _connector='OR'), name='claim_paid_into_an_account')),
            AddConstraint('claim', models.CheckConstraint(condition=models.Q(models.Q(('given_by__isnull', False), ('in_kind', True), ('state', 'given'), models.Q(('given_by', models.F('holder')), _negated=True), models.Q(('given_by', models.F('approved_by')), _negated=True)), models.Q(models.Q(('state', 'given'), _negated=True), ('given_by', None)), _connector='OR'), name='claim_given_by_another')),
            AddConstraint('paymententry', models.CheckConstraint(condition=models.Q(('kind__in', ['paid', 'earlier', 'reversed', 'given'])), name='payment_entry_kind_known')),
            AddConstraint('paymententry', models.CheckConstraint(condition=models.Q(models.Q(('amount__lt', 0), ('kind', 'reversed')), models.Q(('amount__gt', 0), ('kind__in', ('paid', 'earlier', 'given'))), _connector='OR'), name='payment_entry_signed')),
            AddConstraint('paymententry', models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ('reversed', 'given')), _negated=True), models.Q(('words', ''), _negated=True), _connector='OR'), name='payment_entry_with_words')),
            AddConstraint('paymentline', models.UniqueConstraint(models.F('claim'), models.F('turn'), condition=models.Q(('state__in', ('waiting', 'paid'))), name='payment_line_one_live')),
        ]),
        CreateModels([
        migrations.CreateModel(
            name='PaymentReversal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='amount')),
                ('cause', models.CharField(choices=[('came_back', 'The bank sent the money back'), ('wrong', 'It was paid wrongly, and was paid back')], max_length=9, verbose_name='what happened')),
                ('end', models.CharField(choices=[('again', 'The claim is paid again'), ('closed', 'The claim ends')], max_length=6, verbose_name='what becomes of the claim')),
                ('on', models.DateField(verbose_name='came back on')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('reference', models.CharField(blank=True, max_length=120, verbose_name='voucher of the bank')),
                ('recorded_at', models.DateTimeField(auto_now_add=True, verbose_name='recorded')),
                ('state', models.CharField(choices=[('recorded', 'Waits for a second person'), ('confirmed', 'Confirmed'), ('refused', 'Refused')], default='recorded', max_length=9, verbose_name='state')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                ('answer', models.CharField(blank=True, max_length=300, verbose_name='answer')),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reversals', to='credentials.claim')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reversals', to='credentials.paymentline')),
                ('proof', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.attachment')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'reversal of a payment',
                'verbose_name_plural': 'reversals of payments',
                'ordering': ['-pk'],
                'constraints': [
                    models.UniqueConstraint(models.F('line'), condition=models.Q(('state', 'refused'), _negated=True), name='payment_reversal_once'),
                    models.CheckConstraint(condition=models.Q(('state__in', ['recorded', 'confirmed', 'refused'])), name='payment_reversal_state_known'),
                    models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payment_reversal_of_money'),
                    models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), _negated=True), models.Q(models.Q(('reference', ''), _negated=True), ('proof__isnull', False), _connector='OR')), name='payment_reversal_proved'),
                    models.CheckConstraint(condition=models.Q(('recorded_by', models.F('holder')), _negated=True), name='payment_reversal_never_ones_own'),
                    models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('state', 'recorded')), models.Q(models.Q(('state', 'recorded'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='payment_reversal_decided_by_somebody'),
                    models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(models.Q(('decided_by', models.F('recorded_by')), _negated=True), models.Q(('decided_by', models.F('holder')), _negated=True)), _connector='OR'), name='payment_reversal_second_person'),
                    models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('answer', ''), _negated=True), _connector='OR'), name='payment_reversal_refused_with_answer'),
                ],
            },
        ),
        ]),
        migrations.RunPython(say_what_is_in_kind, migrations.RunPython.noop),
        Guards(keep_again, keep_again),
        append_only('credentials_paymententry', again=True),
        never_deleted('credentials_paymentreversal'),
        Guards(_payments.guard, _payments.unguard),
        Guards(_reversals.guard, _reversals.unguard),
    ]
