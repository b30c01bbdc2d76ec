"""The verbs of circles: who belongs to one, its gatherings, and the answers of those who took part.

No text of a circle goes anywhere but to its own sealed tables: not into the audit, not into a notice, not into a mail.
"""

from supervision.circles.actions.answering import (
    add_part,
    confirm_part,
    confirmation_of,
    correct_part,
    dispute_part,
    remove_part,
)
from supervision.circles.actions.joining import (
    accept_member,
    change_circle,
    close_circle,
    create_circle,
    decline_member,
    hand_over_circle,
    invite_members,
    join_circle,
    leave_circle,
)
from supervision.circles.actions.planning import cancel_gathering, change_plan, plan_gathering
from supervision.circles.actions.reconciling import reconcile, remind_circles
from supervision.circles.actions.recording import amend_gathering, keep_gathering_note, log_gathering
from supervision.circles.actions.rows import FAULT_WORDS, GatheringRefused

__all__ = [
    "FAULT_WORDS",
    "GatheringRefused",
    "accept_member",
    "add_part",
    "amend_gathering",
    "cancel_gathering",
    "change_circle",
    "change_plan",
    "close_circle",
    "confirm_part",
    "confirmation_of",
    "correct_part",
    "create_circle",
    "decline_member",
    "dispute_part",
    "hand_over_circle",
    "invite_members",
    "join_circle",
    "keep_gathering_note",
    "leave_circle",
    "log_gathering",
    "plan_gathering",
    "reconcile",
    "remind_circles",
    "remove_part",
]
