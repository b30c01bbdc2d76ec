"""How hours are written in templates."""

from __future__ import annotations

from decimal import Decimal

from django import template

from credentials.hours.policy import plain_hours

register = template.Library()


@register.filter
def hours(value: Decimal | None) -> str:
    """12, 13.5, 0.25: without the zeros at the end; nothing where there is no number."""
    return plain_hours(value) if isinstance(value, Decimal) else ""
