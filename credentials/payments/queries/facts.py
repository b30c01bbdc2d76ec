"""What a line freezes of its claim, in Chinese: the list that is paid by is a Chinese paper."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import override

from core.people.sealed import lookup_hash
from credentials.claims.models import Claim
from credentials.policies.policy import Benefit, facts_from
from credentials.policies.queries.labels import value_label
from credentials.policies.queries.words import said


def frozen_facts(claim: Claim) -> dict[str, Any]:
    """The official columns for one locked claim: who, for which certificate or title, how much, and where to.

    Who it is was frozen when the claim was handed in; the ID number is that of the frozen hash (`is_same_person`)."""
    item = _subject(claim)
    decision = claim.decision
    person = claim.person
    return {
        "name": claim.name,
        "id_sealed": person.id_number or "",
        "id_hash": claim.id_hash,
        "employer": claim.employer.name if claim.employer else "",
        "level": level_words(claim)[:120],
        "certificate_number": str(item.get("number") or "")[:60],
        "certificate_on": item.get("issued_on"),
        "standard": Decimal(decision.get("entitled") or claim.amount),
        "already": Decimal(decision.get("paid") or 0),
        "amount": claim.amount,
        "bank": claim.bank,
        "account_sealed": claim.account_sealed,
        "account_hash": lookup_hash("account", claim.account_sealed or ""),
        "phone_sealed": person.user.phone if person.user else None,
        "is_sample": person.is_sample,
    }


def level_words(claim: Claim) -> str:
    """What is paid for, in Chinese: the level, or the benefit with the title or year."""
    with override("zh-hans"):
        benefit = _benefit(claim)
        if benefit.subject == "qualification":
            return value_label(claim.key)
        item = _subject(claim)
        about = item.get("name") or item.get("year") or ""
        words = said(benefit.words)
        return f"{words}（{about}）" if about else words


def _benefit(claim: Claim) -> Benefit:
    benefit = claim.version.policy().benefit(claim.benefit)
    assert benefit is not None  # a version never changes
    return benefit


def _subject(claim: Claim) -> Mapping[str, Any]:
    """The certificate, title or year that the claim is about, as it was frozen; empty where it is about none."""
    benefit = _benefit(claim)
    if not benefit.subject:
        return {}
    items = facts_from(claim.facts).subjects(benefit.subject) or ()
    found: Mapping[str, Any] = next((item for item in items if benefit.key_of(item) == claim.key), {})
    return found
