"""Reading what was handed in: where one person stands (standing), what the teachers see (desk)."""

from lms.assignments.queries.desk import (
    DESK_ORDER,
    WaitingItem,
    columns_of,
    desk_submissions,
    submission_data_of,
    waiting_in,
    waiting_items,
)
from lms.assignments.queries.standing import (
    TONES,
    Listed,
    Standing,
    assignment_keys,
    deadline_of,
    listed_for,
    marks_of,
    passed_of,
    rule_of,
    share_of,
    standing_of,
)

__all__ = [
    "DESK_ORDER",
    "TONES",
    "Listed",
    "Standing",
    "WaitingItem",
    "assignment_keys",
    "columns_of",
    "deadline_of",
    "desk_submissions",
    "listed_for",
    "marks_of",
    "passed_of",
    "rule_of",
    "share_of",
    "standing_of",
    "submission_data_of",
    "waiting_in",
    "waiting_items",
]
