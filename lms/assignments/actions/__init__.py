"""The verbs of an assignment: write and hand in (handing_in), mark, correct a mark, grant an attempt (marking), share work out
and review it (peers)."""

from lms.assignments.actions.handing_in import save_draft, submit_assignment
from lms.assignments.actions.marking import correct_mark, grant_attempt, mark_submission
from lms.assignments.actions.peers import open_due_rounds, open_peer_round, save_review, submit_peer_review
from lms.assignments.actions.rows import NotPossible

__all__ = [
    "NotPossible",
    "correct_mark",
    "grant_attempt",
    "mark_submission",
    "open_due_rounds",
    "open_peer_round",
    "save_draft",
    "save_review",
    "submit_assignment",
    "submit_peer_review",
]
