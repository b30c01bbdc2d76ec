"""An enrolment's way: apply (applying), be decided on (deciding), take a freed place (offers), leave (leaving), complete
(completing); no second place in a course (one_place); and what happens to a whole cohort (versions, watching). Every verb locks the cohort before the enrolment."""

from lms.enrolments.actions.applying import Application, apply
from lms.enrolments.actions.completing import complete_if_done, complete_those_done
from lms.enrolments.actions.deciding import Outcome, approve, decide, decided_already, refuse
from lms.enrolments.actions.leaving import end_all, withdraw
from lms.enrolments.actions.offers import accept_offer, decline_offer, fill_places, refuse_others
from lms.enrolments.actions.one_place import (
    elsewhere_in_course,
    give_up_waiting,
    lock_course_of,
    refuse_second,
)
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
    "elsewhere_in_course",
    "end_all",
    "expire_offers",
    "fill_places",
    "give_up_waiting",
    "lock_course_of",
    "move_to_version",
    "pin_version",
    "reconcile",
    "refuse",
    "refuse_others",
    "refuse_second",
    "warn_below_minimum",
    "withdraw",
]
