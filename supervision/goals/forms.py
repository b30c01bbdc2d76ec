"""The forms of learning goals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from supervision.goals.models import Competency, LearningGoal
from supervision.goals.states import MOVES, GoalState


class GoalForm(forms.Form):
    competency = forms.ModelChoiceField(
        label=_("Competency"),
        queryset=Competency.objects.none(),
        empty_label=_("Choose one"),
        error_messages={"required": _("Choose a competency."), "invalid_choice": _("Choose a competency.")},
    )
    text = forms.CharField(
        label=_("Goal"),
        help_text=_("What can be done in the end that cannot be done now? Only you two read it."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what the two of you want to reach.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["competency"].queryset = Competency.objects.offered()  # type: ignore[attr-defined]


class ProgressForm(forms.Form):
    state = forms.ChoiceField(label=_("How far is it?"), choices=GoalState.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("What shows it?"),
        help_text=_("A sentence. Cases by code only, no names."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, goal: LearningGoal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["state"] = goal.state
        able = {goal.state, *MOVES[goal.state]}
        self.fields["state"].choices = [  # type: ignore[attr-defined]
            (value, label) for value, label in GoalState.choices if value in able
        ]
