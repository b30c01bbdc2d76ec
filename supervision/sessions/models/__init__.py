from supervision.sessions.models.amendments import (
    Amendment,
    AmendmentText,
    SessionAmendment,
    answered_once,
    kept_facts,
    words_of,
)
from supervision.sessions.models.late import Lateness, LateRecord, LoggingRule, decided_with_reason
from supervision.sessions.models.reviews import Review, SessionReview, granted_by_another
from supervision.sessions.models.session import Session, SessionQuerySet
from supervision.sessions.models.written import (
    AgreedAction,
    Draft,
    FollowUp,
    SessionContent,
    SessionDraft,
    SessionFile,
    SessionReflection,
    SessionRemark,
    WorkingNote,
    case_labels_of,
)

__all__ = [
    "AgreedAction",
    "Amendment",
    "AmendmentText",
    "Draft",
    "FollowUp",
    "LateRecord",
    "Lateness",
    "LoggingRule",
    "Review",
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
    "answered_once",
    "case_labels_of",
    "decided_with_reason",
    "granted_by_another",
    "kept_facts",
    "words_of",
]
