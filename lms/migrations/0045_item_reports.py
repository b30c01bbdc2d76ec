
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('lms', '0044_regrades'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ItemReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('people', models.PositiveIntegerField(verbose_name='people')),
                ('left_out', models.PositiveIntegerField(default=0)),
                ('alpha', models.FloatField(null=True)),
                ('items', models.JSONField(default=list)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='made')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('paper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='item_reports', to='lms.paperversion')),
            ],
            options={
                'verbose_name': 'item analysis',
                'verbose_name_plural': 'item analyses',
                'constraints': [models.UniqueConstraint(models.F('paper'), models.F('made_by'), name='item_report_once')],
            },
        ),
    ]
