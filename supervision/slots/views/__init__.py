from supervision.slots.views.calendar import meeting_feed, meeting_ics, meeting_subscribe
from supervision.slots.views.meetings import (
    meeting_accept,
    meeting_cancel,
    meeting_decline,
    meeting_detail,
    meeting_list,
    meeting_missed,
    meeting_place,
    meeting_withdraw,
)
from supervision.slots.views.proposing import meeting_answer, meeting_move, meeting_propose
from supervision.slots.views.slots import slot_book, slot_offer, slot_withdraw

__all__ = [
    "meeting_accept",
    "meeting_answer",
    "meeting_cancel",
    "meeting_decline",
    "meeting_detail",
    "meeting_feed",
    "meeting_ics",
    "meeting_list",
    "meeting_missed",
    "meeting_move",
    "meeting_place",
    "meeting_propose",
    "meeting_subscribe",
    "meeting_withdraw",
    "slot_book",
    "slot_offer",
    "slot_withdraw",
]
