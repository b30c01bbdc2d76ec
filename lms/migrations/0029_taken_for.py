"""An applied participant list keeps whom its names were taken for, so that a later list of the class adds to it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lms", "0028_plan_of_course")]
    operations = [
        migrations.AddField(
            model_name="participantlist",
            name="taken_for",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
