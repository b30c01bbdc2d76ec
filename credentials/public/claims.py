"""Claims and payments of a person, as other apps may ask for them."""

from __future__ import annotations

from typing import Any

from core.people.models import Person
from credentials.claims.models import Claim, PaymentEntry
from credentials.payments.models import PaymentLine


def claim_data_of(person: Person) -> dict[str, Any]:
    """The claims of a person with what was frozen of them, and what was paid, as they may take it away. Four queries.

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
    lines = PaymentEntry.objects.filter(person=person).values(
        "policy", "benefit", "key", "amount", "on", "kind"
    )
    return {"claims": claims, "payments": list(lines), "payment_lines": _lines_of(person)}


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
