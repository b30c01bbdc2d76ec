"""Corrections of gatherings that were proposed before each asking was a row: what they say late is asked about too."""

from typing import Any

from django.db import migrations
from django.db.models.functions import Length
from django.utils import timezone

USUAL_DAYS = 14  # where no local rule held
STEP = 4  # letters of a tree path for one organisation


def ask(apps: Any, _schema_editor: Any) -> None:
    """Of the corrections that wait without an asking those that claim what the record does not, and came too late by the
    rule that was known when they were proposed: the administrators find them among what waits."""
    Late = apps.get_model("supervision", "LateGathering")
    Answer = apps.get_model("supervision", "PartAmendment")
    Part = apps.get_model("supervision", "Participation")
    rows = apps.get_model("supervision", "GatheringAmendment").objects.filter(state="proposed", late_records=None)
    for row in rows.select_related("gathering__circle__organisation").order_by("pk"):
        held = row.gathering
        parts = Part.objects.filter(gathering=held).exclude(state="removed")
        came = dict(parts.values_list("person", "minutes"))
        asked = dict(Answer.objects.filter(amendment=row).values_list("part__person", "minutes"))
        would = {person: asked.get(person, min(minutes, row.minutes)) for person, minutes in came.items()}
        longer = any(minutes > came[person] for person, minutes in would.items())
        if not longer and row.starts_at >= held.starts_at and row.ends_at <= held.ends_at:
            continue
        said, on = (timezone.localtime(each).date() for each in (row.proposed_at, row.starts_at))
        rule = _rule(apps, held.circle.organisation.path, said, row.proposed_at)
        allowed = rule.days if rule else USUAL_DAYS
        days = (said - on).days - allowed
        if days > 0:
            Late.objects.create(
                gathering=held,
                amendment=row,
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                came={str(person): minutes for person, minutes in would.items()},
                said_at=row.proposed_at,
                days=days,
                allowed=allowed,
                rule=rule,
                reason="—",
                asked_at=row.proposed_at,
            )


def _rule(apps: Any, path: str, on: Any, known_at: Any) -> Any:
    above = [path[:end] for end in range(STEP, len(path) + 1, STEP)]
    rows = apps.get_model("supervision", "LoggingRule").objects.filter(
        starts_on__lte=on, entered_at__lte=known_at, organisation__path__in=above
    )
    return rows.annotate(depth_here=Length("organisation__path")).order_by("-depth_here", "-starts_on").first()


class Migration(migrations.Migration):
    dependencies = [("supervision", "0024_pause_begun")]

    operations = [migrations.RunPython(ask, migrations.RunPython.noop)]
