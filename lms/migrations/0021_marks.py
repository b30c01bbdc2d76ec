import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from core.audit.append_only import append_only


def keep_given(apps, _schema_editor):
    """Every mark that stands in a submission is a row of its own as well."""
    Submission, GivenMark = apps.get_model("lms", "Submission"), apps.get_model("lms", "GivenMark")
    marked = Submission.objects.filter(state__in=["returned", "passed", "failed"]).order_by("pk")
    rows = marked.values_list("pk", "state", "score", "comment", "marked_at", "marked_by_id")
    names = ("submission_id", "state", "score", "comment", "marked_at", "marked_by_id")
    GivenMark.objects.bulk_create(
        (GivenMark(**dict(zip(names, row, strict=True))) for row in rows.iterator()), batch_size=500
    )


class Migration(migrations.Migration):
    dependencies = [
        ("lms", "0020_attendance_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["visible", "held", "hidden"])), name="post_state_is_known"
            ),
        ),
        migrations.CreateModel(
            name="ExtraAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(editable=False)),
                ("number", models.PositiveSmallIntegerField(verbose_name="attempt")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("granted_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("enrolment", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="extra_attempts", to="lms.enrolment")),
                ("granted_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "extra attempt",
                "verbose_name_plural": "extra attempts",
                "ordering": ["enrolment", "key", "number"],
                "constraints": [
                    models.UniqueConstraint(models.F("enrolment"), models.F("key"), models.F("number"), name="extra_attempt_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="GivenMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(choices=[("draft", "Draft"), ("submitted", "To be marked"), ("returned", "Returned"), ("passed", "Passed"), ("failed", "Not passed")], max_length=10, verbose_name="state")),
                ("score", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="score")),
                ("comment", models.TextField(blank=True, max_length=3000, verbose_name="comment")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("marked_at", models.DateTimeField(verbose_name="marked")),
                ("marked_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="marked by")),
                ("submission", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="marks", to="lms.submission")),
            ],
            options={
                "verbose_name": "mark",
                "verbose_name_plural": "marks",
                "ordering": ["submission", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["returned", "passed", "failed"])), name="given_mark_state_is_known"
                    )
                ],
            },
        ),
        append_only("lms_extraattempt"),
        append_only("lms_givenmark"),
        migrations.RunPython(keep_given, migrations.RunPython.noop),
    ]
