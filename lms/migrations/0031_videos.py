"""Videos of lessons are watched by the server's clock: what is asked, how far each person is, and who watches now."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import wagtail.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0014_languages_for_supervision'),
        ('lms', '0030_packages'),
    ]

    operations = [
        migrations.AddField(
            model_name='coursepage',
            name='daily_minutes',
            field=models.PositiveSmallIntegerField(blank=True, help_text='By the server’s clock, until midnight. Leave it empty for no limit.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1440)], verbose_name='minutes of videos that count on one day'),
        ),
        migrations.AddField(
            model_name='courseversion',
            name='daily_minutes',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='lessonversion',
            name='videos',
            field=models.JSONField(null=True),
        ),
        migrations.AlterField(
            model_name='lessonpage',
            name='body',
            field=wagtail.fields.StreamField([('lead', 0), ('heading', 1), ('text', 2), ('list', 4), ('steps', 8), ('case', 11), ('callout', 14), ('quote', 17), ('image', 21), ('document', 24), ('video', 44), ('audio', 47), ('check', 48)], blank=True, block_lookup={0: ('wagtail.blocks.TextBlock', (), {'icon': 'pilcrow', 'label': 'Lead', 'max_length': 400, 'template': 'core/blocks/lead.html'}), 1: ('wagtail.blocks.CharBlock', (), {'icon': 'h2', 'label': 'Heading', 'max_length': 80, 'template': 'core/blocks/heading.html'}), 2: ('core.blocks.texts.CleanTextBlock', (), {'icon': 'doc-full', 'label': 'Text'}), 3: ('core.blocks.texts.LineBlock', (), {}), 4: ('wagtail.blocks.ListBlock', (3,), {'icon': 'list-ul', 'label': 'List', 'template': 'core/blocks/list.html'}), 5: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 80}), 6: ('core.blocks.texts.LineBlock', (), {'label': 'Text', 'required': False}), 7: ('wagtail.blocks.StructBlock', [[('title', 5), ('text', 6)]], {}), 8: ('wagtail.blocks.ListBlock', (7,), {'icon': 'list-ol', 'label': 'Steps', 'template': 'core/blocks/steps.html'}), 9: ('wagtail.blocks.TextBlock', (), {'help_text': 'No real names; nobody may be recognisable.', 'label': 'The case'}), 10: ('wagtail.blocks.TextBlock', (), {'label': 'Question to think about', 'required': False}), 11: ('wagtail.blocks.StructBlock', [[('title', 5), ('text', 9), ('question', 10)]], {}), 12: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('tip', 'Practical tip'), ('warning', 'Take care'), ('ethics', 'Ethics')], 'label': 'Kind'}), 13: ('core.blocks.texts.LineBlock', (), {'label': 'Text'}), 14: ('wagtail.blocks.StructBlock', [[('kind', 12), ('text', 13)]], {}), 15: ('wagtail.blocks.TextBlock', (), {'label': 'Text'}), 16: ('wagtail.blocks.CharBlock', (), {'label': 'Source', 'max_length': 120, 'required': False}), 17: ('wagtail.blocks.StructBlock', [[('text', 15), ('source', 16)]], {}), 18: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Picture'}), 19: ('wagtail.blocks.CharBlock', (), {'help_text': 'Read aloud to people who cannot see it. Say what matters in it, not “picture of”.', 'label': 'What the picture shows', 'max_length': 200}), 20: ('wagtail.blocks.CharBlock', (), {'label': 'Caption', 'max_length': 200, 'required': False}), 21: ('wagtail.blocks.StructBlock', [[('image', 18), ('alt', 19), ('caption', 20)]], {}), 22: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'label': 'File'}), 23: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 120, 'required': False}), 24: ('wagtail.blocks.StructBlock', [[('document', 22), ('title', 23)]], {}), 25: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 120}), 26: ('core.blocks.media.FileOfKindBlock', ({'.m4v': 'video/mp4', '.mp4': 'video/mp4', '.webm': 'video/webm'},), {'help_text': 'MP4 (H.264) plays on every phone.', 'label': 'Video file'}), 27: ('core.blocks.media.FileOfKindBlock', ({'.vtt': 'text/vtt'},), {'help_text': 'A WebVTT file (.vtt) in Chinese.', 'label': 'Captions'}), 28: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Still picture', 'required': False}), 29: ('wagtail.blocks.BooleanBlock', (), {'default': True, 'help_text': 'Without this, nobody gets beyond what they have watched so far.', 'label': 'May be skipped through on the first view', 'required': False}), 30: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('100', '1×'), ('125', '1.25×'), ('150', '1.5×'), ('200', '2×')], 'label': 'Fastest speed'}), 31: ('wagtail.blocks.IntegerBlock', (), {'default': 95, 'help_text': 'The lesson can be finished once so much of the video was watched. The server’s clock decides.', 'label': 'Share to watch (per cent)', 'max_value': 100, 'min_value': 1}), 32: ('wagtail.blocks.IntegerBlock', (), {'help_text': 'Only where the file does not say it. Otherwise it is read from the file.', 'label': 'Length in seconds', 'max_value': 86400, 'min_value': 1, 'required': False}), 33: ('wagtail.blocks.IntegerBlock', (), {'help_text': '3 min 20 s is 200.', 'label': 'At this second', 'max_value': 86400, 'min_value': 1}), 34: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('single', 'One right answer'), ('multiple', 'Several right answers'), ('true_false', 'Right or wrong')], 'label': 'Kind'}), 35: ('wagtail.blocks.TextBlock', (), {'label': 'Question', 'max_length': 1000}), 36: ('wagtail.blocks.CharBlock', (), {'label': 'Choice', 'max_length': 300}), 37: ('wagtail.blocks.BooleanBlock', (), {'label': 'This is right', 'required': False}), 38: ('wagtail.blocks.StructBlock', [[('text', 36), ('correct', 37)]], {}), 39: ('wagtail.blocks.ListBlock', (38,), {'label': 'Choices'}), 40: ('wagtail.blocks.TextBlock', (), {'help_text': 'Shown after the answer, never before.', 'label': 'Explanation', 'max_length': 1000, 'required': False}), 41: ('wagtail.blocks.StructBlock', [[('kind', 34), ('prompt', 35), ('choices', 39), ('explanation', 40)]], {'label': 'Question'}), 42: ('wagtail.blocks.StructBlock', [[('second', 33), ('question', 41)]], {}), 43: ('wagtail.blocks.ListBlock', (42,), {'default': [], 'label': 'Questions in the video', 'max_num': 30}), 44: ('wagtail.blocks.StructBlock', [[('title', 25), ('file', 26), ('captions', 27), ('poster', 28), ('may_skip', 29), ('max_speed', 30), ('share', 31), ('seconds', 32), ('checkpoints', 43)]], {}), 45: ('core.blocks.media.FileOfKindBlock', ({'.m4a': 'audio/mp4', '.mp3': 'audio/mpeg'},), {'label': 'Sound file'}), 46: ('wagtail.blocks.TextBlock', (), {'help_text': 'For people who cannot hear it.', 'label': 'What is said'}), 47: ('wagtail.blocks.StructBlock', [[('title', 25), ('file', 45), ('transcript', 46)]], {}), 48: ('wagtail.blocks.StructBlock', [[('kind', 34), ('prompt', 35), ('choices', 39), ('explanation', 40)]], {})}, verbose_name='text'),
        ),
        migrations.CreateModel(
            name='Watching',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lesson_key', models.UUIDField()),
                ('medium', models.CharField(max_length=32)),
                ('duration', models.PositiveIntegerField()),
                ('spans', models.JSONField(blank=True, default=list)),
                ('covered', models.PositiveIntegerField(default=0)),
                ('credited', models.PositiveIntegerField(default=0)),
                ('position', models.PositiveIntegerField(default=0)),
                ('answers', models.JSONField(blank=True, default=dict)),
                ('token', models.CharField(blank=True, max_length=32)),
                ('number', models.PositiveIntegerField(default=0)),
                ('heard_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('spare', models.IntegerField(default=0)),
                ('runs', models.BooleanField(default=False)),
                ('day', models.DateField(blank=True, null=True)),
                ('day_credited', models.PositiveIntegerField(default=0)),
                ('day_elsewhere', models.PositiveIntegerField(default=0)),
                ('enrolment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='watchings', to='lms.enrolment')),
            ],
            options={
                'verbose_name': 'watched video',
                'verbose_name_plural': 'watched videos',
            },
        ),
        migrations.CreateModel(
            name='WatchLease',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('taken_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='core.person')),
                ('watching', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='lease', to='lms.watching')),
            ],
            options={
                'verbose_name': 'player in use',
                'verbose_name_plural': 'players in use',
            },
        ),
        migrations.AddConstraint(
            model_name='watching',
            constraint=models.UniqueConstraint(models.F('enrolment'), models.F('lesson_key'), models.F('medium'), name='watching_once'),
        ),
        migrations.AddConstraint(
            model_name='watching',
            constraint=models.CheckConstraint(condition=models.Q(('covered__lte', models.F('duration')), ('position__lte', models.F('duration'))), name='watching_within_the_video'),
        ),
        migrations.AddConstraint(
            model_name='watching',
            constraint=models.CheckConstraint(condition=models.Q(('spare__gte', -2000), ('spare__lte', 600000)), name='watching_clock_bounded'),
        ),
    ]
