"""Badges, their achievements and status lists; a badge and an achievement are never changed."""

import django.db.models.deletion
from django.db import migrations, models

from core.audit.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0014_languages_for_supervision'),
        ('credentials', '0012_keys'),
    ]

    operations = [
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
            },
        ),
        migrations.AddConstraint(
            model_name='statuslist',
            constraint=models.UniqueConstraint(fields=('organisation', 'number'), name='status_list_numbered'),
        ),
        migrations.AddConstraint(
            model_name='badge',
            constraint=models.UniqueConstraint(fields=('status_list', 'status_index'), name='badge_has_a_place_of_its_own'),
        ),
        migrations.AddConstraint(
            model_name='badge',
            constraint=models.CheckConstraint(condition=models.Q(('status_index__lt', 131072)), name='badge_place_is_in_the_list'),
        ),
        migrations.AddConstraint(
            model_name='badge',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('credential', ''), _negated=True), models.Q(('token', ''), _negated=True)), name='badge_is_signed'),
        ),
        append_only("credentials_badge"),
        append_only("credentials_achievement"),
        append_only("credentials_statuslist"),
    ]
