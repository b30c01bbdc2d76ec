"""Reading levels, registration periods and qualifications."""

from credentials.qualifications.queries.importing import Clash, clashes_in
from credentials.qualifications.queries.periods import (
    current_period,
    desk_periods,
    levels_of,
    periods_of,
    registered_as,
    to_verify,
    verified_period,
)
from credentials.qualifications.queries.records import (
    ExamProgress,
    Rival,
    claims_besides,
    clashes_with,
    desk_records,
    exams_of,
    name_here,
    qualified_as_verified,
    records_of,
    records_to_verify,
    rivals_of,
    terms_at,
    terms_of,
    terms_on,
)

__all__ = [
    "Clash",
    "ExamProgress",
    "Rival",
    "claims_besides",
    "clashes_in",
    "clashes_with",
    "current_period",
    "desk_periods",
    "desk_records",
    "exams_of",
    "levels_of",
    "name_here",
    "periods_of",
    "qualified_as_verified",
    "records_of",
    "records_to_verify",
    "registered_as",
    "rivals_of",
    "terms_at",
    "terms_of",
    "terms_on",
    "to_verify",
    "verified_period",
]
