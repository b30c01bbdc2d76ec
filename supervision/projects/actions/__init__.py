"""A companion project's way: begun, visited, brought forth, evaluated by both sides, closed. Each happens once."""

from supervision.projects.actions.beginning import begin_project, change_project
from supervision.projects.actions.delivering import (
    accept_deliverable,
    drop_deliverable,
    hand_in_deliverable,
    plan_deliverable,
    remind_deliverables,
    send_back_deliverable,
)
from supervision.projects.actions.ending import (
    close_project,
    evaluate_project,
    finish_project,
    go_on_with_project,
    stop_project,
)
from supervision.projects.actions.leaving import leave_projects
from supervision.projects.actions.visiting import link_visit, unlink_visit

__all__ = [
    "accept_deliverable",
    "begin_project",
    "change_project",
    "close_project",
    "drop_deliverable",
    "evaluate_project",
    "finish_project",
    "go_on_with_project",
    "hand_in_deliverable",
    "leave_projects",
    "link_visit",
    "plan_deliverable",
    "remind_deliverables",
    "send_back_deliverable",
    "stop_project",
    "unlink_visit",
]
