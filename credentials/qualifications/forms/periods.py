"""What a trainee declares of a registration, and what an officer answers."""

from __future__ import annotations

import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.people.forms import DayInput
from credentials.qualifications.models import QualificationLevel


class DeclareForm(forms.Form):
    level = forms.ModelChoiceField(
        label=_("Level"),
        queryset=QualificationLevel.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose the level that stands on your registration certificate.")},
    )
    starts_on = forms.DateField(
        label=_("First day of the registration"),
        widget=DayInput(),
        input_formats=["%Y-%m-%d", "%Y/%m/%d"],
        help_text=_("As written on the registration certificate. The period ends three years later."),
        error_messages={
            "required": _("Write the day."),
            "invalid": _("There is no such day. Write it like 2026-03-14."),
        },
    )
    number = forms.CharField(
        label=_("Registration number"),
        max_length=40,
        required=False,
        help_text=_("If the certificate has one."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        level = self.fields["level"]
        assert isinstance(level, forms.ModelChoiceField)
        level.queryset = QualificationLevel.objects.active()
        self.fields["starts_on"].widget.attrs["max"] = f"{timezone.localdate():%Y-%m-%d}"

    def clean_starts_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["starts_on"]
        if day.year > 9000:
            raise forms.ValidationError(_("There is no such day. Write it like 2026-03-14."))
        return day


class ReturnForm(forms.Form):
    """Why a period is returned. Its holder reads it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the reason: the person will read it.")},
    )
