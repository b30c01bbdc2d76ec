"""A session and a gathering are paid for once; what is other later is a line of its own on a later statement."""

import datetime
from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

from core.audit.append_only import append_only


def count_what_was_stated(apps: Any, _schema_editor: Any) -> None:
    """The statements that there are said how many sessions they counted, and not which: those of their month that were
    confirmed by then."""
    lines = apps.get_model("supervision", "AllowanceLine").objects.select_related("statement")
    sessions = apps.get_model("supervision", "Session").objects.filter(state="confirmed")
    counts = apps.get_model("supervision", "AllowanceCount").objects
    for line in lines.order_by("statement_id", "pk"):
        after = (line.month.replace(day=1) + datetime.timedelta(days=31)).replace(day=1)
        begin, end = (
            timezone.make_aware(datetime.datetime.combine(day, datetime.time())) for day in (line.month, after)
        )
        held = sessions.filter(
            pairing__supervisor=line.supervisor_id,
            starts_at__gte=begin,
            starts_at__lt=end,
            confirmed_at__lte=line.statement.issued_at,
        ).exclude(pk__in=counts.exclude(session=None).values("session"))
        counts.bulk_create(
            counts.model(
                line=line,
                supervisor_id=line.supervisor_id,
                month=line.month,
                session_id=pk,
                minutes=minutes,
            )
            for pk, minutes in held.values_list("pk", "minutes")
        )


class Migration(migrations.Migration):

    dependencies = [
        ('supervision', '0019_round_knobs'),
    ]

    operations = [
        migrations.CreateModel(
            name='AllowanceCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(verbose_name='month')),
                ('minutes', models.PositiveSmallIntegerField(verbose_name='minutes')),
            ],
            options={
                'verbose_name': 'session of an allowance statement',
                'verbose_name_plural': 'sessions of allowance statements',
                'ordering': ['line', 'pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='allowanceline',
            name='allowance_line_once_a_statement',
        ),
        migrations.RemoveConstraint(
            model_name='allowanceline',
            name='allowance_line_once_a_month',
        ),
        migrations.RemoveConstraint(
            model_name='allowanceline',
            name='allowance_line_is_possible',
        ),
        migrations.RemoveConstraint(
            model_name='allowancestatement',
            name='allowance_statement_total_is_possible',
        ),
        migrations.AddField(
            model_name='allowanceline',
            name='number',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='allowanceline',
            name='rate',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='supervision.allowancerate'),
        ),
        migrations.AlterField(
            model_name='allowanceline',
            name='minutes',
            field=models.IntegerField(verbose_name='minutes'),
        ),
        migrations.AlterField(
            model_name='allowanceline',
            name='sessions',
            field=models.IntegerField(verbose_name='sessions'),
        ),
        migrations.AddConstraint(
            model_name='allowanceline',
            constraint=models.UniqueConstraint(models.F('statement'), models.F('supervisor'), models.F('month'), name='allowance_line_once_a_statement'),
        ),
        migrations.AddConstraint(
            model_name='allowanceline',
            constraint=models.UniqueConstraint(condition=models.Q(('is_correction', False)), fields=('supervisor', 'month', 'number'), name='allowance_line_once_a_month'),
        ),
        migrations.AddConstraint(
            model_name='allowanceline',
            constraint=models.CheckConstraint(condition=models.Q(('number__gt', 0), models.Q(('amount__gte', 0), ('minutes__gte', 0), ('sessions__gte', 0)), _connector='OR'), name='allowance_line_is_possible'),
        ),
        migrations.AddField(
            model_name='allowancecount',
            name='gathering',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='supervision.gathering', verbose_name='gathering'),
        ),
        migrations.AddField(
            model_name='allowancecount',
            name='line',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='counts', to='supervision.allowanceline'),
        ),
        migrations.AddField(
            model_name='allowancecount',
            name='session',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='supervision.session', verbose_name='session'),
        ),
        migrations.AddField(
            model_name='allowancecount',
            name='supervisor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='supervision.supervisor', verbose_name='supervisor'),
        ),
        migrations.AddIndex(
            model_name='allowancecount',
            index=models.Index(fields=['supervisor', 'month'], name='allowance_count_by_month'),
        ),
        migrations.AddConstraint(
            model_name='allowancecount',
            constraint=models.UniqueConstraint(fields=('session',), name='allowance_session_paid_once'),
        ),
        migrations.AddConstraint(
            model_name='allowancecount',
            constraint=models.UniqueConstraint(fields=('gathering',), name='allowance_gathering_paid_once'),
        ),
        migrations.AddConstraint(
            model_name='allowancecount',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('gathering', None), ('session__isnull', False)), models.Q(('gathering__isnull', False), ('session', None)), _connector='OR'), name='allowance_counts_one_thing'),
        ),
        append_only("supervision_allowancestatement", again=True),
        append_only("supervision_allowanceline", again=True),
        append_only("supervision_allowancecount"),
        migrations.RunPython(count_what_was_stated, migrations.RunPython.noop),
    ]
