"""Imports say what is wrong, and what they are called, in English too. Rows from before keep what they say."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0011_activation_makers'),
    ]

    operations = [
        migrations.AddField(
            model_name='importline',
            name='column_en',
            field=models.CharField(blank=True, default='', max_length=160),
        ),
        migrations.AddField(
            model_name='importline',
            name='message_en',
            field=models.CharField(blank=True, default='', max_length=2000),
        ),
        migrations.AddField(
            model_name='sheetimport',
            name='title_en',
            field=models.CharField(blank=True, default='', max_length=200),
        ),
    ]
