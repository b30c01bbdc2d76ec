"""The honour roll."""

import core.access.pages
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cms', '0003_public_notice_index'),
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.CreateModel(
            name='HonourRollPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('title_en', models.CharField(blank=True, max_length=255, verbose_name='English title')),
                ('intro', models.TextField(blank=True, max_length=300, verbose_name='introduction')),
                ('intro_en', models.TextField(blank=True, max_length=500, verbose_name='English introduction')),
            ],
            options={
                'verbose_name': 'honour roll',
            },
            bases=(core.access.pages.TreePage, 'wagtailcore.page'),
        ),
    ]
