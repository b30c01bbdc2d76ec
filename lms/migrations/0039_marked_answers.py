from django.db import migrations, models

from core.audit.append_only import append_only


def marked_then(apps, schema_editor):
    """What was handed in before was marked at once, and every question counted one point. Of drawn papers, which weigh
    their questions, the points stay unknown: their result is known."""
    attempts = apps.get_model("lms", "Attempt").objects.exclude(state="open")
    attempts.update(marked_at=models.F("finished_at"))
    attempts.filter(questions=None).update(points=models.F("right"), most=models.F("total"))


class Migration(migrations.Migration):

    dependencies = [
        ('lms', '0038_drawn_papers'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='attempt',
            name='attempt_scored_at_end',
        ),
        migrations.AddField(
            model_name='answer',
            name='is_read',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='answer',
            name='points',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=7, null=True),
        ),
        migrations.AddField(
            model_name='attempt',
            name='marked_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='attempt',
            name='most',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True),
        ),
        migrations.AddField(
            model_name='attempt',
            name='points',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True, verbose_name='points'),
        ),
        migrations.AddField(
            model_name='paperversion',
            name='rules',
            field=models.JSONField(default=dict),
        ),
        migrations.RunPython(marked_then, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at', None), ('marked_at', None), ('passed', None), ('percent', None), ('state', 'open')), models.Q(('finished_at__isnull', False), ('marked_at', None), ('passed', None), ('percent', None), ('state__in', ['submitted', 'expired'])), models.Q(('finished_at__isnull', False), ('marked_at__isnull', False), ('passed__isnull', False), ('percent__isnull', False), ('percent__lte', 100), ('state__in', ['submitted', 'expired'])), _connector='OR'), name='attempt_scored_at_end'),
        ),
        # A changed table, which SQLite has made anew without its triggers.
        append_only("lms_paperversion", again=True),
    ]
