"""Claims and payments of a person, as other apps may ask for them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.cache import cache
from django.urls import reverse

from core.people.models import Person
from credentials.claims.models import Claim, PaymentEntry
from credentials.claims.queries.own import kept_as, open_lines, overview_of
from credentials.claims.queries.words import yuan
from credentials.claims.states import ClaimState
from credentials.payments.models import PaymentLine, PaymentReversal

OPEN_SECONDS = 60
KEPT_SECONDS = 15 * 60  # for which a desk shows what could be claimed without asking all records again


@dataclass(frozen=True)
class Claimable:
    """What stands on the desk of a person about subsidies: the sum that can be claimed now, and until when."""

    amount: str
    last_day: datetime.date | None
    url: str


@dataclass(frozen=True)
class OpenClaim:
    """A claim that is not settled yet, as it stands on the desk of whom it is for."""

    title: str
    label: str
    tone: str
    waits: str
    due_on: datetime.date | None  # until when the stage at which it is decides
    url: str


def open_claims_of(person: Person, today: datetime.date) -> list[OpenClaim]:
    """Where the claims of somebody stand that they have begun and that are not settled yet. One query; none for a minute, and
    for a quarter of an hour where there are none. What claimants do themselves shows at once."""
    _sum, name = kept_as(person, today)
    kept: list[OpenClaim] | None = cache.get(name)
    if kept is not None:
        return kept
    found = _open_claims(person)
    cache.set(name, found, OPEN_SECONDS if found else KEPT_SECONDS)
    return found


def _open_claims(person: Person) -> list[OpenClaim]:
    return [
        OpenClaim(
            title=line.title,
            label=line.label,
            tone=line.tone,
            waits=line.waits,
            due_on=line.claim.stage_due_on if line.claim.state == ClaimState.REVIEW else None,
            url=line.claim.get_absolute_url(),
        )
        for line in open_lines(person)
    ]


def claimable_of(person: Person, today: datetime.date) -> Claimable | None:
    """What this person can claim now; None where there is nothing. Asked anew after a quarter of an hour: in between the
    desk costs nothing, and the page behind it is exact."""
    key, _none = kept_as(person, today)
    kept: Claimable | str | None = cache.get(key)
    if kept is None:
        kept = _claimable(person, today) or ""
        cache.set(key, kept, KEPT_SECONDS)
    return kept if isinstance(kept, Claimable) else None


def _claimable(person: Person, today: datetime.date) -> Claimable | None:
    if person.employer_id is None:
        return None
    open_ones = [one for one in overview_of(person, today).now if one.blocked_by is None]
    amounts = [one.offer.decision.amount for one in open_ones if one.offer.decision.amount]
    if not amounts:
        return None
    days = [one.last_day for one in open_ones if one.last_day and one.offer.decision.amount]
    return Claimable(
        yuan(sum(amounts, Decimal(0))), min(days, default=None), reverse("credentials:claim-list")
    )


def claim_data_of(person: Person) -> dict[str, Any]:
    """The claims of a person with what was frozen of them, and what was paid, as they may take it away. Five queries.

    The account is shown by its last digits only: whoever holds the file could pay into it.
    """
    rows = Claim.objects.filter(person=person).select_related("version__subsidy").prefetch_related("reviews")
    claims = [
        {
            "number": row.serial,
            "policy": row.version.subsidy.code,
            "benefit": row.benefit,
            "for": row.key,
            "state": row.state,
            "handed_in": row.claimed_on,
            "amount": row.amount,
            "declared": row.declared,
            "facts": row.facts,
            "decision": row.decision,
            "bank": row.bank,
            "account": row.account_masked,
            "reviews": [
                {"stage": one.stage, "verdict": one.verdict, "reason": one.reason, "at": one.at}
                for one in row.reviews.all()
            ],
        }
        for row in rows
    ]
    entries = PaymentEntry.objects.filter(person=person)
    names = ("policy", "benefit", "key", "amount", "on", "kind")
    return {
        "claims": claims,
        "payments": list(entries.standing().values(*names)),
        "payments_corrected": list(entries.corrected().values(*names)),
        "payment_lines": _lines_of(person),
        "reversals": _reversals_of(person),
    }


def _reversals_of(person: Person) -> list[dict[str, Any]]:
    """What was recorded about money of a person that came back."""
    rows = PaymentReversal.objects.filter(claim__person=person).order_by("pk")
    names = ("amount", "cause", "end", "on", "reason", "reference", "state", "recorded_at", "answer")
    return list(rows.values(*names))


def _lines_of(person: Person) -> list[dict[str, Any]]:
    """What stood in the payment lists about a person, and what became of it."""
    rows = PaymentLine.objects.filter(claim__person=person).select_related("batch").order_by("pk")
    return [
        {
            "batch": row.batch.serial,
            "name": row.name,
            "employer": row.employer,
            "level": row.level,
            "amount": row.amount,
            "bank": row.bank,
            "account": row.account_masked,
            "state": row.state,
            "paid_on": row.paid_on,
            "reason": row.reason,
        }
        for row in rows
    ]
