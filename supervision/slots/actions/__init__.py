"""The verbs of slots and meetings, by their subject."""

from supervision.slots.actions.closing import (
    cancel_meeting,
    end_meetings,
    miss_meeting,
    record_meeting,
    reopen_meeting,
    rest_meetings,
)
from supervision.slots.actions.feeds import renew_meeting_feed
from supervision.slots.actions.offering import book_slot, offer_slots, withdraw_slots
from supervision.slots.actions.proposing import (
    accept_meeting,
    change_place,
    decline_meeting,
    propose_meeting,
    withdraw_meeting,
)
from supervision.slots.actions.reminding import lapse_proposals, remind_meetings, remind_to_record
from supervision.slots.actions.rows import PROBLEM_WORDS, MeetingRefused

__all__ = [
    "PROBLEM_WORDS",
    "MeetingRefused",
    "accept_meeting",
    "book_slot",
    "cancel_meeting",
    "change_place",
    "decline_meeting",
    "end_meetings",
    "lapse_proposals",
    "miss_meeting",
    "offer_slots",
    "propose_meeting",
    "record_meeting",
    "remind_meetings",
    "remind_to_record",
    "renew_meeting_feed",
    "reopen_meeting",
    "rest_meetings",
    "withdraw_meeting",
    "withdraw_slots",
]
