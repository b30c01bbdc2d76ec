"""Pathways: made, changed and closed (making); joined, left and completed (rounds); what the clock does (clock); what
every act leaves behind (telling)."""

from lms.pathways.actions.clock import expire_pathway, expire_pathways, remind_deadlines
from lms.pathways.actions.making import (
    FIELDS,
    PathwayRefused,
    Wanted,
    change_pathway,
    close_pathway,
    make_pathway,
)
from lms.pathways.actions.rounds import (
    complete_pathway,
    complete_reached,
    join_pathway,
    leave_pathway,
    reconcile,
)

__all__ = [
    "FIELDS",
    "PathwayRefused",
    "Wanted",
    "change_pathway",
    "close_pathway",
    "complete_pathway",
    "complete_reached",
    "expire_pathway",
    "expire_pathways",
    "join_pathway",
    "leave_pathway",
    "make_pathway",
    "reconcile",
    "remind_deadlines",
]
