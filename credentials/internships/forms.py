"""What officers plan, what students hand in, and what supervisors sign."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.access.scope import Asker
from core.attachments.forms import AttachmentField, HeldFilesForm
from core.organisations.forms import offer_organisations
from core.organisations.models import Organisation
from core.people.forms import DayInput
from core.people.models import Person
from core.ui.fields import LineField
from credentials.internships.actions import Employment, Plan
from credentials.internships.models import Internship
from credentials.internships.queries import authorities_of, places_near, stations_of, supervisors_for

DAYS = ["%Y-%m-%d", "%Y/%m/%d"]
WORDS = {"required": _("Write the day."), "invalid": _("There is no such day. Write it like 2026-03-14.")}
YES_NO = [("yes", _("Yes")), ("no", _("No"))]


def _day(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DayInput(), input_formats=DAYS, error_messages=WORDS, **options)  # fmt: skip


def _yes(label: Any, **options: Any) -> forms.ChoiceField:
    words = {"required": _("Choose one of the two.")}
    return forms.ChoiceField(
        label=label, choices=YES_NO, widget=forms.RadioSelect, error_messages=words, **options
    )


class PlanForm(forms.Form):
    """An internship of one person, as an officer plans it."""

    school = LineField(label=_("School"), max_length=120)
    major = LineField(label=_("Major"), max_length=120, help_text=_("As the school calls it."))
    is_social_work = _yes(_("Is the major social work?"))
    is_full_time = _yes(_("Does the student study full-time?"))
    year_of_study = forms.IntegerField(label=_("Year of study"), min_value=1, max_value=8, initial=4)
    authority = forms.ModelChoiceField(
        label=pgettext_lazy("internship", "Placed by"),
        queryset=Organisation.objects.none(),
        help_text=_("The competent department that places the intern."),
    )
    station = forms.ModelChoiceField(
        label=pgettext_lazy("internship", "Place"), queryset=Organisation.objects.none()
    )
    supervisor = forms.ModelChoiceField(
        label=pgettext_lazy("internship", "Supervisor"),
        queryset=Person.objects.none(),
        help_text=_("Signs at the end how many hours it was, and how it went."),
    )
    starts_on = _day(_("From"))
    ends_on = _day(_("Until"))

    def __init__(
        self, *args: Any, user: Asker, person: Person, internship: Internship | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if internship is not None:
            self.initial = _planned(internship)
        offer_organisations(self.fields["authority"], authorities_of(user))
        offer_organisations(self.fields["station"], stations_of(user))
        field = self.fields["supervisor"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = supervisors_for(user, person).select_related("employer", "user")
        field.label_from_instance = lambda each: f"{each.name} · {each.employer or '–'}"  # type: ignore[method-assign,assignment]
        field.widget.attrs |= {"data-find": _("Find a person by name"), "data-found": _("Found:")}

    @property
    def plan(self) -> Plan:
        data = dict(self.cleaned_data)
        data |= {name: data[name] == "yes" for name in ("is_social_work", "is_full_time")}
        return Plan(**data | {"supervisor": data["supervisor"].user})


def _planned(row: Internship) -> dict[str, Any]:
    """What is planned, as the form says it."""
    names = ("school", "major", "year_of_study", "authority", "station", "starts_on", "ends_on")
    said = {name: getattr(row, name) for name in names}
    for name in ("is_social_work", "is_full_time"):
        said[name] = "yes" if getattr(row, name) else "no"
    return said | {"supervisor": getattr(row.supervisor, "person", None)}


class SchoolForm(HeldFilesForm):
    """What the school says of an internship."""

    paper = AttachmentField(
        scan=True,
        label=_("Paper of the school"),
        help_text=_("With seal, naming your major, year and kind of study: PDF or picture, up to 10 MB."),
        error_messages={"required": _("Hand in the school’s paper.")},
    )


class SignForm(forms.Form):
    """What the supervisor signs at the end."""

    ends_on = _day(_("Last day of the internship"))
    hours = forms.IntegerField(
        label=_("Hours in practice"),
        min_value=1,
        max_value=13_000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": _("Write how many hours it was.")},
    )
    words = forms.CharField(
        label=_("How it went"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What the intern did, and how well. The student and the officers read it."),
        error_messages={"required": _("Write in your own words how it went.")},
    )

    def __init__(self, *args: Any, internship: Internship, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {
            "ends_on": internship.ends_on,
            "words": internship.words,
            "hours": internship.hours or None,
        }
        self.fields["ends_on"].widget.attrs["max"] = f"{timezone.localdate():%Y-%m-%d}"


class EmploymentForm(HeldFilesForm):
    """Where somebody is employed after an internship, and until when that is proved."""

    employer_name = LineField(label=_("Employer"), max_length=120)
    region = forms.ChoiceField(label=_("Place of work"))
    is_in_field = _yes(_("Is it social work?"))
    starts_on = _day(_("Employed since"))
    until = _day(_("Proved until"), help_text=_("The last day that the papers show, not later than today."))
    is_ended = forms.BooleanField(label=_("The employment ended on this day"), required=False)
    contract = AttachmentField(
        scan=True,
        label=_("Employment contract"),
        help_text=_("PDF or picture, up to 10 MB."),
        error_messages={"required": _("Hand in the contract: an officer compares it.")},
    )
    insurance = AttachmentField(
        scan=True,
        label=_("Social insurance record"),
        required=False,
        help_text=_("It shows each month that was paid for. PDF or picture, up to 10 MB."),
    )

    def __init__(self, *args: Any, internship: Internship, **kwargs: Any) -> None:
        self.own = internship.person.employer
        super().__init__(*args, **kwargs)
        self.initial = _said_before(internship)
        field = self.fields["region"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choose")), *places_near(internship.authority)]
        self.fields["until"].widget.attrs["max"] = f"{timezone.localdate():%Y-%m-%d}"

    @property
    def said(self) -> Employment:
        data = self.cleaned_data
        name = data["employer_name"]
        return Employment(
            employer_name=name,
            region=data["region"],
            is_in_field=data["is_in_field"] == "yes",
            starts_on=data["starts_on"],
            until=data["until"],
            is_ended=data["is_ended"],
            employer=self.own if self.own and self.own.name == name else None,
        )


def _said_before(internship: Internship) -> dict[str, Any]:
    """Who goes on at the same employer need not say it again: as in the latest proof, or as in the profile."""
    before = next(iter(internship.proofs.all()), None)
    if before is None or before.ends_on:
        own = internship.person.employer
        return {"employer_name": own.name, "region": (own.region_id or "")[:6]} if own else {}
    return {
        "employer_name": before.employer_name,
        "region": before.region_id,
        "is_in_field": "yes" if before.is_in_field else "no",
        "starts_on": before.starts_on,
    }


class ReasonForm(forms.Form):
    """Why something is returned or cancelled. The person reads it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the reason: the person will read it.")},
    )
