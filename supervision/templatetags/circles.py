"""What the home page and the calendar say of circles; they stand above them, so the pages ask here."""

from typing import Any

from django import template

from supervision.circles.models import Gathering
from supervision.circles.queries import Home, calendar_gatherings, home_of

register = template.Library()


@register.simple_tag(takes_context=True)
def circles_home(context: dict[str, Any]) -> Home:
    """What waits for the reader in circles, and the next gathering."""
    return home_of(getattr(context["request"].user, "person", None))


@register.simple_tag(takes_context=True)
def circles_calendar(context: dict[str, Any]) -> list[Gathering]:
    """What the reader's circles have planned, the next first."""
    return calendar_gatherings(getattr(context["request"].user, "person", None))
