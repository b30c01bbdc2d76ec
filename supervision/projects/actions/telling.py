"""What the acts of a project share: who it is for, its rows locked, and what is kept and told of it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.notices.actions import notify, settle
from core.people.models import Person
from supervision.pairings.actions import NotPossible
from supervision.projects.models import CompanionProject, Deliverable


def ended_words() -> str:
    return _("This project is not under way any more.")


def require(person: Person, actor: Asker) -> None:
    if person.user_id != actor.pk:
        raise NotPossible(_("This is for somebody else of the project to do."))


def locked(pk: int) -> CompanionProject:
    return CompanionProject.objects.select_for_update(of=("self",)).with_people().get(pk=pk)


def locked_thing(deliverable: Deliverable) -> tuple[Deliverable, CompanionProject]:
    """The deliverable as it is now, locked until the transaction ends, its project before it."""
    project = locked(deliverable.project_id)
    row = Deliverable.objects.select_for_update(of=("self",)).get(pk=deliverable.pk)
    row.project = project
    return row, project


def answered(row: Deliverable, project: CompanionProject, words: str) -> None:
    what = f"answered:{row.pk}:{timezone.now():%Y%m%d%H%M%S%f}"
    for person in project.mentees.select_related("user__person"):
        tell(project, person, what, words, thing=row.title)
    settle(
        user=project.supervisor.person.user, source=f"supervision.project:{project.pk}:handed_in:{row.pk}:"
    )


def audit(action: str, target: Any, project: CompanionProject, actor: Asker | None, **facts: Any) -> None:
    record(action=action, target=target, actor=actor, organisation=project.organisation, **facts)


def tell(
    project: CompanionProject, person: Person, what: str, title: str, body: str = "", **values: Any
) -> None:
    notify(
        user=person.user,
        kind="supervision.project",
        title=title,
        body=body,
        url=reverse("supervision:project-detail", args=[project.pk]),
        source=f"supervision.project:{project.pk}:{what}",
        supervisor=project.supervisor.person.name,
        project=project.title,
        **values,
    )
