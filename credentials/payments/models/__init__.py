"""Payment batches with their lines and reversals, and the budgets that they count against."""

from credentials.payments.models.batches import PaymentBatch, PaymentCounter
from credentials.payments.models.budgets import PaymentBudget
from credentials.payments.models.lines import PaymentLine
from credentials.payments.models.reversals import PaymentReversal

__all__ = ["PaymentBatch", "PaymentBudget", "PaymentCounter", "PaymentLine", "PaymentReversal"]
