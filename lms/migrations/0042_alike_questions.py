import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('lms', '0041_content_blocks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='questionbank',
            name='alike_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.CreateModel(
            name='AlikePair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('likeness', models.CharField(choices=[('same', 'The same'), ('other_answer', 'The same with another answer'), ('near', 'Nearly the same')], max_length=12)),
                ('share', models.PositiveSmallIntegerField()),
                ('kept_at', models.DateTimeField(null=True)),
                ('bank', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='alike_pairs', to='lms.questionbank')),
                ('first', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='lms.bankquestion')),
                ('kept_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('second', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='lms.bankquestion')),
            ],
            options={
                'verbose_name': 'pair of questions that are alike',
                'verbose_name_plural': 'pairs of questions that are alike',
                'ordering': ['-share', 'pk'],
                'constraints': [models.UniqueConstraint(models.F('first'), models.F('second'), name='alike_pair_once'), models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='alike_pair_in_order'), models.CheckConstraint(condition=models.Q(('likeness__in', ['same', 'other_answer', 'near'])), name='alike_pair_likeness_is_known')],
            },
        ),
    ]
