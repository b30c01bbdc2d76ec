"""The three functions that supervision has everywhere. A place may add its own, as dated rows; these stay."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Function(models.TextChoices):
    ADMINISTRATIVE = "administrative", _("Administrative")
    EDUCATIONAL = "educational", _("Educational")
    SUPPORTIVE = "supportive", _("Supportive")


# No local function takes one of these names: it would look like one of the three.
RESERVED = (
    *(*Function.values, *(each.capitalize() for each in Function.values)),
    *("行政", "教育", "支持", "行政性", "教育性", "支持性"),
)


def function_label(code: str) -> str:
    """A function in words. A local one is kept under its name of that time, so its code is its name."""
    return str(Function(code).label) if code in Function.values else code
