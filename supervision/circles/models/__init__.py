"""Circles: several people who are supervised together, their gatherings, and who took part for how long.

Like a session, a gathering has three stores: what happened and how long (for the desk too), what was said (those who took
part), and working notes (the author).
"""

from supervision.circles.models.amendments import GatheringAmendment, GatheringAmendmentText, PartAmendment
from supervision.circles.models.circles import FOUND, MOST_MEMBERS, Circle, CircleMember
from supervision.circles.models.gatherings import Gathering, Participation
from supervision.circles.models.late import LateGathering
from supervision.circles.models.reviews import CircleReview, written_by
from supervision.circles.models.written import (
    GatheringAction,
    GatheringContent,
    GatheringDraft,
    GatheringFile,
    GatheringNote,
    ParticipationRemark,
)

__all__ = [
    "FOUND",
    "MOST_MEMBERS",
    "Circle",
    "CircleMember",
    "CircleReview",
    "Gathering",
    "GatheringAction",
    "GatheringAmendment",
    "GatheringAmendmentText",
    "GatheringContent",
    "GatheringDraft",
    "GatheringFile",
    "GatheringNote",
    "LateGathering",
    "PartAmendment",
    "Participation",
    "ParticipationRemark",
    "written_by",
]
