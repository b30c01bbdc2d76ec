"""Companion projects, what they owe, their visits, how they are evaluated, and who has left them."""

from supervision.projects.models.leavings import ProjectLeaving
from supervision.projects.models.projects import (
    CompanionProject,
    Deliverable,
    OfProjectQuerySet,
    ProjectEvaluation,
    ProjectVisit,
    of_project,
    read_at_desk,
)

__all__ = [
    "CompanionProject",
    "Deliverable",
    "OfProjectQuerySet",
    "ProjectEvaluation",
    "ProjectLeaving",
    "ProjectVisit",
    "of_project",
    "read_at_desk",
]
