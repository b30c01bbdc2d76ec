"""Reading pairings: which supervisors suit a mentee, who decides about their work, and which pairs have gone quiet."""

from supervision.pairings.queries.leading import leaders_of, leaders_of_each
from supervision.pairings.queries.quiet import QUIET_AFTER, quiet_pairings
from supervision.pairings.queries.suggesting import Suggestion, reason_words, suggestions_for

__all__ = [
    "QUIET_AFTER",
    "Suggestion",
    "leaders_of",
    "leaders_of_each",
    "quiet_pairings",
    "reason_words",
    "suggestions_for",
]
