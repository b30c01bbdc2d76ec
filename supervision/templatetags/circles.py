"""What the supervision home page says of circles; they stand above it, so the page asks here."""

from typing import Any

from django import template

from supervision.circles.queries import Home, home_of

register = template.Library()


@register.simple_tag(takes_context=True)
def circles_home(context: dict[str, Any]) -> Home:
    """What waits for the reader in circles, and the next gathering."""
    return home_of(getattr(context["request"].user, "person", None))
