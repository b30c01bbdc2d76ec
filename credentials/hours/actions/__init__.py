"""The verbs of hours: the rules of counting, the ledger, and what is credited of what other apps tell."""

from credentials.hours.actions.correcting import CannotCorrect, correct_hours, credit_rest
from credentials.hours.actions.crediting_learning import credit_attendance, credit_course
from credentials.hours.actions.crediting_supervision import credit_participation, credit_session
from credentials.hours.actions.exporting import export_holdings
from credentials.hours.actions.ledger import credit, lock_people, skip_credit
from credentials.hours.actions.reconciling import reconcile
from credentials.hours.actions.rules import DEFAULT_RULE, STEP_FAULTS, add_hours_rule, rule_on, worth_now

__all__ = [
    "DEFAULT_RULE",
    "STEP_FAULTS",
    "CannotCorrect",
    "add_hours_rule",
    "correct_hours",
    "credit",
    "credit_attendance",
    "credit_course",
    "credit_participation",
    "credit_rest",
    "credit_session",
    "export_holdings",
    "lock_people",
    "reconcile",
    "rule_on",
    "skip_credit",
    "worth_now",
]
