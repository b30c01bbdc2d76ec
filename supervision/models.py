"""All models of supervision, found here by Django; they live in their features."""

from supervision.agreements.models import (
    Agreement,
    AgreementAcceptance,
    AgreementRemark,
    AgreementTemplate,
    AgreementText,
)
from supervision.appointments.models import SupervisorApplication
from supervision.goals.models import Competency, GoalNote, LearningGoal
from supervision.pairings.models import Pairing
from supervision.requests.models import PairingRequest
from supervision.sessions.models import (
    AmendmentText,
    FollowUp,
    LateRecord,
    LoggingRule,
    Session,
    SessionAmendment,
    SessionContent,
    SessionDraft,
    SessionFile,
    SessionReflection,
    SessionRemark,
    SessionReview,
    WorkingNote,
)
from supervision.supervisors.models import Designation, SupervisionNorm, Supervisor

__all__ = [
    "Agreement",
    "AgreementAcceptance",
    "AgreementRemark",
    "AgreementTemplate",
    "AgreementText",
    "AmendmentText",
    "Competency",
    "Designation",
    "FollowUp",
    "GoalNote",
    "LateRecord",
    "LearningGoal",
    "LoggingRule",
    "Pairing",
    "PairingRequest",
    "Session",
    "SessionAmendment",
    "SessionContent",
    "SessionDraft",
    "SessionFile",
    "SessionReflection",
    "SessionRemark",
    "SessionReview",
    "SupervisionNorm",
    "Supervisor",
    "SupervisorApplication",
    "WorkingNote",
]
