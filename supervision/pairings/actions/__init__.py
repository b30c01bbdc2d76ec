"""Pairing a supervisor and a mentee, pausing it, ending it. Each happens once, and never over the capacity."""

from supervision.pairings.actions.basis import (
    SECOND_CLICK,
    NotPossible,
    locked_pairing,
    one_of_pair,
    require_of_pair,
)
from supervision.pairings.actions.making import change_pair, create_pairing, end_pairing
from supervision.pairings.actions.many import create_pairings
from supervision.pairings.actions.resting import end_pauses, pause_pairing, resume_pairing
from supervision.pairings.actions.watching import reconcile, tell_quiet

__all__ = [
    "SECOND_CLICK",
    "NotPossible",
    "change_pair",
    "create_pairing",
    "create_pairings",
    "end_pairing",
    "end_pauses",
    "locked_pairing",
    "one_of_pair",
    "pause_pairing",
    "reconcile",
    "require_of_pair",
    "resume_pairing",
    "tell_quiet",
]
