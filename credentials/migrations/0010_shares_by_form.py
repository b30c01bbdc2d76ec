"""How far supervision together with others counts, by the dated rules: all of it, as before, where none says otherwise."""

import django.core.validators
from django.db import migrations, models

from core.audit.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0012_said_in_both_languages'),
        ('credentials', '0009_why_another'),
    ]

    operations = [
        migrations.AddField(
            model_name='hoursrule',
            name='group_share',
            field=models.PositiveSmallIntegerField(default=100, help_text='100 or empty: every minute. Whole minutes, never rounded up.', validators=[django.core.validators.MaxValueValidator(100)], verbose_name='share of group supervision that counts, in percent'),
        ),
        migrations.AddField(
            model_name='hoursrule',
            name='open_share',
            field=models.PositiveSmallIntegerField(default=100, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='share of open classes of supervision that counts, in percent'),
        ),
        migrations.AddField(
            model_name='hoursrule',
            name='peer_share',
            field=models.PositiveSmallIntegerField(default=100, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='share of peer circles that counts, in percent'),
        ),
        migrations.AddField(
            model_name='hoursrule',
            name='together_minutes',
            field=models.PositiveIntegerField(blank=True, help_text='Groups, peer circles and open classes of one person in a calendar year. Empty: no limit.', null=True, validators=[django.core.validators.MaxValueValidator(60000)], verbose_name='most minutes a year of supervision together with others'),
        ),
        migrations.AddConstraint(
            model_name='hoursrule',
            constraint=models.CheckConstraint(condition=models.Q(('group_share__lte', 100), ('open_share__lte', 100), ('peer_share__lte', 100)), name='hours_rule_shares_possible'),
        ),
        append_only("credentials_hoursrule", again=True),
    ]
