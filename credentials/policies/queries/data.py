"""A decision as data: what is frozen with a claim, and what the command line prints."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from credentials.policies.policy import Decision, Policy
from credentials.policies.queries.words import (
    article_of,
    cure_words,
    finding_words,
    outlook_words,
    title_words,
)


def decision_data(decision: Decision, policy: Policy) -> dict[str, Any]:
    """A decision as plain values for JSON: amounts as text with two decimals, days as ISO dates."""
    return {
        "policy": decision.policy,
        "benefit": decision.benefit,
        "key": decision.key,
        "on": decision.on.isoformat(),
        "outcome": str(decision.outcome),
        "amount": _money(decision.amount),
        "entitled": _money(decision.entitled),
        "paid": _money(decision.paid),
        "first_day": _day(decision.first_day),
        "last_day": _day(decision.last_day),
        "conditions": [
            {
                "name": found.name,
                "result": str(found.verdict),
                "requirement": title_words(found, policy),
                "sentence": finding_words(found),
                "article": article_of(found, policy),
                "cure": cure_words(found, policy),
                "last_day": _day(found.last_day),
                "first_day": _day(found.first_day),
            }
            for found in decision.findings
        ],
    }


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"


def _day(day: datetime.date | None) -> str | None:
    return day.isoformat() if day else None


def assessed_data(decision: Decision, policy: Policy) -> dict[str, Any]:
    """The same for whoever asks on the command line: of everything that does not pass it says what would cure it."""
    said = decision_data(decision, policy)
    for row, found in zip(said["conditions"], decision.findings, strict=True):
        row["cure"] = outlook_words(found, policy)
    return said
