
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from core.audit.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('lms', '0043_marking'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Regrade',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.CharField(max_length=40)),
                ('number', models.PositiveSmallIntegerField()),
                ('remedy', models.CharField(choices=[('key', 'Correct the key'), ('full', 'Void: everybody gets all its points'), ('out', 'Void: it does not count')], max_length=4, verbose_name='remedy')),
                ('change', models.JSONField(default=dict)),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='corrected')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='regrades', to='lms.paperversion')),
            ],
            options={
                'verbose_name': 'correction of a key',
                'verbose_name_plural': 'corrections of keys',
                'ordering': ['paper', 'question', 'number'],
            },
        ),
        migrations.CreateModel(
            name='RegradeLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('points_before', models.DecimalField(decimal_places=2, max_digits=8, null=True)),
                ('points_after', models.DecimalField(decimal_places=2, max_digits=8, null=True)),
                ('before', models.PositiveSmallIntegerField(null=True)),
                ('after', models.PositiveSmallIntegerField(null=True)),
                ('passed_before', models.BooleanField(null=True)),
                ('passed_after', models.BooleanField(null=True)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('attempt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='regrades', to='lms.attempt')),
                ('regrade', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='lms.regrade')),
            ],
            options={
                'verbose_name': 'regraded attempt',
                'verbose_name_plural': 'regraded attempts',
                'ordering': ['regrade', 'pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='regrade',
            constraint=models.UniqueConstraint(models.F('paper'), models.F('question'), models.F('number'), name='regrade_number_once'),
        ),
        migrations.AddConstraint(
            model_name='regrade',
            constraint=models.CheckConstraint(condition=models.Q(('remedy__in', ['key', 'full', 'out'])), name='regrade_remedy_is_known'),
        ),
        migrations.AddConstraint(
            model_name='regradeline',
            constraint=models.UniqueConstraint(models.F('regrade'), models.F('attempt'), name='regrade_line_once'),
        ),
        append_only("lms_regrade"),
        append_only("lms_regradeline"),
    ]
