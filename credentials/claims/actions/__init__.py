"""The verbs of claims: begin, fill in, hand in, review, appeal, and what payment does to them."""

from credentials.claims.actions.appealing import answer_appeal, appeal
from credentials.claims.actions.drafting import (
    BANK_CONSENT,
    ClaimRefused,
    add_paper,
    save_draft,
    start_claim,
    withdraw_claim,
)
from credentials.claims.actions.handing_in import hand_in, missing_of
from credentials.claims.actions.paying import (
    enter_earlier_payment,
    lock_for_payment,
    record_paid,
    unlock_claim,
)
from credentials.claims.actions.reviewing import WHY_NOT, declare_claim_conflict, review_claim

__all__ = [
    "BANK_CONSENT",
    "WHY_NOT",
    "ClaimRefused",
    "add_paper",
    "answer_appeal",
    "appeal",
    "declare_claim_conflict",
    "enter_earlier_payment",
    "hand_in",
    "lock_for_payment",
    "missing_of",
    "record_paid",
    "review_claim",
    "save_draft",
    "start_claim",
    "unlock_claim",
    "withdraw_claim",
]
