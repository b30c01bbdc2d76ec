"""The verbs of qualifications: levels and their terms, registration periods, certificates declared, verified or taken
over from a table, and the reminders of a registration."""

from credentials.qualifications.actions.exams import forget_exam, note_exam
from credentials.qualifications.actions.importing import QUALIFICATIONS
from credentials.qualifications.actions.levels import add_level_terms, save_level
from credentials.qualifications.actions.periods import (
    PeriodRefused,
    declare_period,
    return_period,
    verify_period,
    withdraw_period,
)
from credentials.qualifications.actions.records import (
    declare_qualification,
    open_scan,
    return_qualification,
    verify_qualification,
    withdraw_qualification,
)
from credentials.qualifications.actions.refusals import QualificationRefused
from credentials.qualifications.actions.reminding import remind_registrations

__all__ = [
    "QUALIFICATIONS",
    "PeriodRefused",
    "QualificationRefused",
    "add_level_terms",
    "declare_period",
    "declare_qualification",
    "forget_exam",
    "note_exam",
    "open_scan",
    "remind_registrations",
    "return_period",
    "return_qualification",
    "save_level",
    "verify_period",
    "verify_qualification",
    "withdraw_period",
    "withdraw_qualification",
]
