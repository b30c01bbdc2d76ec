"""Companion projects and their deliverables."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from core.models import Person
from tests.factories.numbers import numbers

if TYPE_CHECKING:
    from supervision.models import (
        CompanionProject,
        Deliverable,
        Supervisor,
    )


def make_project(
    supervisor: Supervisor, *mentees: Person, state: str = "running", **fields: object
) -> CompanionProject:
    """A project of these mentees since two months ago, for another two."""
    from supervision.models import CompanionProject

    today = timezone.localdate()
    ended = {} if state in ("running", "closing") else {"ended_at": timezone.now(), "reason": "经费未批"}
    defaults = {
        "organisation": mentees[0].employer or supervisor.organisation,
        "title": f"陪伴项目{next(numbers)}",
        "goals": "完成一次社区需求评估",
        "starts_on": today - timedelta(days=60),
        "ends_on": today + timedelta(days=60),
        "state": state,
    }
    project = CompanionProject.objects.create(supervisor=supervisor, **defaults | ended | fields)
    project.mentees.set(mentees)
    return project


def make_deliverable(project: CompanionProject, state: str = "planned", **fields: object) -> Deliverable:
    """What a project is to bring forth, due in ten days."""
    from supervision.models import Deliverable

    given: dict[str, object] = {}
    if state in ("handed_in", "accepted"):
        given = {"handed_in_at": timezone.now(), "handed_in_by": project.mentees.first()}
    if state == "accepted":
        given["accepted_at"] = timezone.now()
    defaults = {"title": "需求评估报告", "due_on": timezone.localdate() + timedelta(days=10), "state": state}
    return Deliverable.objects.create(project=project, **defaults | given | fields)
