"""The verbs of claims: begin, fill in, hand in, review, appeal, and what payment does to them."""

from credentials.claims.actions.appealing import answer_appeal, appeal
from credentials.claims.actions.banking import (
    WHY_KEPT,
    correct_account,
    is_account_open,
    may_take_back,
    take_back_account,
)
from credentials.claims.actions.closing import can_be_closed, close_lost_account
from credentials.claims.actions.drafting import (
    BANK_CONSENT,
    ClaimRefused,
    DraftChanged,
    add_paper,
    declare_facts,
    has_own_account,
    save_draft,
    start_claim,
    withdraw_claim,
)
from credentials.claims.actions.earlier import (
    Earlier,
    correct_earlier_payment,
    enter_earlier_payment,
    hold_to_number,
)
from credentials.claims.actions.giving import WHY_NOT_GIVE, give_in_kind
from credentials.claims.actions.handing_in import begins_anew, hand_in, missing_of, other_account_words
from credentials.claims.actions.noticing import (
    claims_to_post,
    lines_of,
    mark_of,
    post_claims,
    reconcile_noticed,
    settle_noticed,
    sum_of,
    unpost_claims,
)
from credentials.claims.actions.overdue import remind_reviewers
from credentials.claims.actions.passing import (
    AT_ONCE,
    MOST,
    NotPassed,
    chosen_of,
    pass_chosen,
    pass_claims,
    read_chosen,
    start_passing,
)
from credentials.claims.actions.paying import (
    lock_for_payment,
    record_payment,
    take_late_payment,
    unlock_claim,
    unlock_claims,
)
from credentials.claims.actions.printing import print_claim
from credentials.claims.actions.reading import (
    can_stamp,
    export_claims,
    open_claim_paper,
    stamp_words,
    stamped,
)
from credentials.claims.actions.reminding import remind_claimants
from credentials.claims.actions.reversing import take_payment_back
from credentials.claims.actions.reviewing import WHY_NOT, declare_claim_conflict, review_claim

__all__ = [
    "AT_ONCE",
    "BANK_CONSENT",
    "MOST",
    "WHY_KEPT",
    "WHY_NOT",
    "WHY_NOT_GIVE",
    "ClaimRefused",
    "DraftChanged",
    "Earlier",
    "NotPassed",
    "add_paper",
    "answer_appeal",
    "appeal",
    "begins_anew",
    "can_be_closed",
    "can_stamp",
    "chosen_of",
    "claims_to_post",
    "close_lost_account",
    "correct_account",
    "correct_earlier_payment",
    "declare_claim_conflict",
    "declare_facts",
    "enter_earlier_payment",
    "export_claims",
    "give_in_kind",
    "hand_in",
    "has_own_account",
    "hold_to_number",
    "is_account_open",
    "lines_of",
    "lock_for_payment",
    "mark_of",
    "may_take_back",
    "missing_of",
    "open_claim_paper",
    "other_account_words",
    "pass_chosen",
    "pass_claims",
    "post_claims",
    "print_claim",
    "read_chosen",
    "reconcile_noticed",
    "record_payment",
    "remind_claimants",
    "remind_reviewers",
    "review_claim",
    "save_draft",
    "settle_noticed",
    "stamp_words",
    "stamped",
    "start_claim",
    "start_passing",
    "sum_of",
    "take_back_account",
    "take_late_payment",
    "take_payment_back",
    "unlock_claim",
    "unlock_claims",
    "unpost_claims",
    "withdraw_claim",
]
