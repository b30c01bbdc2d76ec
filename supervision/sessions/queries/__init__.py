"""Reading sessions: the home page, a pairing's sessions, one session as its reader may see it."""

from supervision.sessions.queries.filling import (
    draft_of,
    held_values,
    last_of,
    open_follow_ups,
    said_values,
    starting_values,
    usual_span,
)
from supervision.sessions.queries.home import Home, home_of, with_sessions
from supervision.sessions.queries.page import SessionPage, page_of, said_rows, state_label
from supervision.sessions.queries.paper import record_of
from supervision.sessions.queries.times import (
    DAYS_TO_RECORD,
    HowLate,
    clashes_with,
    days_to_record,
    days_to_record_at,
    how_late,
    in_session,
    logging_rule_at,
    session_at,
)

__all__ = [
    "DAYS_TO_RECORD",
    "Home",
    "HowLate",
    "SessionPage",
    "clashes_with",
    "days_to_record",
    "days_to_record_at",
    "draft_of",
    "held_values",
    "home_of",
    "how_late",
    "in_session",
    "last_of",
    "logging_rule_at",
    "open_follow_ups",
    "page_of",
    "record_of",
    "said_rows",
    "said_values",
    "session_at",
    "starting_values",
    "state_label",
    "usual_span",
    "with_sessions",
]
