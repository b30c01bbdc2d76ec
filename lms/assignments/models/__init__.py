"""What is handed in (submissions), who reads whose work (peers), how alike works are (likeness)."""

from lms.assignments.models.likeness import SimilarityReport
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
    "SimilarityReport",
    "Submission",
    "SubmissionFile",
]
