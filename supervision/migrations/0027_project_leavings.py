"""Who has left a companion project, and when: with the pairing, the part in what is under way ends too."""

import django.db.models.deletion
from typing import Any

from django.db import migrations, models


def leave(apps: Any, _schema_editor: Any) -> None:
    """Of the projects under way: those mentees whose pairing with the supervisor has ended by now."""
    Project, Pairing = apps.get_model("supervision", "CompanionProject"), apps.get_model("supervision", "Pairing")
    Leaving = apps.get_model("supervision", "ProjectLeaving")
    for project in Project.objects.filter(state__in=["running", "closing"]).order_by("pk"):
        pairs = Pairing.objects.filter(supervisor=project.supervisor_id)
        open_ones = pairs.exclude(state="ended").order_by().values("mentee")
        for person in project.mentees.exclude(pk__in=open_ones):
            ended = pairs.filter(mentee=person.pk, state="ended").order_by("-ended_at").first()
            if ended is not None and ended.ended_at is not None:
                Leaving.objects.create(project=project, person=person, left_at=ended.ended_at)
                project.mentees.remove(person)


class Migration(migrations.Migration):
    dependencies = [("core", "0014_languages_for_supervision"), ("supervision", "0026_closed_entries")]

    operations = [
        migrations.CreateModel(
            name="ProjectLeaving",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("left_at", models.DateTimeField(verbose_name="took part until")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="left_projects",
                        to="core.person",
                        verbose_name="person",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leavings",
                        to="supervision.companionproject",
                        verbose_name="companion project",
                    ),
                ),
            ],
            options={
                "verbose_name": "part in a project that has ended",
                "verbose_name_plural": "parts in projects that have ended",
                "ordering": ["-left_at", "-pk"],
                "constraints": [models.UniqueConstraint(fields=("project", "person"), name="project_left_once")],
            },
        ),
        migrations.RunPython(leave, migrations.RunPython.noop),
    ]
