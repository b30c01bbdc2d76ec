"""The database knows the states of periods and of manual entries, and the kinds of training; and what added nothing."""

from importlib import import_module
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from core.audit.guards import Guards

_apart = import_module("credentials.migrations.0005_guards_and_levels")


def guard_again(apps: Any, schema_editor: Any) -> None:
    """SQLite makes a changed table anew, and the triggers that keep periods apart are gone; PostgreSQL has kept them."""
    _apart.unguard(apps, schema_editor)
    _apart.guard(apps, schema_editor)


def remember(apps: Any, _schema_editor: Any) -> None:
    """What was said to add nothing before there was a row for it: the audit entry at the covering entry knows."""
    entries = apps.get_model("credentials", "HoursEntry")
    skipped = apps.get_model("credentials", "SkippedCredit")
    told = apps.get_model("core", "AuditEntry").objects.filter(action="credentials.skip_credit").order_by("pk")
    for audited in told.iterator():
        source = (audited.data.get("after") or {}).get("source", "")
        covering = entries.objects.filter(pk=int(audited.target_id)).first()
        if source and covering is not None:
            known = {"minutes": 0, "covered_by": covering}  # how many were asked for was not kept
            skipped.objects.get_or_create(person_id=covering.person_id, source=source, defaults=known)


class Migration(migrations.Migration):
    dependencies = [("core", "0009_imports"), ("credentials", "0005_guards_and_levels")]
    operations = [
        Guards(Guards.noop, guard_again),
        migrations.AddConstraint(
            model_name="registrationperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(state__in=["declared", "verified", "returned", "withdrawn"]),
                name="period_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="manualentry",
            constraint=models.CheckConstraint(
                condition=models.Q(state__in=["requested", "proposed", "confirmed", "returned", "withdrawn"]),
                name="manual_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="manualentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    training__in=["training", "online", "conference", "degree", "teaching", "other"]
                ),
                name="manual_training_is_known",
            ),
        ),
        Guards(guard_again, Guards.noop),
        migrations.CreateModel(
            name="SkippedCredit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=120)),
                ("minutes", models.PositiveIntegerField()),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "covered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="credentials.hoursentry"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.person"
                    ),
                ),
            ],
            options={
                "verbose_name": "skipped credit",
                "verbose_name_plural": "skipped credits",
                "constraints": [models.UniqueConstraint("person", "source", name="skipped_credit_once")],
            },
        ),
        migrations.RunPython(remember, migrations.RunPython.noop),
    ]
