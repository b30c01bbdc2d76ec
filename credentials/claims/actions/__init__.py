"""The verbs of claims: begin, fill in, hand in, review, appeal, and what payment does to them."""

from credentials.claims.actions.appealing import answer_appeal, appeal
from credentials.claims.actions.banking import correct_account, take_back_account
from credentials.claims.actions.drafting import (
    BANK_CONSENT,
    ClaimRefused,
    add_paper,
    declare_facts,
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
from credentials.claims.actions.printing import print_claim
from credentials.claims.actions.reminding import remind_claimants
from credentials.claims.actions.reviewing import WHY_NOT, declare_claim_conflict, review_claim

__all__ = [
    "BANK_CONSENT",
    "WHY_NOT",
    "ClaimRefused",
    "add_paper",
    "answer_appeal",
    "appeal",
    "correct_account",
    "declare_claim_conflict",
    "declare_facts",
    "enter_earlier_payment",
    "hand_in",
    "lock_for_payment",
    "missing_of",
    "print_claim",
    "record_paid",
    "remind_claimants",
    "review_claim",
    "save_draft",
    "start_claim",
    "take_back_account",
    "unlock_claim",
    "withdraw_claim",
]
