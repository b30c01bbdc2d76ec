"""The database knows the states of periods and of manual entries, and the kinds of training."""

from importlib import import_module
from typing import Any

from django.db import migrations, models

_apart = import_module("credentials.migrations.0005_guards_and_levels")


def guard_again(apps: Any, schema_editor: Any) -> None:
    """SQLite makes a changed table anew, and the triggers that keep periods apart are gone; PostgreSQL has kept them."""
    _apart.unguard(apps, schema_editor)
    _apart.guard(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("credentials", "0005_guards_and_levels")]
    operations = [
        migrations.RunPython(migrations.RunPython.noop, guard_again),
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
        migrations.RunPython(guard_again, migrations.RunPython.noop),
    ]
