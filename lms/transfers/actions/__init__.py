"""Transfers: wishing to be moved, and how a wish ends (wishes); the move itself (moving); what both ask first (checking)
and tell (telling)."""

from lms.transfers.actions.moving import grant_transfer, move_elsewhere, transfer_enrolment
from lms.transfers.actions.wishes import (
    ask_transfer,
    end_wish,
    end_wishes,
    reconcile,
    refuse_transfer,
    take_back_transfer,
)

__all__ = [
    "ask_transfer",
    "end_wish",
    "end_wishes",
    "grant_transfer",
    "move_elsewhere",
    "reconcile",
    "refuse_transfer",
    "take_back_transfer",
    "transfer_enrolment",
]
