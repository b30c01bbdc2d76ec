"""Reading pairings: which supervisors suit a mentee, who decides about their work, and which pairs have gone quiet."""

from supervision.pairings.queries.leading import leaders_of, leaders_of_each
from supervision.pairings.queries.quiet import QUIET_AFTER, met_also_in, quiet_pairings, quiet_since
from supervision.pairings.queries.suggesting import Suggestion, room_of, suggestions_for
from supervision.pairings.queries.words import fit_words

__all__ = [
    "QUIET_AFTER",
    "Suggestion",
    "fit_words",
    "leaders_of",
    "leaders_of_each",
    "met_also_in",
    "quiet_pairings",
    "quiet_since",
    "room_of",
    "suggestions_for",
]
