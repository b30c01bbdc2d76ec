from lms.assessments.queries.desk import attempts_at, quizzes_of, timeline_of, times_of
from lms.assessments.queries.papers import (
    asked_in,
    drawn_for,
    most_of,
    paper_for,
    questions_of,
    rows_of,
    worth_of,
)
from lms.assessments.queries.sheets import Asked, Sheet, is_due, ranges_of, seconds_left, sheet_of
from lms.assessments.queries.standing import (
    Standing,
    ahead,
    best_scores,
    ends_at,
    next_number,
    standing_of,
    window_of,
)

__all__ = [
    "Asked",
    "Sheet",
    "Standing",
    "ahead",
    "asked_in",
    "attempts_at",
    "best_scores",
    "drawn_for",
    "ends_at",
    "is_due",
    "most_of",
    "next_number",
    "paper_for",
    "questions_of",
    "quizzes_of",
    "ranges_of",
    "rows_of",
    "seconds_left",
    "sheet_of",
    "standing_of",
    "timeline_of",
    "times_of",
    "window_of",
    "worth_of",
]
