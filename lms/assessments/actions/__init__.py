from lms.assessments.actions.ending import expire, expire_due, settle, submit_attempt
from lms.assessments.actions.refusals import NotPossible, TooLate, refuse_late, refuse_start
from lms.assessments.actions.saving import Chosen, save_answers, save_own_answer
from lms.assessments.actions.starting import start_attempt

__all__ = [
    "Chosen",
    "NotPossible",
    "TooLate",
    "expire",
    "expire_due",
    "refuse_late",
    "refuse_start",
    "save_answers",
    "save_own_answer",
    "settle",
    "start_attempt",
    "submit_attempt",
]
