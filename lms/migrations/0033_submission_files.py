import django.db.models.deletion
from django.db import migrations, models


def keep_files(apps, _schema_editor):
    """The one file that a submission had is its first one now."""
    Submission, SubmissionFile = apps.get_model("lms", "Submission"), apps.get_model("lms", "SubmissionFile")
    rows = Submission.objects.filter(attachment__isnull=False).order_by("pk").values_list("pk", "attachment_id")
    SubmissionFile.objects.bulk_create(
        (SubmissionFile(submission_id=pk, attachment_id=file, position=1) for pk, file in rows.iterator()),
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [("core", "0008_attachments"), ("lms", "0032_questions")]

    operations = [
        migrations.CreateModel(
            name="SubmissionFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "attachment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.attachment"
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="files", to="lms.submission"
                    ),
                ),
            ],
            options={
                "verbose_name": "file of a submission",
                "verbose_name_plural": "files of submissions",
                "ordering": ["submission", "position"],
                "constraints": [
                    models.UniqueConstraint("submission", "position", name="submission_file_place_once"),
                    models.UniqueConstraint("attachment", name="submission_file_kept_once"),
                    models.CheckConstraint(
                        condition=models.Q(position__gte=1, position__lte=5), name="submission_files_at_most"
                    ),
                ],
            },
        ),
        migrations.RunPython(keep_files, migrations.RunPython.noop),
    ]
