"""Why a manual entry is another training than what its day has already: asked for from now on, empty before.

The table has no triggers that SQLite could lose by making it anew.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("credentials", "0008_credited_lessons")]
    operations = [
        migrations.AddField(
            model_name="manualentry",
            name="why_another",
            field=models.TextField(
                blank=True, default="", max_length=500, verbose_name="why it is another training"
            ),
            preserve_default=False,
        ),
    ]
