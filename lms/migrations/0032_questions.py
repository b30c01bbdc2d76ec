"""Banks of questions, their knowledge points, questions and revisions; a revision never changes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


from core.audit.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0014_languages_for_supervision'),
        ('lms', '0031_videos'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='QuestionBank',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, verbose_name='code')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('title_en', models.CharField(blank=True, max_length=160, verbose_name='English title')),
                ('last_number', models.PositiveIntegerField(default=0, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('organisation', models.ForeignKey(help_text='It and everything below it can use these questions.', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation', verbose_name='organisation')),
            ],
            options={
                'verbose_name': 'question bank',
                'verbose_name_plural': 'question banks',
                'ordering': ['title', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='KnowledgePoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('path', models.CharField(max_length=600)),
                ('depth', models.PositiveSmallIntegerField(default=1)),
                ('position', models.PositiveIntegerField(default=0)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='lms.knowledgepoint')),
                ('bank', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='points', to='lms.questionbank')),
            ],
            options={
                'verbose_name': 'knowledge point',
                'verbose_name_plural': 'knowledge points',
                'ordering': ['bank', 'position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='BankQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60, verbose_name='key')),
                ('kind', models.CharField(choices=[('single', 'Single choice'), ('multiple', 'Multiple choice'), ('true_false', 'True or false'), ('fill_in', 'Fill in the blanks'), ('matching', 'Matching'), ('ordering', 'Ordering'), ('numeric', 'Number'), ('short', 'Short answer'), ('essay', 'Essay'), ('case', 'Case analysis')], max_length=10, verbose_name='kind')),
                ('difficulty', models.CharField(choices=[('easy', 'Easy'), ('medium', 'Medium'), ('hard', 'Hard')], max_length=6, verbose_name='difficulty')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('in_use', 'In use'), ('retired', 'Retired')], default='draft', max_length=8, verbose_name='state')),
                ('number', models.PositiveIntegerField(default=1, verbose_name='revision')),
                ('prompt', models.CharField(max_length=400, verbose_name='question')),
                ('text', models.TextField(blank=True)),
                ('fingerprint', models.CharField(max_length=64)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('point', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='lms.knowledgepoint', verbose_name='knowledge point')),
                ('bank', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='lms.questionbank', verbose_name='question bank')),
            ],
            options={
                'verbose_name': 'question of a bank',
                'verbose_name_plural': 'questions of a bank',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='QuestionRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='revision')),
                ('content', models.JSONField()),
                ('fingerprint', models.CharField(db_index=True, max_length=64)),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='lms.bankquestion')),
            ],
            options={
                'verbose_name': 'revision of a question',
                'verbose_name_plural': 'revisions of a question',
                'ordering': ['question', '-number'],
            },
        ),
        migrations.AddConstraint(
            model_name='questionbank',
            constraint=models.UniqueConstraint(models.F('organisation'), models.F('code'), name='question_bank_code_once', violation_error_message='There is a bank with this code already. Choose another code.'),
        ),
        migrations.AddConstraint(
            model_name='knowledgepoint',
            constraint=models.UniqueConstraint(models.F('bank'), models.F('path'), name='knowledge_point_path_once'),
        ),
        migrations.AddIndex(
            model_name='bankquestion',
            index=models.Index(fields=['bank', 'state', 'kind', 'difficulty'], name='bank_question_drawn'),
        ),
        migrations.AddConstraint(
            model_name='bankquestion',
            constraint=models.UniqueConstraint(models.F('bank'), models.F('key'), name='bank_question_key_once'),
        ),
        migrations.AddConstraint(
            model_name='bankquestion',
            constraint=models.UniqueConstraint(models.F('bank'), models.F('fingerprint'), name='bank_question_content_once'),
        ),
        migrations.AddConstraint(
            model_name='bankquestion',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'in_use', 'retired'])), name='bank_question_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='questionrevision',
            constraint=models.UniqueConstraint(models.F('question'), models.F('number'), name='question_revision_once'),
        ),
        append_only("lms_questionrevision"),
    ]
