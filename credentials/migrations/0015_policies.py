"""Subsidy policies and their published versions: versions are only added, no policy is deleted."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.audit.append_only import append_only, never_deleted
from core.migrations._together import CreateModels


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0014_languages_for_supervision'),
        ('credentials', '0014_nothing_deleted'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModels([
        migrations.CreateModel(
            name='SubsidyPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=60, unique=True, verbose_name='code')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('draft', models.TextField(verbose_name='text')),
                ('answers', models.JSONField(default=dict)),
                ('cases', models.TextField(blank=True, verbose_name='cases')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation', verbose_name='authority')),
            ],
            options={
                'verbose_name': 'subsidy policy',
                'verbose_name_plural': 'subsidy policies',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='PolicyVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('text', models.TextField()),
                ('answers', models.JSONField(default=dict)),
                ('sha256', models.CharField(max_length=64)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField(null=True)),
                ('published_at', models.DateTimeField(auto_now_add=True)),
                ('published_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('subsidy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='credentials.subsidypolicy')),
            ],
            options={
                'verbose_name': 'version of a subsidy policy',
                'verbose_name_plural': 'versions of subsidy policies',
                'ordering': ['subsidy', '-number'],
                'constraints': [models.UniqueConstraint(fields=('subsidy', 'number'), name='policy_version_numbered'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='policy_ends_after_it_starts')],
            },
        ),
        ]),
        append_only('credentials_policyversion'),
        never_deleted('credentials_subsidypolicy'),
    ]
