"""The rules of admissions: who may apply (conditions), who decides (stages), for whom places are kept (places), who is invited
(codes), and what is asked (answers). Pure: facts in, reasons out."""

from lms.admissions.policy.answers import Answer, Asked, Question
from lms.admissions.policy.codes import CODE_LENGTH, LETTERS, grouped, new_code, normalise_code
from lms.admissions.policy.conditions import (
    BARS,
    Applicant,
    Condition,
    Finding,
    Kind,
    Verdict,
    asked,
    check,
    is_admissible,
    region_prefix,
    years_after,
)
from lms.admissions.policy.places import KEEPS_NOTHING, PAST, Quota, fits, kept_free, kept_from, past_end
from lms.admissions.policy.stages import ORGANISER, Stop, is_of_stage, organiser_alone, route

__all__ = [
    "BARS",
    "CODE_LENGTH",
    "KEEPS_NOTHING",
    "LETTERS",
    "ORGANISER",
    "PAST",
    "Answer",
    "Applicant",
    "Asked",
    "Condition",
    "Finding",
    "Kind",
    "Question",
    "Quota",
    "Stop",
    "Verdict",
    "asked",
    "check",
    "fits",
    "grouped",
    "is_admissible",
    "is_of_stage",
    "kept_free",
    "kept_from",
    "new_code",
    "normalise_code",
    "organiser_alone",
    "past_end",
    "region_prefix",
    "route",
    "years_after",
]
