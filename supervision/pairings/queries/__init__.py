"""Reading pairings: which supervisors suit a mentee, who decides about their work, and which pairs have gone quiet."""

from supervision.pairings.queries.leading import leaders_of
from supervision.pairings.queries.quiet import QUIET_AFTER, quiet_pairings, quiet_since
from supervision.pairings.queries.suggesting import Suggestion, reason_words, suggestions_for

__all__ = [
    "QUIET_AFTER",
    "Suggestion",
    "leaders_of",
    "quiet_pairings",
    "quiet_since",
    "reason_words",
    "suggestions_for",
]
