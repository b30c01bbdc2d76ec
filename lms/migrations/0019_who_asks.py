"""Who asks for leave or a make-up class stands in the request. What the guards of the next migration would refuse is mended."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, OuterRef, Subquery

THERE = ("present", "late", "left_early")


def fill(apps: Any, _schema_editor: Any) -> None:
    """The applicant is whose enrolment it is; a register that is closed was open; a missed class is made up once."""
    enrolments = apps.get_model("lms", "Enrolment").objects.filter(pk=OuterRef("enrolment_id"))
    asked = apps.get_model("lms", "AbsenceRequest").objects
    asked.update(applicant_id=Subquery(enrolments.values("person__user_id")[:1]))
    registers = apps.get_model("lms", "Register").objects
    registers.filter(opened_at=None, closed_at__isnull=False).update(opened_at=F("closed_at"))
    attended = apps.get_model("lms", "Attendance").objects.filter(makes_up__isnull=False, presence__in=THERE)
    seen: set[int] = set()
    for row in attended.order_by("pk"):
        if row.makes_up_id in seen:  # the minutes stay; the missed class counts by the first
            attended.filter(pk=row.pk).update(makes_up=None)
        seen.add(row.makes_up_id)


class Migration(migrations.Migration):
    dependencies = [
        ("lms", "0018_conversations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            model_name="absencerequest",
            name="applicant",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
