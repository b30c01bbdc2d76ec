"""Forecasts of what a policy would cost; none is deleted."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from core.audit.append_only import never_deleted
from core.migrations._together import CreateModels


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0014_languages_for_supervision'),
        ('credentials', '0017_public_notices'),
    ]

    operations = [
        CreateModels([
        migrations.CreateModel(
            name='Forecast',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=80, verbose_name='name')),
                ('text', models.TextField()),
                ('changed_text', models.TextField()),
                ('answers', models.JSONField(default=dict)),
                ('turned', models.JSONField(default=dict)),
                ('on', models.DateField(verbose_name='day')),
                ('result', models.JSONField(default=dict)),
                ('asked_at', models.DateTimeField(auto_now_add=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('job', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.job')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation', verbose_name='people of')),
                ('subsidy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='forecasts', to='credentials.subsidypolicy')),
            ],
            options={
                'verbose_name': 'forecast',
                'verbose_name_plural': 'forecasts',
                'ordering': ['-pk'],
            },
        ),
        ]),
        never_deleted('credentials_forecast'),
    ]
