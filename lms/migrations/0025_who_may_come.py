"""Steps of a cohort that somebody has left are archived: they decide nothing there. A cohort has a place at least."""

from typing import Any

from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

STEPS = {
    "approval_step_numbered_once": ["enrolment", "number"],
    "approval_organisation_once": ["enrolment", "organisation"],
    "approval_person_once": ["enrolment", "decided_by"],
}


def archive_brought(apps: Any, _schema_editor: Any) -> None:
    """An application under review with decided steps only has brought them from another cohort: whoever refuses ends it,
    and whoever approves last admits."""
    steps = apps.get_model("lms", "ApprovalStep").objects
    waiting = steps.filter(enrolment=models.OuterRef("enrolment"), state="waiting")
    brought = steps.filter(~models.Exists(waiting), enrolment__state="applied")
    ids = list(brought.values_list("pk", flat=True))
    steps.filter(pk__in=ids).update(archived_at=timezone.now())


def give_a_place(apps: Any, _schema_editor: Any) -> None:
    """A cohort without places takes nobody, and has nobody: with one it can stand."""
    apps.get_model("lms", "Cohort").objects.filter(capacity=0).update(capacity=1)


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0009_imports"),
        ("lms", "0023_learned"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        *(migrations.RemoveConstraint(model_name="approvalstep", name=name) for name in STEPS),
        migrations.AddField(
            model_name="approvalstep",
            name="archived_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="archived"),
        ),
        *(
            migrations.AddConstraint(
                model_name="approvalstep",
                constraint=models.UniqueConstraint(
                    condition=models.Q(("archived_at", None)), fields=fields, name=name
                ),
            )
            for name, fields in STEPS.items()
        ),
        migrations.RunPython(archive_brought, migrations.RunPython.noop),
        migrations.RunPython(give_a_place, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="cohort",
            constraint=models.CheckConstraint(
                condition=models.Q(("capacity__gte", 1)),
                name="cohort_has_a_place",
                violation_error_message="A cohort needs at least one place.",
            ),
        ),
    ]
