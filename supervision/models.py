"""All models of supervision, found here by Django; they live in their features."""

from supervision.agreements.models import (
    Agreement,
    AgreementAcceptance,
    AgreementRemark,
    AgreementTemplate,
    AgreementText,
)
from supervision.appointments.models import SupervisorApplication
from supervision.conflicts.models import Conflict
from supervision.goals.models import Competency, GoalNote, LearningGoal
from supervision.handovers.models import Handover
from supervision.matching.models import (
    Appeal,
    MatchingRound,
    RoundMentee,
    RoundRun,
    RoundSupervisor,
    RunLine,
    Wish,
)
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
from supervision.slots.models import Holiday, Meeting, MeetingFeed, MeetingRemark, Slot
from supervision.supervisors.models import Designation, SupervisionNorm, Supervisor

__all__ = [
    "Agreement",
    "AgreementAcceptance",
    "AgreementRemark",
    "AgreementTemplate",
    "AgreementText",
    "AmendmentText",
    "Appeal",
    "Competency",
    "Conflict",
    "Designation",
    "FollowUp",
    "GoalNote",
    "Handover",
    "Holiday",
    "LateRecord",
    "LearningGoal",
    "LoggingRule",
    "MatchingRound",
    "Meeting",
    "MeetingFeed",
    "MeetingRemark",
    "Pairing",
    "PairingRequest",
    "RoundMentee",
    "RoundRun",
    "RoundSupervisor",
    "RunLine",
    "Session",
    "SessionAmendment",
    "SessionContent",
    "SessionDraft",
    "SessionFile",
    "SessionReflection",
    "SessionRemark",
    "SessionReview",
    "Slot",
    "SupervisionNorm",
    "Supervisor",
    "SupervisorApplication",
    "Wish",
    "WorkingNote",
]
