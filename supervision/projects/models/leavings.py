"""Whose part in a companion project has ended before the project did."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker
from core.people.models import Person
from supervision.projects.models.projects import CompanionProject, of_project, read_at_desk


class ProjectLeavingQuerySet(models.QuerySet["ProjectLeaving"]):
    def visible_to(self, user: Asker) -> ProjectLeavingQuerySet:
        """Whoever sees the project, and who has left it."""
        if not user.is_authenticated:
            return self.none()
        seen = read_at_desk(user, "project__") | of_project(user, "project__")
        return self.filter(seen | models.Q(person__user=user))


class ProjectLeaving(models.Model):
    """That somebody was a mentee of this project, and until when.

    The rule: whoever has left is no mentee of the project any more. They keep what they handed in themself, with the
    note of the supervisor if it was accepted by then, the visits to themself and their own evaluation. What the others
    handed in, and whatever is handed in, noted or planned later, is not for them, nor is any notice.
    """

    project = models.ForeignKey(
        CompanionProject, models.PROTECT, related_name="leavings", verbose_name=_("companion project")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="left_projects", verbose_name=_("person"))
    left_at = models.DateTimeField(_("took part until"))

    objects = ProjectLeavingQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("part in a project that has ended")
        verbose_name_plural = _("parts in projects that have ended")
        ordering = ["-left_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["project", "person"], name="project_left_once")]

    def __str__(self) -> str:
        return f"{self.project_id} {self.person_id}"
