"""What an officer registers, and why a commendation is struck off."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.ui.fields import LineField
from credentials.commendations.states import Rank


class CommendationForm(forms.Form):
    rank = forms.ChoiceField(label=_("Rank"), choices=Rank.choices)
    title = LineField(
        label=_("Name of the commendation"), max_length=120, help_text=_("As written on the certificate.")
    )
    issuer = LineField(label=_("Given by"), max_length=120)
    year = forms.IntegerField(label=_("Year"), min_value=1949, max_value=2200)
    document = LineField(
        label=_("Decision document"),
        max_length=120,
        required=False,
        help_text=_("The number of the decision."),
    )


class StrikeForm(forms.Form):
    """Why a commendation is struck off. The person reads it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the reason: the person will read it.")},
    )
