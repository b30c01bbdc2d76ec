"""Who objected is forgotten in time; what becomes of a place that an objection empties, and who moves up into it."""

import django.db.models.deletion
from django.db import migrations, models

from core.audit.append_only import append_only, never_deleted


class Migration(migrations.Migration):

    dependencies = [
        ('credentials', '0022_payments_finishing'),
    ]

    operations = [
        migrations.AddField(
            model_name='objection',
            name='erased_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name='objection',
            constraint=models.CheckConstraint(condition=models.Q(('erased_at', None), models.Q(models.Q(('state', 'open'), _negated=True), ('filed_by', None)), _connector='OR'), name='objection_erased_when_answered'),
        ),
        # Rounds that were announced without a word about it keep what they did: the place stays empty.
        migrations.AddField(
            model_name='awardround',
            name='vacant',
            field=models.CharField(choices=[('next', 'Goes to the next in order, after a public notice of their own'), ('empty', 'Stays empty')], default='empty', max_length=10, verbose_name='a place that an objection empties'),
        ),
        migrations.AlterField(
            model_name='awardround',
            name='vacant',
            field=models.CharField(choices=[('next', 'Goes to the next in order, after a public notice of their own'), ('empty', 'Stays empty')], default='next', max_length=10, verbose_name='a place that an objection empties'),
        ),
        migrations.AddConstraint(
            model_name='awardround',
            constraint=models.CheckConstraint(condition=models.Q(('vacant__in', ['next', 'empty'])), name='award_round_vacancy_is_known'),
        ),
        migrations.CreateModel(
            name='AwardSuccession',
            fields=[
                ('result', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='succession', serialize=False, to='credentials.awardresult')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('instead_of', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='succeeded_by', to='credentials.awardresult')),
            ],
            options={
                'verbose_name': 'succession to a place of an award',
                'verbose_name_plural': 'successions to places of awards',
                'constraints': [models.CheckConstraint(condition=models.Q(('result', models.F('instead_of')), _negated=True), name='award_succession_of_another')],
            },
        ),
        append_only('credentials_awardsuccession'),
        never_deleted('credentials_objection', again=True),
        never_deleted('credentials_awardround', again=True),
    ]
