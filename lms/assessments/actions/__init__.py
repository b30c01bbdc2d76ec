from lms.assessments.actions.ending import expire, expire_due, settle, submit_attempt
from lms.assessments.actions.refusals import Elsewhere, NotPossible, TooLate, refuse_late, refuse_start
from lms.assessments.actions.saving import Chosen, save_answers, save_own_answer
from lms.assessments.actions.starting import start_attempt
from lms.assessments.actions.watching import note_page, note_told, take_over
from lms.assessments.actions.windows import lift_paper_window, set_paper_window

__all__ = [
    "Chosen",
    "Elsewhere",
    "NotPossible",
    "TooLate",
    "expire",
    "expire_due",
    "lift_paper_window",
    "note_page",
    "note_told",
    "refuse_late",
    "refuse_start",
    "save_answers",
    "save_own_answer",
    "set_paper_window",
    "settle",
    "start_attempt",
    "submit_attempt",
    "take_over",
]
