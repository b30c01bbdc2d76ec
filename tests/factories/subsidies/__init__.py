"""A city's policy, claims under it, and what pays them: a file for claims and one for payments."""

from tests.factories.subsidies.claims import (
    ACCOUNT,
    POLICY,
    give_region,
    make_claim,
    make_claim_with_all,
    make_reviewer,
    make_subsidies,
    pass_claim,
    policy_text,
)
from tests.factories.subsidies.payments import (
    make_approved,
    make_batch,
    make_paid,
    make_payer,
    make_payment_rows,
    make_reversal_rows,
    money_back,
)

__all__ = [
    "ACCOUNT",
    "POLICY",
    "give_region",
    "make_approved",
    "make_batch",
    "make_claim",
    "make_claim_with_all",
    "make_paid",
    "make_payer",
    "make_payment_rows",
    "make_reversal_rows",
    "make_reviewer",
    "make_subsidies",
    "money_back",
    "pass_claim",
    "policy_text",
]
