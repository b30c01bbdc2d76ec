"""What an officer records about somebody, and why it is lifted."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from core.ui.fields import LineField
from credentials.conduct.states import Head

DAYS = ["%Y-%m-%d", "%Y/%m/%d"]
WORDS = {"required": _("Write the day."), "invalid": _("There is no such day. Write it like 2026-03-14.")}


class ConductForm(forms.Form):
    head = forms.ChoiceField(label=_("What it is"), choices=Head.choices)
    occurred_on = forms.DateField(
        label=_("Day on which it happened"), widget=AdminDateInput, input_formats=DAYS, error_messages=WORDS
    )
    established_on = forms.DateField(
        label=_("Day on which it was established"),
        widget=AdminDateInput,
        input_formats=DAYS,
        error_messages=WORDS,
    )
    source = LineField(
        label=_("Source"),
        max_length=200,
        help_text=_("Who has established it, and the number of the document. Hearsay is none."),
    )
    details = forms.CharField(
        label=_("What was established"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Only what the document says. The person can read it."),
    )


class LiftForm(forms.Form):
    """Why a record does not stand. The person reads it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the reason: the person will read it.")},
    )
