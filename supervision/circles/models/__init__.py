"""Circles: several people who are supervised together, their gatherings, and who took part for how long.

Like a session, a gathering has three stores: what happened and how long (for the desk too), what was said (those who took
part), and working notes (the author).
"""

from supervision.circles.models.circles import (
    FOUND,
    MOST_MEMBERS,
    Circle,
    CircleMember,
    CircleMemberQuerySet,
    CircleQuerySet,
    province_of,
)
from supervision.circles.models.gatherings import (
    Gathering,
    GatheringQuerySet,
    Participation,
    ParticipationQuerySet,
)
from supervision.circles.models.written import (
    GatheringContent,
    GatheringContentQuerySet,
    GatheringNote,
    GatheringNoteQuerySet,
    ParticipationRemark,
    ParticipationRemarkQuerySet,
)

__all__ = [
    "FOUND",
    "MOST_MEMBERS",
    "Circle",
    "CircleMember",
    "CircleMemberQuerySet",
    "CircleQuerySet",
    "Gathering",
    "GatheringContent",
    "GatheringContentQuerySet",
    "GatheringNote",
    "GatheringNoteQuerySet",
    "GatheringQuerySet",
    "Participation",
    "ParticipationQuerySet",
    "ParticipationRemark",
    "ParticipationRemarkQuerySet",
    "province_of",
]
