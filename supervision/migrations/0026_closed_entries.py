"""That an officer decided that a supervisor takes no new mentees: then only an officer lets them take some again."""

from typing import Any

from django.db import migrations, models

ACTS = {
    "supervision.change_supervisor": True,
    "supervision.keep_own_entry": False,
}  # who may take the places away → whether that is an officer


def close(apps: Any, _schema_editor: Any) -> None:
    """Of those who take nobody by now: as the audit tells who took it away; entered so, it was the officer."""
    Supervisor, Entry = apps.get_model("supervision", "Supervisor"), apps.get_model("core", "AuditEntry")
    for row in Supervisor.objects.filter(is_active=False).order_by("pk").iterator():
        acts = Entry.objects.filter(action__in=ACTS, target_id=str(row.pk)).order_by("-timestamp", "-pk")
        by_officer = next((ACTS[act.action] for act in acts if _took_away(act.data)), True)
        if by_officer:
            Supervisor.objects.filter(pk=row.pk).update(is_closed=True)


def _took_away(data: Any) -> bool:
    was = (data.get("before") or {}).get("is_active")
    return was is True and (data.get("after") or {}).get("is_active") is False


class Migration(migrations.Migration):
    dependencies = [("core", "0014_languages_for_supervision"), ("supervision", "0025_open_corrections")]

    operations = [
        migrations.AddField(
            "supervisor",
            "is_closed",
            models.BooleanField(default=False, editable=False, verbose_name="closed by an administrator"),
        ),
        migrations.AddConstraint(
            "supervisor",
            models.CheckConstraint(
                condition=models.Q(("is_closed", False), ("is_active", False), _connector="OR"),
                name="supervisor_closed_takes_nobody",
            ),
        ),
        migrations.RunPython(close, migrations.RunPython.noop),
    ]
