"""Companion projects on the site: the projects of a person, and what they are to bring forth."""

from supervision.projects.views.deliverables import (
    deliverable_answer,
    deliverable_detail,
    deliverable_file,
)
from supervision.projects.views.projects import (
    project_change,
    project_detail,
    project_evaluate,
    project_finish,
    project_link,
    project_list,
    project_new,
    project_plan,
    project_stop,
    visit_unlink,
)

__all__ = [
    "deliverable_answer",
    "deliverable_detail",
    "deliverable_file",
    "project_change",
    "project_detail",
    "project_evaluate",
    "project_finish",
    "project_link",
    "project_list",
    "project_new",
    "project_plan",
    "project_stop",
    "visit_unlink",
]
