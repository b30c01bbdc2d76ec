"""One-to-one sessions have their most of a year too, and what did not count is kept by name; none where no rule says so."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

from core.audit.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('credentials', '0010_shares_by_form'),
    ]

    operations = [
        migrations.AddField(
            model_name='hoursrule',
            name='single_minutes',
            field=models.PositiveIntegerField(blank=True, help_text='One-to-one sessions of one person in a calendar year; being supervised and supervising each by itself. Empty: no limit.', null=True, validators=[django.core.validators.MaxValueValidator(60000)], verbose_name='most minutes a year of one-to-one supervision'),
        ),
        migrations.AddField(
            model_name='skippedcredit',
            name='occurred_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='skippedcredit',
            name='rule',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credentials.hoursrule'),
        ),
        migrations.AddField(
            model_name='skippedcredit',
            name='title',
            field=models.CharField(blank=True, max_length=255),
        ),
        migrations.AddField(
            model_name='skippedcredit',
            name='title_en',
            field=models.CharField(blank=True, max_length=255),
        ),
        migrations.AlterField(
            model_name='skippedcredit',
            name='covered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='credentials.hoursentry'),
        ),
        append_only("credentials_hoursrule", again=True),
    ]
