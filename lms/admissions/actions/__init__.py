"""The verbs of admissions: apply (applying), decide (deciding), keep a plan (plans) and places for organisations (places), invite
(codes). All that takes a place or uses a code happens under the lock of the cohort."""

from lms.admissions.actions.applying import (
    NOTHING,
    WRONG_CODE,
    HandedIn,
    archive_steps,
    check_admission,
    hand_in,
    reroute_application,
)
from lms.admissions.actions.codes import make_code, revoke_code
from lms.admissions.actions.deciding import approve_step, refuse_step, tell_deciders, told_of
from lms.admissions.actions.places import release_places, remove_quota, set_quota
from lms.admissions.actions.plans import save_plan

__all__ = [
    "NOTHING",
    "WRONG_CODE",
    "HandedIn",
    "approve_step",
    "archive_steps",
    "check_admission",
    "hand_in",
    "make_code",
    "refuse_step",
    "release_places",
    "remove_quota",
    "reroute_application",
    "revoke_code",
    "save_plan",
    "set_quota",
    "tell_deciders",
    "told_of",
]
