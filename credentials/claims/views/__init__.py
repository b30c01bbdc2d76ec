"""The claimant's own pages: what can be claimed, and each claim from its draft to the payment."""

from credentials.claims.views.after import claim_account, claim_appeal, claim_take_back, claim_withdraw
from credentials.claims.views.drafting import (
    claim_autosave,
    claim_check,
    claim_edit,
    claim_paper_add,
    claim_scan_take,
)
from credentials.claims.views.own import claim_detail, claim_form, claim_list, claim_paper, claim_start

__all__ = [
    "claim_account",
    "claim_appeal",
    "claim_autosave",
    "claim_check",
    "claim_detail",
    "claim_edit",
    "claim_form",
    "claim_list",
    "claim_paper",
    "claim_paper_add",
    "claim_scan_take",
    "claim_start",
    "claim_take_back",
    "claim_withdraw",
]
