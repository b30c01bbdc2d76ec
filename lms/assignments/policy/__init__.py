"""Pure decisions about work that is handed in: whose turn it is and what a mark means (turns), the rubric (rubrics), what
being late costs (late), who reads whose work (peers)."""

from lms.assignments.policy.late import Deduction, LateRule, days_late, deduct, is_accepted, late_words
from lms.assignments.policy.peers import allocate, masked, middle, missing_in_review
from lms.assignments.policy.rubrics import Chosen, Criterion, Level, Pick, Reckoning, reckon, rubric_of
from lms.assignments.policy.turns import (
    MOST_FILES,
    Turn,
    Verdict,
    correction_of,
    due_at,
    fitting,
    free_places,
    last_day,
    missing_parts,
    turn_of,
    verdict_of,
)

__all__ = [
    "MOST_FILES",
    "Chosen",
    "Criterion",
    "Deduction",
    "LateRule",
    "Level",
    "Pick",
    "Reckoning",
    "Turn",
    "Verdict",
    "allocate",
    "correction_of",
    "days_late",
    "deduct",
    "due_at",
    "fitting",
    "free_places",
    "is_accepted",
    "last_day",
    "late_words",
    "masked",
    "middle",
    "missing_in_review",
    "missing_parts",
    "reckon",
    "rubric_of",
    "turn_of",
    "verdict_of",
]
