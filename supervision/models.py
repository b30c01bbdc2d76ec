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
from supervision.goals.models import Competency, GoalNote, LearningGoal
from supervision.pairings.models import Pairing
from supervision.projects.models import CompanionProject, Deliverable, ProjectEvaluation, ProjectVisit
from supervision.requests.models import PairingRequest
from supervision.sessions.models import Session, SessionContent, SessionDraft, SessionRemark, WorkingNote
from supervision.supervisors.models import Designation, SupervisionNorm, Supervisor

__all__ = [
    "Agreement",
    "AgreementAcceptance",
    "AgreementRemark",
    "AgreementTemplate",
    "AgreementText",
    "Circle",
    "CircleMember",
    "CompanionProject",
    "Competency",
    "Deliverable",
    "Designation",
    "Gathering",
    "GatheringContent",
    "GatheringNote",
    "GoalNote",
    "LearningGoal",
    "Pairing",
    "PairingRequest",
    "Participation",
    "ParticipationRemark",
    "ProjectEvaluation",
    "ProjectVisit",
    "Session",
    "SessionContent",
    "SessionDraft",
    "SessionRemark",
    "SupervisionNorm",
    "Supervisor",
    "SupervisorApplication",
    "WorkingNote",
]
