"""What waits to be read (waiting), and what readings came to (results)."""

from lms.marking.queries.results import (
    ReadAnswer,
    outcome_words,
    read_answers,
    reading_data_of,
    readings_told,
    scheme_of,
)
from lms.marking.queries.waiting import (
    Group,
    Standing,
    answers_to_read,
    groups_for,
    in_neutral_order,
    neutral_number,
    prompts_of,
    standings_of,
)

__all__ = [
    "Group",
    "ReadAnswer",
    "Standing",
    "answers_to_read",
    "groups_for",
    "in_neutral_order",
    "neutral_number",
    "outcome_words",
    "prompts_of",
    "read_answers",
    "reading_data_of",
    "readings_told",
    "scheme_of",
    "standings_of",
]
