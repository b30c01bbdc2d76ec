"""The verbs of an assignment: write and hand in (handing_in), mark, correct a mark, grant an attempt (marking)."""

from lms.assignments.actions.handing_in import save_draft, submit_assignment
from lms.assignments.actions.marking import correct_mark, grant_attempt, mark_submission
from lms.assignments.actions.rows import NotPossible

__all__ = [
    "NotPossible",
    "correct_mark",
    "grant_attempt",
    "mark_submission",
    "save_draft",
    "submit_assignment",
]
