"""Reading admissions. What a cohort asks of one person (asking, levels), who decides (steps), what is kept free (quotas),
what was handed in (handed_in), who is invited (codes), and who comes from another cohort (moving)."""

from lms.admissions.queries.asking import (
    Admission,
    admission_of,
    applicant_of,
    conditions_of,
    finding_words,
    is_staged,
    questions_of,
)
from lms.admissions.queries.codes import code_found
from lms.admissions.queries.handed_in import Answered, answer_label, answered, handed_in_by
from lms.admissions.queries.levels import ask_levels_by, level_words, levels_of
from lms.admissions.queries.moving import moving_words, stage_words, stays_admitted
from lms.admissions.queries.quotas import (
    KeptPlaces,
    desk_quotas,
    kept_words,
    may_take_seat,
    next_in_line,
    quotas_of,
    seats_by_path,
)
from lms.admissions.queries.steps import (
    Holders,
    Review,
    also_words,
    current_step,
    deciders_of_step,
    has_decided,
    holders,
    may_decide_step,
    reviews_of,
    stages_found,
    waits_elsewhere,
    with_steps,
)

__all__ = [
    "Admission",
    "Answered",
    "Holders",
    "KeptPlaces",
    "Review",
    "admission_of",
    "also_words",
    "answer_label",
    "answered",
    "applicant_of",
    "ask_levels_by",
    "code_found",
    "conditions_of",
    "current_step",
    "deciders_of_step",
    "desk_quotas",
    "finding_words",
    "handed_in_by",
    "has_decided",
    "holders",
    "is_staged",
    "kept_words",
    "level_words",
    "levels_of",
    "may_decide_step",
    "may_take_seat",
    "moving_words",
    "next_in_line",
    "questions_of",
    "quotas_of",
    "reviews_of",
    "seats_by_path",
    "stage_words",
    "stages_found",
    "stays_admitted",
    "waits_elsewhere",
    "with_steps",
]
