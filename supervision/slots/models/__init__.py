from supervision.slots.models.feeds import MeetingFeed
from supervision.slots.models.meetings import Meeting, MeetingQuerySet, MeetingRemark
from supervision.slots.models.slots import Slot

__all__ = [
    "Meeting",
    "MeetingFeed",
    "MeetingQuerySet",
    "MeetingRemark",
    "Slot",
]
