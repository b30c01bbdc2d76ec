"""Companion projects: what they are to bring forth, their visits, and how all evaluate them at the end."""

import core.people.sealed
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0012_said_in_both_languages'),
        ('supervision', '0013_circles'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CompanionProject',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('goals', models.TextField(max_length=1000, verbose_name='goals')),
                ('starts_on', models.DateField(verbose_name='first day')),
                ('ends_on', models.DateField(verbose_name='last day')),
                ('state', models.CharField(choices=[('running', 'Under way'), ('closing', 'Being evaluated'), ('closed', 'Completed'), ('stopped', 'Stopped')], default='running', max_length=8, verbose_name='state')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='made')),
                ('mentees', models.ManyToManyField(related_name='companion_projects', to='core.person', verbose_name='mentees')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation', verbose_name='organisation')),
                ('supervisor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='projects', to='supervision.supervisor', verbose_name='supervisor')),
            ],
            options={
                'verbose_name': 'companion project',
                'verbose_name_plural': 'companion projects',
                'ordering': ['-starts_on', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Deliverable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('due_on', models.DateField(verbose_name='due')),
                ('state', models.CharField(choices=[('planned', 'Planned'), ('handed_in', 'Handed in'), ('accepted', 'Accepted'), ('dropped', 'Dropped')], default='planned', max_length=9, verbose_name='state')),
                ('message', core.people.sealed.SealedTextField(blank=True)),
                ('note', core.people.sealed.SealedTextField(blank=True, verbose_name='note')),
                ('handed_in_at', models.DateTimeField(blank=True, null=True, verbose_name='handed in')),
                ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='accepted')),
                ('files', models.ManyToManyField(blank=True, related_name='+', to='core.attachment', verbose_name='documents')),
                ('handed_in_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.person')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliverables', to='supervision.companionproject', verbose_name='companion project')),
            ],
            options={
                'verbose_name': 'deliverable',
                'verbose_name_plural': 'deliverables',
                'ordering': ['due_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ProjectEvaluation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mark', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(5)], verbose_name='mark')),
                ('text', core.people.sealed.SealedTextField(verbose_name='evaluation')),
                ('written_at', models.DateTimeField(auto_now_add=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.person')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='evaluations', to='supervision.companionproject')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'evaluation of a project',
                'verbose_name_plural': 'evaluations of projects',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='ProjectVisit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('linked_at', models.DateTimeField(auto_now_add=True)),
                ('gathering', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visit', to='supervision.gathering', verbose_name='gathering')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='supervision.companionproject', verbose_name='companion project')),
                ('session', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visit', to='supervision.session', verbose_name='session')),
            ],
            options={
                'verbose_name': 'visit of a project',
                'verbose_name_plural': 'visits of a project',
                'ordering': ['pk'],
            },
        ),
        migrations.AddIndex(
            model_name='companionproject',
            index=models.Index(fields=['supervisor', 'state'], name='project_by_supervisor'),
        ),
        migrations.AddConstraint(
            model_name='companionproject',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='project_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='companionproject',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('state__in', ['closing', 'running'])), models.Q(('ended_at__isnull', False), ('state', 'closed')), models.Q(('ended_at__isnull', False), ('state', 'stopped'), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='project_ends_at_a_time'),
        ),
        migrations.AddIndex(
            model_name='deliverable',
            index=models.Index(fields=['state', 'due_on'], name='deliverable_by_day'),
        ),
        migrations.AddConstraint(
            model_name='deliverable',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('accepted_at__isnull', False), ('state', 'accepted')), models.Q(models.Q(('state', 'accepted'), _negated=True), ('accepted_at', None)), _connector='OR'), name='deliverable_accepted_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='deliverable',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'dropped']), models.Q(('handed_in_at__isnull', False), ('handed_in_by__isnull', False)), _connector='OR'), name='deliverable_handed_in_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='projectevaluation',
            constraint=models.UniqueConstraint(models.F('project'), models.F('author'), name='project_evaluated_once_each'),
        ),
        migrations.AddConstraint(
            model_name='projectevaluation',
            constraint=models.CheckConstraint(condition=models.Q(('mark__gte', 1), ('mark__lte', 5)), name='project_mark_is_possible'),
        ),
        migrations.AddConstraint(
            model_name='projectvisit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('gathering__isnull', False), ('session', None)), models.Q(('gathering', None), ('session__isnull', False)), _connector='OR'), name='visit_is_one_of_the_two'),
        ),
    ]
