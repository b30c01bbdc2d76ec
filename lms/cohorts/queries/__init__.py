"""Reading cohorts: words, states, offers to a visitor, and the desk."""

from core.sheets.words import list_words
from lms.cohorts.queries.desk import CohortSummary, alarm_in, cohorts_for, desk_cohorts, elsewhere, missing_in
from lms.cohorts.queries.offers import (
    CohortOffer,
    OpenCourse,
    WayBack,
    offer_of,
    offers_for,
    open_courses,
    place_elsewhere,
    way_back,
)
from lms.cohorts.queries.runs import facts_of, state_of, state_words, tone_of
from lms.cohorts.queries.wording import titled, words

__all__ = [
    "CohortOffer",
    "CohortSummary",
    "OpenCourse",
    "WayBack",
    "alarm_in",
    "cohorts_for",
    "desk_cohorts",
    "elsewhere",
    "facts_of",
    "list_words",
    "missing_in",
    "offer_of",
    "offers_for",
    "open_courses",
    "place_elsewhere",
    "state_of",
    "state_words",
    "titled",
    "tone_of",
    "way_back",
    "words",
]
