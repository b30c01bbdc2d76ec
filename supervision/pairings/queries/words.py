"""A part of how well two suit each other, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

FIT: dict[str, Any] = {
    "fields": _("Service fields in common: %(names)s"),
    "no_fields": _("No service field in common"),
    "fields_unknown": _("The mentee has named no service field"),
    "language": _("A language in common: %(names)s"),
    "no_language": _("No language in common"),
    "free": _("%(free)s of %(capacity)s places free"),
    "free_month": _("%(free)s of %(capacity)s places free, %(left)s of %(monthly)s minutes left this month"),
    "month_full": _("This month is full by their own figure: %(monthly)s minutes are planned or held"),
}
NEAR = (
    _("Another province"),
    _("The same province"),
    _("The same city"),
    _("The same district or nearer"),
)


def fit_words(code: str, values: Mapping[str, Any]) -> str:
    """One part of a score in a sentence for an officer; the code itself where no sentence is known."""
    if code == "near":
        return str(NEAR[min(int(values.get("steps", 0)), len(NEAR) - 1)])
    said = FIT.get(code)
    return str(said % values) if said is not None else code
