"""What counts once: a lesson, a degree, and no more minutes of one day than it can have; the switches are the rule's."""

from typing import Any

import django.core.validators
from django.db import migrations, models

from core.audit.append_only import append_only

AGAIN = [("never", "Never: once in a lifetime"), ("period", "In another verified registration period")]
ALIVE = ("requested", "proposed", "confirmed")


def take_slots(apps: Any, _schema_editor: Any) -> None:
    """The first degree of each person takes their slot, a confirmed one before others.

    A second one that was confirmed before keeps its hours until an officer takes them back; one that still waits cannot
    be confirmed any more.
    """
    entries = apps.get_model("credentials", "ManualEntry").objects
    seen: set[int] = set()
    rows = entries.filter(training="degree", state__in=ALIVE, entry__correction=None).order_by("pk")
    for row in sorted(rows, key=lambda row: (row.state != "confirmed", row.pk)):
        if row.person_id not in seen:
            seen.add(row.person_id)
            entries.filter(pk=row.pk).update(degree_slot="life")


class Migration(migrations.Migration):
    dependencies = [("credentials", "0006_known_states_and_skips")]
    operations = [
        migrations.AddField(
            model_name="hoursrule",
            name="day_minutes",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                help_text="Of all manual entries, classes and sessions of a person on one day together. Empty: 1440, a whole day.",
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(1440),
                ],
                verbose_name="most minutes of one day",
            ),
        ),
        migrations.AddField(
            model_name="hoursrule",
            name="degrees_again",
            field=models.CharField(
                choices=AGAIN, default="never", max_length=8, verbose_name="another degree counts"
            ),
        ),
        migrations.AddField(
            model_name="hoursrule",
            name="lessons_again",
            field=models.CharField(
                choices=AGAIN,
                default="period",
                help_text="For re-certification. Within one registration period a lesson counts once in any case.",
                max_length=8,
                verbose_name="a lesson learned again counts",
            ),
        ),
        migrations.AddConstraint(
            model_name="hoursrule",
            constraint=models.CheckConstraint(
                condition=models.Q(degrees_again__in=["never", "period"], lessons_again__in=["never", "period"]),
                name="hours_rule_again_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="hoursrule",
            constraint=models.CheckConstraint(
                condition=models.Q(day_minutes=None) | models.Q(day_minutes__gte=1, day_minutes__lte=1440),
                name="hours_rule_day_possible",
            ),
        ),
        append_only("credentials_hoursrule", again=True),
        migrations.AddField(
            model_name="manualentry",
            name="degree_slot",
            field=models.CharField(blank=True, editable=False, max_length=20, null=True),
        ),
        migrations.RunPython(take_slots, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="manualentry",
            constraint=models.UniqueConstraint(
                "person",
                "degree_slot",
                condition=models.Q(state__in=ALIVE),
                name="manual_degree_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="manualentry",
            constraint=models.CheckConstraint(
                condition=models.Q(degree_slot=None) | models.Q(training="degree"),
                name="manual_slot_only_of_a_degree",
            ),
        ),
    ]
