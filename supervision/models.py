"""All models of supervision, found here by Django; they live in their features."""

from supervision.agreements.models import (
    Agreement,
    AgreementAcceptance,
    AgreementRemark,
    AgreementTemplate,
    AgreementText,
)
from supervision.appointments.models import SupervisorApplication
from supervision.circles.models import (
    Circle,
    CircleMember,
    Gathering,
    GatheringContent,
    GatheringNote,
    Participation,
    ParticipationRemark,
)
from supervision.conflicts.models import Conflict
from supervision.evaluations.models import (
    CountedAnswer,
    Evaluation,
    EvaluationAnswer,
    EvaluationResult,
    EvaluationTemplate,
    EvaluationWords,
    PublicationRule,
)
from supervision.functions.models import LocalFunction
from supervision.goals.models import Competency, GoalNote, LearningGoal
from supervision.handovers.models import Handover
from supervision.matching.models import (
    Appeal,
    MatchingRound,
    RoundCurves,
    RoundMentee,
    RoundRun,
    RoundSupervisor,
    RunLine,
    Wish,
)
from supervision.pairings.models import Pairing, Pause
from supervision.projects.models import CompanionProject, Deliverable, ProjectEvaluation, ProjectVisit
from supervision.reports.models import (
    AllowanceCount,
    AllowanceLine,
    AllowanceRate,
    AllowanceStatement,
    SupervisionReport,
)
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
from supervision.slots.models import Meeting, MeetingFeed, MeetingRemark, Slot
from supervision.supervisors.models import Designation, Speciality, SupervisionNorm, Supervisor
from supervision.trainings.models import OwnTraining, TrainingRequirement
from supervision.wishes.models import PairWish

__all__ = [
    "Agreement",
    "AgreementAcceptance",
    "AgreementRemark",
    "AgreementTemplate",
    "AgreementText",
    "AllowanceCount",
    "AllowanceLine",
    "AllowanceRate",
    "AllowanceStatement",
    "AmendmentText",
    "Appeal",
    "Circle",
    "CircleMember",
    "CompanionProject",
    "Competency",
    "Conflict",
    "CountedAnswer",
    "Deliverable",
    "Designation",
    "Evaluation",
    "EvaluationAnswer",
    "EvaluationResult",
    "EvaluationTemplate",
    "EvaluationWords",
    "FollowUp",
    "Gathering",
    "GatheringContent",
    "GatheringNote",
    "GoalNote",
    "Handover",
    "LateRecord",
    "LearningGoal",
    "LocalFunction",
    "LoggingRule",
    "MatchingRound",
    "Meeting",
    "MeetingFeed",
    "MeetingRemark",
    "OwnTraining",
    "PairWish",
    "Pairing",
    "PairingRequest",
    "Participation",
    "ParticipationRemark",
    "Pause",
    "ProjectEvaluation",
    "ProjectVisit",
    "PublicationRule",
    "RoundCurves",
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
    "Speciality",
    "SupervisionNorm",
    "SupervisionReport",
    "Supervisor",
    "SupervisorApplication",
    "TrainingRequirement",
    "Wish",
    "WorkingNote",
]
