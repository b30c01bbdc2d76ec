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
        migrations.AlterField(
            model_name="attendancerule",
            name="late_after_minutes",
            field=models.PositiveSmallIntegerField(
                default=10,
                help_text="Whoever comes before counts from the beginning; whoever comes later, from the arrival. The same number of minutes holds for the end: whoever leaves earlier than that counts until then, and as left early.",
                verbose_name="late after so many minutes",
            ),
        ),
    ]
