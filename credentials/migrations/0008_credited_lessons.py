"""A lesson counts once for a person: what stood only in the evidence of entries is a row that cannot be there twice."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

AT_ONCE = 2000


def take_lessons(apps: Any, _schema_editor: Any) -> None:
    """The lessons of every standing entry of a course, in the order of the ledger.

    An entry from before lessons were named was credited for those of its enrolment. Where two entries were credited for
    the same lesson then, both keep their hours until an officer takes one back: the later one has a slot of its own.
    """
    rows: list[Any] = []
    taken: set[tuple[int, str, str]] = set()
    model = apps.get_model("credentials", "CreditedLesson")
    entries = apps.get_model("credentials", "HoursEntry").objects.select_related("rule").order_by("pk")
    for entry in entries.filter(kind="course", corrects=None, correction=None).iterator(chunk_size=AT_ONCE):
        slot = slot_of(apps, entry)
        for lesson in lessons_of(apps, entry):
            is_free = (entry.person_id, lesson, slot) not in taken
            own = slot if is_free else f"entry:{entry.pk}"
            taken.add((entry.person_id, lesson, own))
            rows.append(model(person_id=entry.person_id, lesson=lesson, slot=own, entry_id=entry.pk))
        if len(rows) >= AT_ONCE:
            model.objects.bulk_create(rows)
            rows = []
    model.objects.bulk_create(rows)


def slot_of(apps: Any, entry: Any) -> str:
    """The verified period of its day where its rule lets lessons count again in another one; else a lifetime."""
    if entry.rule and entry.rule.lessons_again != "period":
        return "life"
    verified = apps.get_model("credentials", "RegistrationPeriod").objects.filter(
        person=entry.person_id, state="verified"
    )
    period = verified.filter(starts_on__lte=entry.occurred_on, ends_on__gte=entry.occurred_on).first()
    return f"period:{period.pk}" if period else "life"


def lessons_of(apps: Any, entry: Any) -> list[str]:
    if "lessons" in entry.evidence:
        return list(entry.evidence["lessons"])
    where, number, *_ = [*entry.source.split(":"), ""]
    if where != "lms.enrolment" or not number.isdecimal():
        return []
    enrolment = apps.get_model("lms", "Enrolment").objects.filter(pk=int(number)).first()
    return list(enrolment.learned or {}) if enrolment else []


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0009_imports"),
        ("credentials", "0007_counted_once"),
        ("lms", "0023_learned"),
    ]
    operations = [
        migrations.CreateModel(
            name="CreditedLesson",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("lesson", models.CharField(max_length=80)),
                ("slot", models.CharField(default="life", max_length=32)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credited_lessons",
                        to="credentials.hoursentry",
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
                "verbose_name": "credited lesson",
                "verbose_name_plural": "credited lessons",
                "constraints": [
                    models.UniqueConstraint(
                        models.F("person"), models.F("lesson"), models.F("slot"), name="lesson_credited_once"
                    )
                ],
            },
        ),
        migrations.RunPython(take_lessons, migrations.RunPython.noop),
    ]
