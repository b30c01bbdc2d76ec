"""Claims with their papers, reviews and appeals, and the payment ledger: reviews and ledger are only added, no claim is deleted."""

import core.people.sealed
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.audit.append_only import append_only, never_deleted
from core.migrations._together import CreateModels


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0014_languages_for_supervision'),
        ('credentials', '0015_policies'),
    ]

    operations = [
        CreateModels([
        migrations.CreateModel(
            name='Claim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('family', models.CharField(max_length=60)),
                ('benefit', models.CharField(max_length=60, verbose_name='benefit')),
                ('key', models.CharField(blank=True, max_length=120, verbose_name='for')),
                ('lane', models.CharField(blank=True, max_length=120)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('review', 'In review'), ('returned', 'Returned for correction'), ('cleared', 'Waits for public notice'), ('notice', 'In public notice'), ('approved', 'Approved, to be paid'), ('locked', 'In a payment batch'), ('paid', 'Paid'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='draft', max_length=10, verbose_name='state')),
                ('stage', models.CharField(blank=True, max_length=10, verbose_name='stage')),
                ('round', models.PositiveSmallIntegerField(default=1)),
                ('stage_due_on', models.DateField(blank=True, null=True, verbose_name='to be reviewed by')),
                ('claimed_on', models.DateField(blank=True, null=True, verbose_name='handed in')),
                ('declared', models.JSONField(default=dict)),
                ('settled', models.JSONField(default=dict)),
                ('facts', models.JSONField(default=dict)),
                ('decision', models.JSONField(default=dict)),
                ('amount', models.DecimalField(decimal_places=2, default=0, max_digits=12, verbose_name='amount')),
                ('bank', models.CharField(blank=True, max_length=120, verbose_name='bank, with the full name of the branch')),
                ('account_sealed', core.people.sealed.SealedTextField(blank=True, null=True, verbose_name='account number')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                ('reason', models.CharField(blank=True, max_length=1000, verbose_name='reason')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='begun')),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation', verbose_name='authority')),
                ('consent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.consent')),
                ('employer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation', verbose_name='employer')),
                ('entered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='core.person', verbose_name='person')),
                ('proof', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.attachment')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='credentials.policyversion', verbose_name='subsidy policy')),
            ],
            options={
                'verbose_name': 'claim',
                'verbose_name_plural': 'claims',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['state', 'stage'], name='claim_by_stage')],
                'constraints': [models.UniqueConstraint(models.F('person'), models.F('family'), models.F('benefit'), models.F('lane'), condition=models.Q(('state__in', ('draft', 'review', 'returned', 'cleared', 'notice', 'approved', 'locked'))), name='claim_one_open'), models.UniqueConstraint(models.F('person'), models.F('family'), models.F('benefit'), models.F('key'), condition=models.Q(('state__in', ('draft', 'review', 'returned', 'cleared', 'notice', 'approved', 'locked', 'paid'))), name='claim_once'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'review', 'returned', 'cleared', 'notice', 'approved', 'locked', 'paid', 'refused', 'withdrawn'])), name='claim_state_is_known'), models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='claim_amount_possible'), models.CheckConstraint(condition=models.Q(('approved_by', None), models.Q(('approved_by', models.F('holder')), _negated=True), _connector='OR'), name='claim_approved_by_another'), models.CheckConstraint(condition=models.Q(('approved_by', None), ('entered_by', None), models.Q(('approved_by', models.F('entered_by')), _negated=True), _connector='OR'), name='claim_approved_by_no_enterer'), models.CheckConstraint(condition=models.Q(('entered_by', None), models.Q(('proof__isnull', False), models.Q(('entered_by', models.F('holder')), _negated=True)), _connector='OR'), name='claim_entered_with_proof'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('refused', 'returned')), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='claim_refused_with_reason'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('approved', 'locked', 'paid')), _negated=True), models.Q(('account_sealed__isnull', False), ('amount__gt', 0), ('approved_by__isnull', False)), _connector='OR'), name='claim_approved_by_somebody'), models.CheckConstraint(condition=models.Q(('state__in', ('draft', 'withdrawn')), ('claimed_on__isnull', False), _connector='OR'), name='claim_handed_in_on_a_day')],
            },
        ),
        migrations.CreateModel(
            name='ClaimConflict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(max_length=300, verbose_name='what it is')),
                ('declared_at', models.DateTimeField(auto_now_add=True, verbose_name='declared')),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conflicts', to='credentials.claim')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'conflict of interest',
                'verbose_name_plural': 'conflicts of interest',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(models.F('claim'), models.F('officer'), name='claim_conflict_once')],
            },
        ),
        migrations.CreateModel(
            name='ClaimPaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slot', models.CharField(max_length=60)),
                ('is_current', models.BooleanField(default=True)),
                ('added_at', models.DateTimeField(auto_now_add=True)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='credentials.claim')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.attachment')),
            ],
            options={
                'verbose_name': 'paper of a claim',
                'verbose_name_plural': 'papers of a claim',
                'ordering': ['claim', 'slot', '-pk'],
                'constraints': [models.UniqueConstraint(models.F('claim'), models.F('slot'), condition=models.Q(('is_current', True)), name='claim_paper_one_in_a_slot')],
            },
        ),
        migrations.CreateModel(
            name='ClaimReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField(default=1)),
                ('stage', models.CharField(max_length=10, verbose_name='stage')),
                ('verdict', models.CharField(choices=[('pass', 'Passed'), ('return', 'Returned for correction'), ('refuse', 'Refused')], max_length=6, verbose_name='decision')),
                ('reason', models.CharField(blank=True, max_length=1000, verbose_name='reason')),
                ('decision', models.JSONField(default=dict)),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='decided')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='credentials.claim')),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'review of a claim',
                'verbose_name_plural': 'reviews of a claim',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('verdict__in', ['pass', 'return', 'refuse'])), name='claim_verdict_is_known'), models.CheckConstraint(condition=models.Q(('by', models.F('holder')), _negated=True), name='claim_never_ones_own'), models.CheckConstraint(condition=models.Q(('verdict', 'pass'), models.Q(('reason', ''), _negated=True), _connector='OR'), name='claim_verdict_with_reason'), models.UniqueConstraint(models.F('claim'), models.F('round'), models.F('by'), condition=models.Q(('verdict', 'pass')), name='claim_passed_by_different'), models.UniqueConstraint(models.F('claim'), models.F('round'), models.F('stage'), condition=models.Q(('verdict', 'pass')), name='claim_stage_passed_once')],
            },
        ),
        migrations.CreateModel(
            name='ClaimAppeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(max_length=1000, verbose_name='why it should be looked at again')),
                ('state', models.CharField(choices=[('open', 'Waits for a new reviewer'), ('upheld', 'Upheld: reviewed again'), ('dismissed', 'Dismissed')], default='open', max_length=9, verbose_name='state')),
                ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='made')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                ('answer', models.CharField(blank=True, max_length=1000, verbose_name='answer')),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to='credentials.claim')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('refused_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('against', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='appeal', to='credentials.claimreview')),
            ],
            options={
                'verbose_name': 'appeal',
                'verbose_name_plural': 'appeals',
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('decided_by', None), ('state', 'open')), models.Q(('state__in', ('upheld', 'dismissed')), ('decided_by__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='claim_appeal_answered'), models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(models.Q(('decided_by', models.F('holder')), _negated=True), models.Q(('decided_by', models.F('refused_by')), _negated=True)), _connector='OR'), name='claim_appeal_by_another')],
            },
        ),
        migrations.CreateModel(
            name='PaymentEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('paid', 'Paid'), ('earlier', 'Paid before, elsewhere'), ('reversed', 'Came back')], max_length=8)),
                ('policy', models.CharField(blank=True, max_length=60, verbose_name='subsidy policy')),
                ('benefit', models.CharField(max_length=60, verbose_name='benefit')),
                ('key', models.CharField(blank=True, max_length=120)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='amount')),
                ('on', models.DateField(verbose_name='day')),
                ('source', models.CharField(max_length=120, unique=True)),
                ('words', models.CharField(blank=True, max_length=300, verbose_name='remark')),
                ('entered_at', models.DateTimeField(auto_now_add=True)),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('claim', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='credentials.claim')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payment_entries', to='core.person')),
                ('proof', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.attachment')),
            ],
            options={
                'verbose_name': 'line of the payment ledger',
                'verbose_name_plural': 'lines of the payment ledger',
                'ordering': ['-on', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['paid', 'earlier', 'reversed'])), name='payment_entry_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('amount__lt', 0), ('kind', 'reversed')), models.Q(('amount__gt', 0), ('kind__in', ('paid', 'earlier'))), _connector='OR'), name='payment_entry_signed'), models.CheckConstraint(condition=models.Q(models.Q(('claim', None), ('kind', 'earlier')), ('claim__isnull', False), _connector='OR'), name='payment_entry_of_a_claim'), models.CheckConstraint(condition=models.Q(('entered_by', models.F('holder')), _negated=True), name='payment_entry_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'earlier'), _negated=True), ('proof__isnull', False), _connector='OR'), name='payment_entry_earlier_proved')],
            },
        ),
        ]),
        never_deleted('credentials_claim'),
        never_deleted('credentials_claimpaper'),
        append_only('credentials_claimreview'),
        append_only('credentials_claimconflict'),
        never_deleted('credentials_claimappeal'),
        append_only('credentials_paymententry'),
    ]
