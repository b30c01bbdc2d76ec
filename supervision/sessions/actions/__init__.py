from supervision.sessions.actions.amending import (
    accept_amendment,
    propose_amendment,
    refuse_amendment,
    withdraw_amendment,
)
from supervision.sessions.actions.answering import confirm_session, confirmation_of, dispute_session
from supervision.sessions.actions.checking import PROBLEM_WORDS, SessionRefused
from supervision.sessions.actions.keeping import add_file, open_file, reflect, tick_follow_up
from supervision.sessions.actions.late import approve_late, decline_late, explain_late, set_logging_rule
from supervision.sessions.actions.recording import amend_session, cancel_session, log_session
from supervision.sessions.actions.reviewing import (
    ask_review,
    decline_review,
    end_review,
    grant_review,
    read_in_review,
)
from supervision.sessions.actions.syncing import Arrived, sync_session
from supervision.sessions.actions.writing import save_draft, write_note

__all__ = [
    "PROBLEM_WORDS",
    "Arrived",
    "SessionRefused",
    "accept_amendment",
    "add_file",
    "amend_session",
    "approve_late",
    "ask_review",
    "cancel_session",
    "confirm_session",
    "confirmation_of",
    "decline_late",
    "decline_review",
    "dispute_session",
    "end_review",
    "explain_late",
    "grant_review",
    "log_session",
    "open_file",
    "propose_amendment",
    "read_in_review",
    "reflect",
    "refuse_amendment",
    "save_draft",
    "set_logging_rule",
    "sync_session",
    "tick_follow_up",
    "withdraw_amendment",
    "write_note",
]
