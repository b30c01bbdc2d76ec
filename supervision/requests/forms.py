"""The forms of a request: looking for a supervisor, asking with a goal, declining with a reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.people.models import Person
from supervision.requests.queries import districts_for, fields_offered


class FindForm(forms.Form):
    """What a trainee looks for; everything may stay empty."""

    name = forms.CharField(label=_("Name, pinyin or number"), required=False, max_length=60)
    field = forms.ChoiceField(label=_("Service field"), required=False)
    district = forms.ChoiceField(label=_("District"), required=False)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = ("", _("All"))
        fields, districts = self.fields["field"], self.fields["district"]
        assert isinstance(fields, forms.ChoiceField)
        assert isinstance(districts, forms.ChoiceField)
        fields.choices = [everything, *((row.code, row.name_here) for row in fields_offered())]
        districts.choices = [everything, *((row.path, row.name) for row in districts_for(person))]

    def wishes(self) -> dict[str, str]:
        """What was asked for in a way that can be understood; the rest is left out."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class AskForm(forms.Form):
    """The goal, which is what the supervisor decides by, and the wished start."""

    goal = forms.CharField(
        label=_("What do you want to reach?"),
        help_text=_("The supervisor decides by it. Name no client; administrators can read it too."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write what you want to reach: the supervisor decides by it.")},
    )
    starts_on = forms.DateField(
        label=_("Wished first day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean_starts_on(self) -> Any:
        day = self.cleaned_data["starts_on"]
        today = timezone.localdate()
        if day < today:
            raise forms.ValidationError(_("This day has passed. Choose today or a later day."))
        if (day - today).days > 366:
            raise forms.ValidationError(_("Choose a day within the next year."))
        return day


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=_("Why can you not take this trainee?"),
        help_text=_("The trainee reads this sentence. A hint at whom else to ask helps."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the reason: the trainee reads it.")},
    )
