
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import uuid
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models

from core.audit.append_only import append_only, never_deleted
from core.audit.guards import Guards, refusing


def _readings(_differs, _as_text):
    return {"reading_given_stays": ("lms_reading", "UPDATE", "OLD.given_at IS NOT NULL")}


class Migration(migrations.Migration):

    dependencies = [
        ('lms', '0042_alike_questions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='paperversion',
            name='marking',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='quizpage',
            name='difference',
            field=models.DecimalField(decimal_places=2, default=Decimal('1'), max_digits=5, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='a third reads when two differ by more than'),
        ),
        migrations.AddField(
            model_name='quizpage',
            name='difference_unit',
            field=models.CharField(choices=[('points', 'points'), ('percent', 'per cent of the question')], default='points', max_length=10, verbose_name='measured in'),
        ),
        migrations.AddField(
            model_name='quizpage',
            name='is_anonymous',
            field=models.BooleanField(default=True, help_text='Until the result is there.', verbose_name='readers do not see whose answer it is'),
        ),
        migrations.AddField(
            model_name='quizpage',
            name='points_step',
            field=models.DecimalField(choices=[(Decimal('0.50'), '0.5'), (Decimal('0.01'), '0.01')], decimal_places=2, default=Decimal('0.50'), max_digits=3, verbose_name='points are given in steps of'),
        ),
        migrations.AddField(
            model_name='quizpage',
            name='readers',
            field=models.PositiveSmallIntegerField(choices=[(1, 'One'), (2, 'Two, each without the other')], default=1, verbose_name='readers of each answer'),
        ),
        migrations.AddField(
            model_name='quizpage',
            name='rubric',
            field=models.TextField(blank=True, help_text='One criterion on a line with its per cent of the points, such as “要点完整 | 60”.', max_length=1500, verbose_name='what essays are read for'),
        ),
        migrations.AddField(
            model_name='quizpage',
            name='third_reading',
            field=models.CharField(choices=[('decides', 'decides alone'), ('nearer', 'counts with the nearer of the two')], default='decides', max_length=10, verbose_name='the third reading'),
        ),
        migrations.CreateModel(
            name='PointsCorrection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('before', models.DecimalField(decimal_places=2, max_digits=7)),
                ('points', models.DecimalField(decimal_places=2, max_digits=7, verbose_name='points')),
                ('remark', models.TextField(blank=True, max_length=3000, verbose_name='remark')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='lms.answer')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'correction of points',
                'verbose_name_plural': 'corrections of points',
                'ordering': ['answer', 'number'],
                'constraints': [models.UniqueConstraint(models.F('answer'), models.F('number'), name='points_correction_once'), models.CheckConstraint(condition=models.Q(('points__gte', 0)), name='points_correction_possible')],
            },
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('round', models.PositiveSmallIntegerField(verbose_name='reading')),
                ('taken_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('lease_until', models.DateTimeField()),
                ('points', models.DecimalField(blank=True, decimal_places=2, max_digits=7, null=True, verbose_name='points')),
                ('most', models.DecimalField(decimal_places=2, max_digits=7)),
                ('criteria', models.JSONField(default=list)),
                ('remark', models.TextField(blank=True, max_length=3000, verbose_name='remark')),
                ('given_at', models.DateTimeField(blank=True, null=True, verbose_name='given')),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readings', to='lms.answer')),
                ('reader', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'reading',
                'verbose_name_plural': 'readings',
                'ordering': ['answer', 'round'],
                'constraints': [models.UniqueConstraint(models.F('answer'), models.F('round'), name='reading_round_once'), models.UniqueConstraint(models.F('answer'), models.F('reader'), name='reading_reader_once'), models.CheckConstraint(condition=models.Q(('round__gte', 1), ('round__lte', 3)), name='reading_round_possible'), models.CheckConstraint(condition=models.Q(models.Q(('given_at', None), ('points', None)), models.Q(('given_at__isnull', False), ('points__gte', 0), ('points__isnull', False)), _connector='OR'), name='reading_given_has_points')],
            },
        ),
        # A changed table, which SQLite has made anew without its triggers.
        append_only("lms_paperversion", again=True),
        append_only("lms_pointscorrection"),
        never_deleted("lms_reading"),
        Guards(*refusing("what a reader gave stays as it is", _readings)),
    ]
