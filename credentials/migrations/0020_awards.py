"""Award rounds with nominations, panels, votes and results; no score where a conflict of interest lies, nothing that counted is deleted."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.audit.append_only import append_only, never_deleted
from core.audit.guards import Guards
from core.migrations._together import CreateModels
from credentials.migrations import _award_guards


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0014_languages_for_supervision'),
        ('credentials', '0019_internships'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels([
        migrations.CreateModel(
            name='AwardRound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(help_text='As it will stand on the certificate.', max_length=100, verbose_name='title to be given')),
                ('rank', models.CharField(choices=[('national', 'National'), ('provincial', 'Provincial'), ('city', 'City'), ('county', 'County')], max_length=10, verbose_name='rank')),
                ('year', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1949), django.core.validators.MaxValueValidator(2200)], verbose_name='year')),
                ('eligibility', models.TextField(max_length=2000, verbose_name='who may be nominated')),
                ('qualified_months', models.PositiveSmallIntegerField(blank=True, help_text='Of a qualification that an officer has verified. 0: any verified one. Empty: none is asked.', null=True, validators=[django.core.validators.MaxValueValidator(600)], verbose_name='months since the certificate')),
                ('clean_months', models.PositiveSmallIntegerField(blank=True, help_text='Empty: it is not looked at.', null=True, validators=[django.core.validators.MaxValueValidator(600)], verbose_name='months without conduct records')),
                ('nominate_from', models.DateField(verbose_name='nominations from')),
                ('nominate_until', models.DateField(verbose_name='nominations until')),
                ('by_self', models.BooleanField(default=True, verbose_name='by oneself')),
                ('by_peer', models.BooleanField(default=True, verbose_name='by a colleague')),
                ('quota', models.PositiveSmallIntegerField(default=1, help_text='0: organisations do not nominate.', validators=[django.core.validators.MaxValueValidator(50)], verbose_name='nominations of each organisation')),
                ('shortlist_size', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(200)], verbose_name='length of the shortlist')),
                ('winners', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(200)], verbose_name='number of winners')),
                ('vote_from', models.DateField(blank=True, null=True, verbose_name='vote from')),
                ('vote_until', models.DateField(blank=True, null=True, verbose_name='vote until')),
                ('vote_share', models.PositiveSmallIntegerField(default=0, help_text='0: there is no public vote.', validators=[django.core.validators.MaxValueValidator(50)], verbose_name='share of the vote in per cent')),
                ('notice_days', models.PositiveSmallIntegerField(default=5, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(90)], verbose_name='days of the public notice')),
                ('notice_counts', models.CharField(choices=[('working', 'working days'), ('calendar', 'calendar days')], default='working', max_length=10, verbose_name='counted in')),
                ('contact', models.CharField(help_text='Landline or e-mail of the office, for objections.', max_length=200, verbose_name='contact')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('nominating', 'Nominations'), ('shortlisting', 'Shortlist'), ('scoring', 'Panel scores'), ('voting', 'Public vote'), ('notice', 'Public notice'), ('decided', 'Decided'), ('cancelled', 'Cancelled')], default='draft', max_length=12, verbose_name='state')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('notice', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='award_round', to='credentials.publicnotice')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation', verbose_name='authority')),
            ],
            options={
                'verbose_name': 'award round',
                'verbose_name_plural': 'award rounds',
                'ordering': ['-year', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'nominating', 'shortlisting', 'scoring', 'voting', 'notice', 'decided', 'cancelled'])), name='award_round_state_is_known'), models.CheckConstraint(condition=models.Q(('rank__in', ['national', 'provincial', 'city', 'county'])), name='award_round_rank_is_known'), models.CheckConstraint(condition=models.Q(('nominate_until__gte', models.F('nominate_from'))), name='award_round_nominations_in_order'), models.CheckConstraint(condition=models.Q(('shortlist_size__gte', models.F('winners')), ('winners__gte', 1)), name='award_round_winners_possible'), models.CheckConstraint(condition=models.Q(models.Q(('vote_from', None), ('vote_share', 0), ('vote_until', None)), models.Q(('vote_from__gt', models.F('nominate_until')), ('vote_share__gte', 1), ('vote_share__lte', 50), ('vote_until__gte', models.F('vote_from'))), _connector='OR'), name='award_round_vote_possible'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'cancelled'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='award_round_cancelled_with_reason')],
            },
        ),
        migrations.CreateModel(
            name='AwardIndicator',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('weight', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='weight in per cent')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='indicators', to='credentials.awardround')),
            ],
            options={
                'verbose_name': 'award indicator',
                'verbose_name_plural': 'award indicators',
                'ordering': ['round', 'position'],
                'constraints': [models.UniqueConstraint(models.F('round'), models.F('position'), name='award_indicator_in_place'), models.UniqueConstraint(models.F('round'), models.F('name'), name='award_indicator_once'), models.CheckConstraint(condition=models.Q(('weight__gte', 1), ('weight__lte', 100)), name='award_indicator_weight_possible')],
            },
        ),
        migrations.CreateModel(
            name='Nomination',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(choices=[('self', 'By oneself'), ('peer', 'By a colleague'), ('organisation', 'By the organisation')], max_length=12, verbose_name='way')),
                ('place', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('deeds', models.TextField(max_length=4000, verbose_name='deeds')),
                ('state', models.CharField(choices=[('offered', 'Waits for the nominee'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('shortlisted', 'On the shortlist')], default='offered', max_length=12, verbose_name='state')),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('nominated_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation', verbose_name='employer')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='nominations', to='core.person', verbose_name='person')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='nominations', to='credentials.awardround')),
                ('shortlisted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'nomination',
                'verbose_name_plural': 'nominations',
                'ordering': ['round', 'made_at', 'pk'],
                'constraints': [models.UniqueConstraint(models.F('round'), models.F('person'), name='nomination_once_a_round'), models.UniqueConstraint(models.F('round'), models.F('organisation'), models.F('place'), condition=models.Q(('place__isnull', False)), name='nomination_within_quota'), models.CheckConstraint(condition=models.Q(('state__in', ['offered', 'accepted', 'declined', 'shortlisted'])), name='nomination_state_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('nominated_by', models.F('holder')), ('way', 'self')), models.Q(('way__in', ('peer', 'organisation')), models.Q(('nominated_by', models.F('holder')), _negated=True)), _connector='OR'), name='nomination_by_whom_it_says'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('accepted', 'shortlisted')), _negated=True), ('accepted_at__isnull', False), _connector='OR'), name='nomination_accepted_has_time'), models.CheckConstraint(condition=models.Q(('shortlisted_by', None), models.Q(('shortlisted_by', models.F('holder')), _negated=True), _connector='OR'), name='nomination_shortlisted_by_another')],
            },
        ),
        migrations.CreateModel(
            name='NominationPaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64)),
                ('added_at', models.DateTimeField(auto_now_add=True)),
                ('attachment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.attachment')),
                ('nomination', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='papers', to='credentials.nomination')),
            ],
            options={
                'verbose_name': 'paper of a nomination',
                'verbose_name_plural': 'papers of nominations',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(models.F('nomination'), models.F('sha256'), name='nomination_paper_once')],
            },
        ),
        migrations.CreateModel(
            name='PanelMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('added_at', models.DateTimeField(auto_now_add=True)),
                ('declared_at', models.DateTimeField(blank=True, null=True)),
                ('left_at', models.DateTimeField(blank=True, null=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='credentials.awardround')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'panel member',
                'verbose_name_plural': 'panel members',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(models.F('round'), models.F('user'), name='panel_member_once')],
            },
        ),
        migrations.CreateModel(
            name='PanelConflict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('automatic', 'same employer, or nominated by them'), ('declared', 'declared by the member')], max_length=10)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('nomination', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conflicts', to='credentials.nomination')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conflicts', to='credentials.panelmember')),
            ],
            options={
                'verbose_name': 'conflict of a panel member',
                'verbose_name_plural': 'conflicts of panel members',
                'constraints': [models.UniqueConstraint(models.F('member'), models.F('nomination'), name='panel_conflict_once'), models.CheckConstraint(condition=models.Q(('kind__in', ('automatic', 'declared'))), name='panel_conflict_kind_is_known')],
            },
        ),
        migrations.CreateModel(
            name='PanelScore',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.PositiveSmallIntegerField()),
                ('indicator', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credentials.awardindicator')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scores', to='credentials.panelmember')),
                ('nomination', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scores', to='credentials.nomination')),
            ],
            options={
                'verbose_name': 'score of a panel member',
                'verbose_name_plural': 'scores of panel members',
                'constraints': [models.UniqueConstraint(models.F('member'), models.F('nomination'), models.F('indicator'), name='panel_score_once'), models.CheckConstraint(condition=models.Q(('value__gte', 0), ('value__lte', 100)), name='panel_score_possible')],
            },
        ),
        migrations.CreateModel(
            name='AwardVote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cast_at', models.DateTimeField(auto_now_add=True)),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='votes', to='credentials.awardround')),
                ('voter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('nomination', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='votes', to='credentials.nomination')),
            ],
            options={
                'verbose_name': 'vote',
                'verbose_name_plural': 'votes',
                'constraints': [models.UniqueConstraint(models.F('round'), models.F('voter'), name='award_vote_once')],
            },
        ),
        migrations.CreateModel(
            name='AwardResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rank', models.PositiveSmallIntegerField()),
                ('panel', models.DecimalField(decimal_places=2, max_digits=6)),
                ('votes', models.PositiveIntegerField()),
                ('total', models.DecimalField(decimal_places=2, max_digits=6)),
                ('judged_by', models.PositiveSmallIntegerField()),
                ('is_winner', models.BooleanField()),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='credentials.awardround')),
                ('nomination', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='result', to='credentials.nomination')),
            ],
            options={
                'verbose_name': 'result of an award round',
                'verbose_name_plural': 'results of award rounds',
                'ordering': ['round', 'rank'],
                'constraints': [models.UniqueConstraint(models.F('round'), models.F('rank'), name='award_result_rank_once'), models.CheckConstraint(condition=models.Q(('is_winner', False), ('judged_by__gte', 1), _connector='OR'), name='award_winner_was_judged')],
            },
        ),
        migrations.CreateModel(
            name='AwardGrant',
            fields=[
                ('result', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='grant', serialize=False, to='credentials.awardresult')),
                ('is_cleared', models.BooleanField()),
                ('waits_for', models.CharField(blank=True, max_length=300)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('commendation', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='award_grant', to='credentials.commendation')),
            ],
            options={
                'verbose_name': 'grant of an award',
                'verbose_name_plural': 'grants of awards',
                'constraints': [models.CheckConstraint(condition=models.Q(('is_cleared', True), ('commendation', None), _connector='OR'), name='award_registered_when_cleared')],
            },
        ),
        ]),
        Guards(_award_guards.guard, _award_guards.unguard),
        append_only('credentials_awardvote'),
        append_only('credentials_awardresult'),
        append_only('credentials_panelconflict'),
        never_deleted('credentials_awardround'),
        never_deleted('credentials_nomination'),
        never_deleted('credentials_panelmember'),
        never_deleted('credentials_panelscore'),
        never_deleted('credentials_awardgrant'),
    ]
