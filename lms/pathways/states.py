"""The states of a person on a pathway, and what a course in it counts as."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PathwayState(models.TextChoices):
    RUNNING = "running", pgettext_lazy("pathway", "On the way")
    COMPLETED = "completed", pgettext_lazy("pathway", "Completed")
    EXPIRED = "expired", pgettext_lazy("pathway", "Run out")
    LEFT = "left", pgettext_lazy("pathway", "Left")


MOVES: dict[str, tuple[str, ...]] = {
    PathwayState.RUNNING: (PathwayState.COMPLETED, PathwayState.LEFT),
    PathwayState.COMPLETED: (PathwayState.EXPIRED,),
    PathwayState.EXPIRED: (),
    PathwayState.LEFT: (),
}


class Group(models.TextChoices):
    """Every required course is needed; of an elective group as many as the pathway says."""

    REQUIRED = "", pgettext_lazy("pathway", "required")
    A = "a", _("elective, group A")
    B = "b", _("elective, group B")
    C = "c", _("elective, group C")


ELECTIVE = (Group.A, Group.B, Group.C)
