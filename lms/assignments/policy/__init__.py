"""Pure decisions about work that is handed in: whose turn it is and what a mark means (turns), the rubric (rubrics), what
being late costs (late)."""

from lms.assignments.policy.late import Deduction, LateRule, days_late, deduct, is_accepted, late_words
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
    "correction_of",
    "days_late",
    "deduct",
    "due_at",
    "fitting",
    "free_places",
    "is_accepted",
    "last_day",
    "late_words",
    "missing_parts",
    "reckon",
    "rubric_of",
    "turn_of",
    "verdict_of",
]
