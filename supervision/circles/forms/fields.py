"""Fields that several forms of circles have."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


def text_field(
    label: Any, help_text: Any = "", rows: int = 3, most: int = 2000, **options: Any
) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, max_length=most, widget=widget, **options)


def late_field() -> forms.CharField:
    """Why it is said so long after the day."""
    return forms.CharField(
        label=_("Why it is recorded late"),
        help_text=_("Only for a late record. Administrators read this; write nothing of what was said."),
        max_length=300,
        required=False,
    )


def minutes_field(label: Any, **options: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "min": 1, "max": 480})
    return forms.IntegerField(label=label, min_value=1, max_value=480, widget=widget, **options)
