"""How minutes become hours (学时)."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal


def hours_from(minutes: int, minutes_per_hour: int = 45) -> Decimal:
    """The hours that these minutes are worth, to one decimal and never rounded up.

    45 minutes an hour is what many places do (practice); the ledger keeps minutes, so another rule can be applied later.
    """
    hours = (Decimal(abs(minutes)) / Decimal(minutes_per_hour)).quantize(Decimal("0.1"), rounding=ROUND_DOWN)
    return hours if minutes >= 0 else -hours
