"""The forms of a request: looking for a supervisor, asking with a goal, declining with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.people.models import Person
from core.people.words import BETWEEN, words_of
from supervision.requests.queries import Sought, districts_for, fields_offered, words_offered
from supervision.supervisors.states import Form

MINE = "mine"  # among the languages: any of those that I prefer
ROOM = (("now", _("Places free now")), ("month", _("Time left this month")))


class FindForm(forms.Form):
    """What a trainee looks for; everything may stay empty. The choices are what the supervisors in reach offer."""

    name = forms.CharField(label=_("Name, pinyin or number"), required=False, max_length=60)
    room = forms.ChoiceField(label=pgettext_lazy("supervisor", "Places and time"), required=False)
    language = forms.ChoiceField(label=_("Language or dialect"), required=False)
    population = forms.ChoiceField(label=_("Population"), required=False)
    field = forms.ChoiceField(label=_("Service field"), required=False)
    speciality = forms.ChoiceField(label=_("Speciality"), required=False)
    form = forms.ChoiceField(label=pgettext_lazy("supervision", "Form"), required=False)
    district = forms.ChoiceField(label=pgettext_lazy("supervisor", "Works in"), required=False)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mine = tuple(words_of(person.languages))
        offered = words_offered(person)
        languages = _counted(offered.languages)
        if self.mine:
            words = _("My languages: %(names)s")
            languages.insert(0, (MINE, words % {"names": BETWEEN.join(self.mine)}))
        self._offer("room", ROOM)
        self._offer("language", languages)
        self._offer("population", _counted(offered.populations))
        self._offer("field", [(row.code, row.name_here) for row in fields_offered()])
        self._offer("speciality", _counted(offered.specialities))
        self._offer("form", Form.choices)
        self._offer("district", [(row.path, row.name) for row in districts_for(person)])

    def _offer(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("All")), *choices]

    @property
    def said(self) -> dict[str, str]:
        """What was asked for in a way that can be understood; the rest is left out."""
        self.is_valid()
        return {name: self.cleaned_data[name] for name in self.fields if self.cleaned_data.get(name)}

    @property
    def sought(self) -> Sought:
        said = dict(self.said)
        language = said.pop("language", "")
        languages = self.mine if language == MINE else (language,) if language else ()
        return Sought(languages=languages, **said)

    @property
    def chips(self) -> list[Chip]:
        """One tap each: what is asked for often, and whatever else is asked for now, which a tap takes away."""
        said = self.said
        often = [("room", value) for value, _label in ROOM]
        often += [("language", MINE)] if self.mine else []
        often += [("form", value) for value in Form.values]
        often += [pair for pair in said.items() if pair not in often and pair[0] != "name"]
        return [self._chip(name, value, said) for name, value in often]

    def _chip(self, name: str, value: str, said: dict[str, str]) -> Chip:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        label = str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
        is_on = said.get(name) == value
        wanted = {key: each for key, each in said.items() if key != name} | ({} if is_on else {name: value})
        return Chip(label, f"?{urlencode(wanted)}", is_on)


@dataclass(frozen=True)
class Chip:
    label: str
    url: str
    is_on: bool


def _counted(words: Iterable[tuple[str, int]]) -> list[tuple[str, str]]:
    return [(word, f"{word} · {number}") for word, number in words]


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
