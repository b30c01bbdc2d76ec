"""All models of supervision, found here by Django; they live in their features."""

from supervision.agreements.models import (
    Agreement,
    AgreementAcceptance,
    AgreementRemark,
    AgreementTemplate,
    AgreementText,
)
from supervision.appointments.models import SupervisorApplication
from supervision.evaluations.models import (
    CountedAnswer,
    Evaluation,
    EvaluationAnswer,
    EvaluationResult,
    EvaluationTemplate,
    EvaluationWords,
    PublicationRule,
)
from supervision.goals.models import Competency, GoalNote, LearningGoal
from supervision.pairings.models import Pairing
from supervision.reports.models import (
    AllowanceLine,
    AllowanceRate,
    AllowanceStatement,
    SupervisionReport,
)
from supervision.requests.models import PairingRequest
from supervision.sessions.models import Session, SessionContent, SessionDraft, SessionRemark, WorkingNote
from supervision.supervisors.models import Designation, SupervisionNorm, Supervisor

__all__ = [
    "Agreement",
    "AgreementAcceptance",
    "AgreementRemark",
    "AgreementTemplate",
    "AgreementText",
    "AllowanceLine",
    "AllowanceRate",
    "AllowanceStatement",
    "Competency",
    "CountedAnswer",
    "Designation",
    "Evaluation",
    "EvaluationAnswer",
    "EvaluationResult",
    "EvaluationTemplate",
    "EvaluationWords",
    "GoalNote",
    "LearningGoal",
    "Pairing",
    "PairingRequest",
    "PublicationRule",
    "Session",
    "SessionContent",
    "SessionDraft",
    "SessionRemark",
    "SupervisionNorm",
    "SupervisionReport",
    "Supervisor",
    "SupervisorApplication",
    "WorkingNote",
]
