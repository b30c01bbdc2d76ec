"""What a page knows of a draft: a stamp over what was typed into it, so that a page that is behind is noticed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.utils.crypto import salted_hmac

from credentials.claims.models import Claim

APART = ("person.is_clean_declared",)  # said on another page, when it is handed in


def stamp_of(claim: Claim) -> str:
    """The stamp of a draft as it is kept."""
    return stamp_over(claim.declared, claim.bank, claim.account_sealed, agrees=claim.consent_id is not None)


def stamp_over(declared: Mapping[str, Any], bank: str, account: str | None, *, agrees: bool) -> str:
    """The stamp of these entries: keyed, since an account number could be guessed from a plain one."""
    facts = {path: value for path, value in declared.items() if path not in APART}
    said = json.dumps([facts, bank, account or None, agrees], sort_keys=True)
    return salted_hmac("credentials.claims.draft", said).hexdigest()[:16]
