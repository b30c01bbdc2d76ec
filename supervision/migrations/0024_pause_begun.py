"""When a pause was begun, to the moment: what was over by then came before it."""

import datetime
from typing import Any

from django.db import migrations, models
from django.utils import timezone


def keep_moments(apps: Any, _schema_editor: Any) -> None:
    """Of the pauses that there are by now: as the audit tells it, or else the beginning of their first day."""
    Pause, Entry = apps.get_model("supervision", "Pause"), apps.get_model("core", "AuditEntry")
    for pause in Pause.objects.order_by("pk").iterator():
        first = timezone.make_aware(datetime.datetime.combine(pause.starts_on, datetime.time()))
        acts = Entry.objects.filter(action="supervision.pause_pairing", target_id=str(pause.pairing_id))
        known = acts.filter(timestamp__gte=first, timestamp__lt=first + datetime.timedelta(days=1))
        pause.begun_at = known.order_by("-timestamp").values_list("timestamp", flat=True).first() or first
        pause.save(update_fields=["begun_at"])


class Migration(migrations.Migration):
    dependencies = [("core", "0014_languages_for_supervision"), ("supervision", "0023_kept_rows")]

    operations = [
        migrations.AddField("pause", "begun_at", models.DateTimeField(default=timezone.now, verbose_name="begun")),
        migrations.RunPython(keep_moments, migrations.RunPython.noop),
    ]
