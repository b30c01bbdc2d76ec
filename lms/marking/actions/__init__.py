"""Taking an answer (taking), giving points (giving), putting points right (correcting), and keys (regrading)."""

from lms.marking.actions.correcting import correct_points
from lms.marking.actions.giving import give_reading, publish_result
from lms.marking.actions.refusals import NotPossible
from lms.marking.actions.regrading import regrade_paper
from lms.marking.actions.taking import put_back, take_next

__all__ = [
    "NotPossible",
    "correct_points",
    "give_reading",
    "publish_result",
    "put_back",
    "regrade_paper",
    "take_next",
]
