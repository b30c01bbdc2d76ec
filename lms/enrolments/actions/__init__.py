"""An enrolment's way: apply (applying), be decided on (deciding), take a freed place (offers), leave (leaving), complete
(completing); and what happens to a whole cohort (versions, watching). Every verb locks the cohort before the enrolment."""

from lms.enrolments.actions.applying import Application, apply
from lms.enrolments.actions.completing import complete_if_done, complete_those_done
from lms.enrolments.actions.deciding import Outcome, approve, decide, decided_already, refuse
from lms.enrolments.actions.leaving import end_all, withdraw
from lms.enrolments.actions.offers import accept_offer, decline_offer, fill_places, refuse_others
from lms.enrolments.actions.versions import move_to_version, pin_version
from lms.enrolments.actions.watching import reconcile, warn_below_minimum
from lms.enrolments.places import expire_offers

__all__ = [
    "Application",
    "Outcome",
    "accept_offer",
    "apply",
    "approve",
    "complete_if_done",
    "complete_those_done",
    "decide",
    "decided_already",
    "decline_offer",
    "end_all",
    "expire_offers",
    "fill_places",
    "move_to_version",
    "pin_version",
    "reconcile",
    "refuse",
    "refuse_others",
    "warn_below_minimum",
    "withdraw",
]
