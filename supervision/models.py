"""All models of supervision, found here by Django; they live in their features."""

from supervision.appointments.models import SupervisorApplication
from supervision.pairings.models import Pairing
from supervision.sessions.models import Session, SessionContent, SessionDraft, SessionRemark, WorkingNote
from supervision.supervisors.models import Designation, SupervisionNorm, Supervisor

__all__ = [
    "Designation",
    "Pairing",
    "Session",
    "SessionContent",
    "SessionDraft",
    "SessionRemark",
    "SupervisionNorm",
    "Supervisor",
    "SupervisorApplication",
    "WorkingNote",
]
