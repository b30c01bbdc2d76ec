"""The forms of companion projects. Nothing is decided here; what the acts refuse is said on top of the form."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.attachments.forms import AttachmentField, HeldFilesForm
from core.people.forms import DayInput
from core.people.models import Person
from core.ui.fields import LineField
from supervision.pairings.models import Pairing
from supervision.sessions.forms import BY_CODE
from supervision.sessions.policy import telling

FILES = ("file_1", "file_2", "file_3")
MARKS = [
    ("5", _("5 – very good")),
    ("4", _("4 – good")),
    ("3", _("3 – as expected")),
    ("2", _("2 – less than expected")),
    ("1", _("1 – did not help")),
]


def _text(label: Any, help_text: Any = "", rows: int = 3, **options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, max_length=1000, widget=widget, **options)


def _day(label: Any) -> forms.DateField:
    words = {
        "required": _("Write the day."),
        "invalid": _("There is no such day. Write it like 2026-03-14."),
    }
    return forms.DateField(
        label=label, widget=DayInput(), input_formats=["%Y-%m-%d", "%Y/%m/%d"], error_messages=words
    )


def _near(day: datetime.date) -> datetime.date:
    if abs(day.year - timezone.localdate().year) > 5:
        raise ValidationError(_("This day is too far away. Check the year."))
    return day


class ProjectForm(forms.Form):
    """The frame of a project: what it is about, and from when to when."""

    title = LineField(
        label=pgettext_lazy("project", "Name of the project"),
        max_length=120,
        error_messages={"required": _("Give the project a name.")},
    )
    goals = _text(
        pgettext_lazy("project", "Goals"),
        _("What it is to reach. Administrators can read it too; no names of service users."),
        error_messages={"required": _("Write what the project is to reach.")},
    )
    starts_on = _day(_("First day"))
    ends_on = _day(_("Last day"))

    def clean_goals(self) -> str:
        text: str = self.cleaned_data["goals"]
        if what := telling(text):
            raise ValidationError(BY_CODE[what])
        return text

    def clean_starts_on(self) -> datetime.date:
        return _near(self.cleaned_data["starts_on"])

    def clean_ends_on(self) -> datetime.date:
        return _near(self.cleaned_data["ends_on"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day must not be before the first."))
        return data


class NewProjectForm(ProjectForm):
    """A project of one or several mentees who are paired with the supervisor now."""

    mentees = forms.MultipleChoiceField(
        label=_("Mentees"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick whose project it is.")},
    )
    organisation = forms.ChoiceField(label=_("Station or organisation"))
    field_order = ["title", "mentees", "organisation", "goals", "starts_on", "ends_on"]

    def __init__(self, *args: Any, pairings: Iterable[Pairing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = list(pairings)
        self.people = {str(row.mentee_id): row.mentee for row in rows}
        self.pairs = {(str(row.mentee_id), str(row.organisation_id)) for row in rows}
        self.places = {str(row.organisation_id): row.organisation for row in rows}
        mentees, organisation = self.fields["mentees"], self.fields["organisation"]
        assert isinstance(mentees, forms.MultipleChoiceField)
        assert isinstance(organisation, forms.ChoiceField)
        mentees.choices = [(str(row.mentee_id), f"{row.mentee.name} · {row.organisation}") for row in rows]
        organisation.choices = [(key, place.name) for key, place in self.places.items()]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        chosen, place = data.get("mentees"), data.get("organisation")
        if chosen and place and not any((key, place) in self.pairs for key in chosen):
            words = _("Choose the organisation of one of the mentees whose project it is.")
            self.add_error("organisation", words)
        return data

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        data = self.cleaned_data
        chosen: list[Person] = [self.people[key] for key in data["mentees"]]
        return {**data, "mentees": chosen, "organisation": self.places[data["organisation"]]}


class DeliverableForm(forms.Form):
    """What is to come, until when."""

    title = LineField(
        label=_("What is to be handed in"),
        max_length=120,
        help_text=_("Such as: needs assessment, project plan, interim report."),
        error_messages={"required": _("Write what is to be handed in.")},
    )
    due_on = _day(_("Due on"))

    def clean_due_on(self) -> datetime.date:
        return _near(self.cleaned_data["due_on"])


class HandInForm(HeldFilesForm):
    """Files, or where the thing is to be found."""

    message = _text(
        _("What you hand in"), _("A sentence, or where it is to be found."), rows=2, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = (_("Document"), _("Second document"), _("Third document"))
        for name, label in zip(FILES, labels, strict=True):
            self.fields[name] = AttachmentField(label=label, required=False)
            self.say_held(name)

    @property
    def files_given(self) -> list[Any]:
        """The files that came with this try, or else those from before."""
        return [found for name in FILES if (found := self.given(name))]


class AcceptForm(forms.Form):
    note = _text(_("Note"), _("The mentees read it; administrators do not."), rows=2, required=False)


class EvaluateForm(forms.Form):
    """The closing evaluation of one of them."""

    mark = forms.TypedChoiceField(
        label=pgettext_lazy("project", "How did it go?"),
        choices=MARKS,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    text = _text(
        _("What was reached, and what would you do otherwise?"),
        _("Only the project's people read it, once they have written theirs."),
        error_messages={"required": _("Write a sentence.")},
    )


class StopForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is it stopped?"),
        help_text=_("The mentees and administrators read this sentence."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write the reason: the mentees read it.")},
    )
