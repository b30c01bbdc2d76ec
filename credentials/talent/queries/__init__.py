"""Reading the talent pool: what a row must say (profiles), searching (search, with its numbers in counting and
their words in names), one person's record (record)."""

from credentials.talent.queries.names import Names, names_now, organisations_at
from credentials.talent.queries.profiles import differing, out_of_place, profiles_of
from credentials.talent.queries.record import (
    Proof,
    Skill,
    cv_facts,
    skill_picture_of,
    skills_of,
    timeline_of,
)
from credentials.talent.queries.search import NO_YEAR, Found, rows_for, search

__all__ = [
    "NO_YEAR",
    "Found",
    "Names",
    "Proof",
    "Skill",
    "cv_facts",
    "differing",
    "names_now",
    "organisations_at",
    "out_of_place",
    "profiles_of",
    "rows_for",
    "search",
    "skill_picture_of",
    "skills_of",
    "timeline_of",
]
