"""The forms of a handover."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from supervision.pairings.models import Pairing


class SuccessorField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.supervisor)


class HandoverForm(forms.Form):
    text = forms.CharField(
        label=_("What should the next supervisor know?"),
        help_text=_(
            "What you two worked on, what helped, what comes next. Cases by code only. What was said in sessions stays"
            " between you; your mentee reads this first and decides whether it is passed on."
        ),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Write what the next supervisor should know.")},
    )


class ReleaseForm(forms.Form):
    to = SuccessorField(
        label=_("To whom?"),
        queryset=Pairing.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": _("Choose one of your present supervisors."),
            "invalid_choice": _("Choose one of your present supervisors."),
        },
    )
    with_goals = forms.BooleanField(
        label=_("Show our learning goals and how far they are too"), required=False
    )

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, *args: Any, successors: QuerySet[Pairing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = successors  # type: ignore[attr-defined]
