import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from core.audit.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('lms', '0045_item_reports'),
    ]

    operations = [
        migrations.AddField(
            model_name='attempt',
            name='holder',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='paperversion',
            name='cool_down',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='paperversion',
            name='one_device',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='paperversion',
            name='per_page',
            field=models.PositiveSmallIntegerField(default=5),
        ),
        migrations.AddField(
            model_name='paperversion',
            name='shuffles',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='paperversion',
            name='watches',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='quizpage',
            name='cool_down',
            field=models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(30000)], verbose_name='minutes between attempts'),
        ),
        migrations.AddField(
            model_name='quizpage',
            name='one_device',
            field=models.BooleanField(default=False, help_text='Whoever goes on elsewhere says so, and the first device takes no more answers.', verbose_name='one device at a time'),
        ),
        migrations.AddField(
            model_name='quizpage',
            name='per_page',
            field=models.PositiveSmallIntegerField(choices=[(5, 'Five'), (1, 'One'), (0, 'A whole section')], default=5, verbose_name='questions on a page'),
        ),
        migrations.AddField(
            model_name='quizpage',
            name='rule',
            field=models.CharField(choices=[('strict', 'Nothing unless it is all right'), ('national', 'As in the national exam: a quarter for each right choice, nothing once one is wrong')], default='strict', max_length=10, verbose_name='several right choices'),
        ),
        migrations.AddField(
            model_name='quizpage',
            name='shuffles',
            field=models.BooleanField(default=False, help_text='Choices too. What is drawn from a bank always comes in another order.', verbose_name='everybody gets the questions in another order'),
        ),
        migrations.AddField(
            model_name='quizpage',
            name='watches',
            field=models.BooleanField(default=False, help_text='Trainees are told before they begin. It never changes a score by itself.', verbose_name='keep when the page is left'),
        ),
        migrations.CreateModel(
            name='AttemptEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(choices=[('opened', 'Opened a page'), ('left', 'Left the page'), ('returned', 'Came back to the page'), ('gap', 'Was without a network'), ('taken', 'Went on on another device')], max_length=10)),
                ('page', models.PositiveSmallIntegerField(null=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('attempt', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='lms.attempt')),
            ],
            options={
                'verbose_name': 'event of an attempt',
                'verbose_name_plural': 'events of attempts',
                'ordering': ['attempt', 'number'],
                'constraints': [models.UniqueConstraint(models.F('attempt'), models.F('number'), name='attempt_event_number_once'), models.CheckConstraint(condition=models.Q(('number__gte', 1), ('number__lte', 500)), name='attempt_events_end'), models.CheckConstraint(condition=models.Q(('kind__in', ['opened', 'left', 'returned', 'gap', 'taken'])), name='attempt_event_is_known')],
            },
        ),
        migrations.CreateModel(
            name='PaperWindow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField()),
                ('opens_at', models.DateTimeField(verbose_name='opens')),
                ('closes_at', models.DateTimeField(verbose_name='closes')),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='paper_windows', to='lms.cohort', verbose_name='cohort')),
            ],
            options={
                'verbose_name': 'time of a quiz',
                'verbose_name_plural': 'times of quizzes',
                'ordering': ['cohort', 'opens_at'],
                'constraints': [models.UniqueConstraint(models.F('cohort'), models.F('key'), name='paper_window_once'), models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at'))), name='paper_window_has_time')],
            },
        ),
        migrations.AlterField(
            model_name='quizpage',
            name='blueprint',
            field=models.TextField(blank=True, help_text='One line for each part: knowledge point | difficulty | kind | number | marks each, such as “社会工作实务/第3章 | 中 | 单选 | 5 | 2”. What is below a point belongs to it; 不限 takes anything, of the kinds 单选, 多选 and 判断. Without marks, or with 0, a question is worth what it says itself. A line such as “# 一、单项选择题” is the heading of those below it.', max_length=5000, verbose_name='blueprint'),
        ),
        append_only("lms_attemptevent"),
        # A changed table, which SQLite has made anew without its triggers.
        append_only("lms_paperversion", again=True),
    ]
