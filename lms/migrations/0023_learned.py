"""What was learned of a course is frozen at its completion: the minutes of the lessons done, not those of the course."""

from typing import Any

from django.db import migrations, models


def freeze(apps: Any, _schema_editor: Any) -> None:
    """Who has completed a course before: the lessons that they had done then, with the minutes of their version."""
    enrolments = apps.get_model("lms", "Enrolment").objects
    progress = apps.get_model("lms", "LessonProgress").objects
    planned: dict[int, dict[str, int]] = {}
    for row in enrolments.filter(state="completed").select_related("version").order_by("pk").iterator():
        if row.version_id not in planned:
            items = [item for section in row.version.outline for item in section.get("items", ())]
            planned[row.version_id] = {
                str(item["key"]): int(item.get("minutes") or 0) for item in items if item["kind"] == "lesson"
            }
        done = progress.filter(enrolment_id=row.pk, completed_at__isnull=False)
        keys = {str(key) for key in done.values_list("lesson__key", flat=True)}
        learned = {key: minutes for key, minutes in planned[row.version_id].items() if key in keys}
        enrolments.filter(pk=row.pk).update(learned=learned)


class Migration(migrations.Migration):
    dependencies = [("lms", "0022_never_changed")]
    operations = [
        migrations.AddField(
            model_name="enrolment",
            name="learned",
            field=models.JSONField(blank=True, editable=False, null=True),
        ),
        migrations.RunPython(freeze, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "completed"), _negated=True) | models.Q(("learned__isnull", False)),
                name="enrolment_completed_has_minutes",
            ),
        ),
    ]
