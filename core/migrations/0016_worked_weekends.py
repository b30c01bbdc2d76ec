"""A Saturday or Sunday on which people work stands in the list of holidays."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0015_one_number_one_person'),
    ]

    operations = [
        migrations.AddField(
            model_name='holiday',
            name='is_worked',
            field=models.BooleanField(default=False, help_text='A Saturday or Sunday on which people work, in exchange for a day off at a holiday.', verbose_name='working day at a weekend'),
        ),
    ]
