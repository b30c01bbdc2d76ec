from supervision.sessions.models.amendments import AmendmentText, SessionAmendment, kept_facts, words_of
from supervision.sessions.models.late import LateRecord, LoggingRule
from supervision.sessions.models.reviews import SessionReview
from supervision.sessions.models.session import Session, SessionQuerySet
from supervision.sessions.models.written import (
    FollowUp,
    SessionContent,
    SessionDraft,
    SessionFile,
    SessionReflection,
    SessionRemark,
    WorkingNote,
)

__all__ = [
    "AmendmentText",
    "FollowUp",
    "LateRecord",
    "LoggingRule",
    "Session",
    "SessionAmendment",
    "SessionContent",
    "SessionDraft",
    "SessionFile",
    "SessionQuerySet",
    "SessionReflection",
    "SessionRemark",
    "SessionReview",
    "WorkingNote",
    "kept_facts",
    "words_of",
]
