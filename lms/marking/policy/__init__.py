"""How answers are read (schemes), and what their readings come to (readings)."""

from lms.marking.policy.readings import Given, Outcome, Reason, next_round, outcome_of
from lms.marking.policy.schemes import Criterion, Scheme, Third, Unit, criteria_of

__all__ = [
    "Criterion",
    "Given",
    "Outcome",
    "Reason",
    "Scheme",
    "Third",
    "Unit",
    "criteria_of",
    "next_round",
    "outcome_of",
]
