"""What is handed in (submissions), and who reads whose work (peers)."""

from lms.assignments.models.peers import PeerReview, PeerRound
from lms.assignments.models.submissions import (
    MAX_TEXT,
    CriterionMark,
    ExtraAttempt,
    GivenMark,
    Submission,
    SubmissionFile,
)

__all__ = [
    "MAX_TEXT",
    "CriterionMark",
    "ExtraAttempt",
    "GivenMark",
    "PeerReview",
    "PeerRound",
    "Submission",
    "SubmissionFile",
]
