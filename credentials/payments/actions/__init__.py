"""The verbs of payment: build, lock, release, enter what the bank says, close, take back; and what is set aside."""

from credentials.payments.actions.asking import PaymentRefused, why_not_answer
from credentials.payments.actions.budgeting import set_budget
from credentials.payments.actions.building import Built, add_claim, build_batch, open_batch
from credentials.payments.actions.late import record_late_payment
from credentials.payments.actions.releasing import (
    lock_batch,
    miss_control_total,
    release_batch,
    return_batch,
)
from credentials.payments.actions.revealing import take_out_batch
from credentials.payments.actions.reversing import (
    WHY_NOT_CONFIRM,
    Back,
    confirm_reversal,
    record_reversal,
    refuse_reversal,
)
from credentials.payments.actions.settling import close_batch, import_results, record_result
from credentials.payments.actions.undoing import cancel_batch, drop_line

__all__ = [
    "WHY_NOT_CONFIRM",
    "Back",
    "Built",
    "PaymentRefused",
    "add_claim",
    "build_batch",
    "cancel_batch",
    "close_batch",
    "confirm_reversal",
    "drop_line",
    "import_results",
    "lock_batch",
    "miss_control_total",
    "open_batch",
    "record_late_payment",
    "record_result",
    "record_reversal",
    "refuse_reversal",
    "release_batch",
    "return_batch",
    "set_budget",
    "take_out_batch",
    "why_not_answer",
]
