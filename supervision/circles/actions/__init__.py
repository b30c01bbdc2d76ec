"""The verbs of circles: who belongs to one, its gatherings, and the answers of those who took part.

No text of a circle goes anywhere but to its own sealed tables: not into the audit, not into a notice, not into a mail.
"""

from supervision.circles.actions.amending import (
    accept_gathering_amendment,
    propose_gathering_amendment,
    refuse_gathering_amendment,
    withdraw_gathering_amendment,
)
from supervision.circles.actions.answering import (
    add_part,
    confirm_part,
    correct_part,
    dispute_part,
    remove_part,
)
from supervision.circles.actions.cancelling import cancel_gathering
from supervision.circles.actions.forming import change_circle, close_circle, create_circle, hand_over_circle
from supervision.circles.actions.joining import (
    accept_member,
    decline_member,
    invite_members,
    join_circle,
    leave_circle,
)
from supervision.circles.actions.keeping import add_gathering_file, open_gathering_file, tick_gathering_action
from supervision.circles.actions.late import (
    approve_late_gathering,
    decline_late_gathering,
    explain_late_gathering,
)
from supervision.circles.actions.planning import change_plan, plan_gathering, plan_series
from supervision.circles.actions.reconciling import reconcile, remind_circles, remind_of_hour
from supervision.circles.actions.recording import amend_gathering, keep_gathering_note, log_gathering
from supervision.circles.actions.reviewing import ask_circle_review, read_gathering_in_review
from supervision.circles.actions.rows import PROBLEM_WORDS, GatheringRefused, confirmation_of
from supervision.circles.actions.syncing import save_gathering_draft, sync_gathering

__all__ = [
    "PROBLEM_WORDS",
    "GatheringRefused",
    "accept_gathering_amendment",
    "accept_member",
    "add_gathering_file",
    "add_part",
    "amend_gathering",
    "approve_late_gathering",
    "ask_circle_review",
    "cancel_gathering",
    "change_circle",
    "change_plan",
    "close_circle",
    "confirm_part",
    "confirmation_of",
    "correct_part",
    "create_circle",
    "decline_late_gathering",
    "decline_member",
    "dispute_part",
    "explain_late_gathering",
    "hand_over_circle",
    "invite_members",
    "join_circle",
    "keep_gathering_note",
    "leave_circle",
    "log_gathering",
    "open_gathering_file",
    "plan_gathering",
    "plan_series",
    "propose_gathering_amendment",
    "read_gathering_in_review",
    "reconcile",
    "refuse_gathering_amendment",
    "remind_circles",
    "remind_of_hour",
    "remove_part",
    "save_gathering_draft",
    "sync_gathering",
    "tick_gathering_action",
    "withdraw_gathering_amendment",
]
