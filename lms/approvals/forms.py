"""What an officer says when they decide, and the filter above the list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lms.admissions.states import Stage

APPROVE, REFUSE = "approve", "refuse"


class DecisionForm(forms.Form):
    """Approve, or refuse and say why."""

    comment = forms.CharField(
        label=_("Comment"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The applicant and those who decide after you read it. To refuse, it is the reason."),
    )
    verdict = forms.ChoiceField(choices=[(APPROVE, APPROVE), (REFUSE, REFUSE)], widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("verdict") == REFUSE and not data.get("comment", "").strip():
            self.add_error("comment", ValidationError(_("Write the reason: the applicant will read it.")))
        return data


class ListFilter(forms.Form):
    """The filters of the list. Nonsense asks for nothing."""

    q = forms.CharField(required=False, max_length=60)
    course = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    stage = forms.ChoiceField(required=False, choices=[("", ""), *Stage.choices])
