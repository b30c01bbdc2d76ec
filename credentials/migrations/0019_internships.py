"""Internships that a competent department places, and proofs of the employment that follows: no row is deleted."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.audit.append_only import never_deleted
from core.audit.guards import Guards
from core.migrations._together import CreateModels
from credentials.migrations import _internship_guards


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0014_languages_for_supervision'),
        ('credentials', '0018_forecasts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels([
        migrations.CreateModel(
            name='Internship',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('school', models.CharField(max_length=120, verbose_name='school')),
                ('major', models.CharField(max_length=120, verbose_name='major')),
                ('is_social_work', models.BooleanField(verbose_name='major is social work')),
                ('is_full_time', models.BooleanField(verbose_name='full-time student')),
                ('year_of_study', models.PositiveSmallIntegerField(verbose_name='year of study')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(verbose_name='until')),
                ('state', models.CharField(choices=[('proposed', 'Proposed'), ('confirmed', 'Confirmed by the school'), ('placed', 'Placed'), ('signed', 'Signed by the supervisor'), ('ended', 'Ended'), ('cancelled', 'Cancelled')], default='proposed', max_length=10, verbose_name='state')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('words', models.TextField(blank=True, max_length=2000, verbose_name='words of the supervisor')),
                ('minutes', models.PositiveIntegerField(default=0, verbose_name='time in practice')),
                ('placed_at', models.DateTimeField(blank=True, null=True, verbose_name='placed')),
                ('signed_at', models.DateTimeField(blank=True, null=True, verbose_name='signed')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='proposed')),
                ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation', verbose_name='placed by')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('paper', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.attachment', verbose_name='paper of the school')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='internships', to='core.person', verbose_name='person')),
                ('placed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('station', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation', verbose_name='place')),
                ('supervisor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='supervisor')),
            ],
            options={
                'verbose_name': 'internship',
                'verbose_name_plural': 'internships',
                'ordering': ['-starts_on', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'confirmed', 'placed', 'signed', 'ended', 'cancelled'])), name='internship_state_known'), models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='internship_ends_after_start'), models.CheckConstraint(condition=models.Q(('year_of_study__gte', 1), ('year_of_study__lte', 8)), name='internship_year_possible'), models.CheckConstraint(condition=models.Q(('supervisor', models.F('holder')), _negated=True), name='internship_signed_by_another'), models.CheckConstraint(condition=models.Q(('proposed_by', models.F('holder')), _negated=True), name='internship_proposed_by_another'), models.CheckConstraint(condition=models.Q(('placed_by', None), models.Q(('placed_by', models.F('holder')), _negated=True), _connector='OR'), name='internship_placed_by_another'), models.CheckConstraint(condition=models.Q(('ended_by', None), models.Q(models.Q(('ended_by', models.F('holder')), _negated=True), models.Q(('ended_by', models.F('supervisor')), _negated=True)), _connector='OR'), name='internship_ended_by_third'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('placed', 'signed', 'ended', 'confirmed')), _negated=True), ('paper__isnull', False), _connector='OR'), name='internship_has_paper'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('placed', 'signed', 'ended')), _negated=True), models.Q(('placed_at__isnull', False), ('placed_by__isnull', False)), _connector='OR'), name='internship_placed_by_one'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('signed', 'ended')), _negated=True), models.Q(('minutes__gt', 0), ('signed_at__isnull', False), models.Q(('words', ''), _negated=True)), _connector='OR'), name='internship_signed_in_words'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'ended'), _negated=True), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='internship_ended_by_one'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'cancelled'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='internship_cancelled_why')],
            },
        ),
        migrations.CreateModel(
            name='EmploymentProof',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('employer_name', models.CharField(max_length=120, verbose_name='name of the employer')),
                ('is_in_field', models.BooleanField(verbose_name='social work')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='until')),
                ('still_on', models.DateField(blank=True, null=True, verbose_name='still employed on')),
                ('state', models.CharField(choices=[('declared', 'Waits for verification'), ('verified', 'Verified'), ('returned', 'Returned'), ('withdrawn', 'Withdrawn')], default='declared', max_length=10, verbose_name='state')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='declared')),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.attachment', verbose_name='employment contract')),
                ('employer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation', verbose_name='employer')),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('insurance', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.attachment', verbose_name='social insurance record')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.region', verbose_name='place of work')),
                ('verified_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('internship', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proofs', to='credentials.internship')),
            ],
            options={
                'verbose_name': 'proof of employment',
                'verbose_name_plural': 'proofs of employment',
                'ordering': ['-starts_on', '-pk'],
                'constraints': [models.UniqueConstraint(models.F('internship'), condition=models.Q(('state', 'declared')), name='employment_one_waits'), models.CheckConstraint(condition=models.Q(('state__in', ['declared', 'verified', 'returned', 'withdrawn'])), name='employment_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('ends_on__isnull', True), ('still_on__gte', models.F('starts_on')), ('still_on__isnull', False)), models.Q(('ends_on__gte', models.F('starts_on')), ('ends_on__isnull', False), ('still_on__isnull', True)), _connector='OR'), name='employment_until_a_day'), models.CheckConstraint(condition=models.Q(('employer_name', ''), _negated=True), name='employment_has_employer'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'verified'), _negated=True), ('verified_by__isnull', False), _connector='OR'), name='employment_verified_by_one'), models.CheckConstraint(condition=models.Q(('verified_by', None), models.Q(('verified_by', models.F('holder')), _negated=True), _connector='OR'), name='employment_verified_by_other'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'returned'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='employment_returned_why')],
            },
        ),
        ]),
        Guards(_internship_guards.guard, _internship_guards.unguard),
        never_deleted('credentials_internship'),
        never_deleted('credentials_employmentproof'),
    ]
