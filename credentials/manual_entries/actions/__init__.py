"""The verbs of manual entries: ask for one, enter it or take it back (entering), and confirm or return it
(deciding); what it has to meet (checking), and who is told (telling). Two officers, and never the person themself."""

from credentials.manual_entries.actions.checking import Facts, ManualRefused
from credentials.manual_entries.actions.deciding import (
    accept_manual,
    confirm_manual,
    open_proof,
    return_manual,
)
from credentials.manual_entries.actions.entering import (
    enter_manual,
    request_manual,
    withdraw_manual,
)

__all__ = [
    "Facts",
    "ManualRefused",
    "accept_manual",
    "confirm_manual",
    "enter_manual",
    "open_proof",
    "request_manual",
    "return_manual",
    "withdraw_manual",
]
