"""The forms of agreements: the template at the desk, the draft of a pair, the remark with which it is sent back."""

from __future__ import annotations

import calendar
import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from core.access.scope import scope_of
from core.access.states import Role
from core.organisations.forms import offer_organisations
from core.organisations.models import Organisation
from core.pdf.forms import say_unprintable
from core.people.forms import DayInput
from supervision.agreements.models import Agreement, AgreementTemplate, AgreementText
from supervision.agreements.states import Section
from supervision.pairings.states import Frequency
from supervision.supervisors.states import BY_AGREEMENT, Setting, settings_of

FRAME = ("every_days", "minutes", "way", "starts_on", "ends_on", "review_on")
FURTHEST_YEARS = 10  # an agreement is looked at again every few months; a year beyond is a slip of the pen


class AgreementTemplateForm(WagtailAdminModelForm):
    """A template: whose, from when to when, and a text for each section."""

    class Meta:
        model = AgreementTemplate
        fields: tuple[str, ...] = ("organisation", "title", "starts_on", "ends_on")
        widgets = {"starts_on": AdminDateInput, "ends_on": AdminDateInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Organisation.objects.active().filter(scope_of(self.for_user).q("", Role.ADMINISTRATOR))
        if "organisation" in self.fields:
            offer_organisations(self.fields["organisation"], mine)
        self.fields["ends_on"].help_text = _("Empty: open-ended.")
        for section in Section:
            self.fields[f"section_{section}"] = forms.CharField(
                label=section.label,
                required=False,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 3}),
                initial=(self.instance.sections or {}).get(section, ""),
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day must not be before the first."))
        if not any((data.get(f"section_{section}") or "").strip() for section in Section):
            self.add_error(f"section_{Section.PURPOSE}", _("Write at least one section."))
        return data

    def _post_clean(self) -> None:
        """The action writes the row; the form's own instance is not used."""

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        data = self.cleaned_data
        plain = {name: data[name] for name in ("title", "starts_on", "ends_on")}
        return {**plain, "sections": {str(each): data[f"section_{each}"] for each in Section}}


class ChangeAgreementTemplateForm(AgreementTemplateForm):
    class Meta(AgreementTemplateForm.Meta):
        fields = ("title", "starts_on", "ends_on")


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    words = {
        "required": _("Write the day."),
        "invalid": _("There is no such day. Write it like 2026-03-14."),
    }
    formats = ["%Y-%m-%d", "%Y/%m/%d"]
    return forms.DateField(
        label=label, help_text=help_text, widget=DayInput(), input_formats=formats, error_messages=words
    )


class AgreementForm(forms.Form):
    """What the two want to reach, and the frame in which they meet."""

    goals = forms.CharField(
        label=_("Goals"),
        help_text=_("What the two of you want to reach. Only you two read it. Cases by code only, no names."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write what the two of you want to reach.")},
    )
    every_days = forms.TypedChoiceField(
        label=_("How often"),
        choices=Frequency.choices,
        coerce=int,
        initial=Frequency.FORTNIGHTLY,
        widget=forms.RadioSelect,
    )
    minutes = forms.IntegerField(label=_("Minutes per session"), min_value=15, max_value=480, initial=60)
    way = forms.ChoiceField(
        label=_("Setting"),
        choices=settings_of(BY_AGREEMENT),
        initial=Setting.ON_SITE,
        widget=forms.RadioSelect,
    )
    place = forms.CharField(label=_("Place or platform"), max_length=120, required=False)
    starts_on = _day(_("From"))
    ends_on = _day(_("Until"))
    review_on = _day(_("Review on"), _("Both are reminded two weeks before."))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last, review = data.get("starts_on"), data.get("ends_on"), data.get("review_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day must not be before the first."))
        elif first and last and review and not first <= review <= last:
            self.add_error("review_on", _("The review lies between the first day and the last."))
        self._say_out_of_time(data)
        say_unprintable(self, data, ("goals", "place"))
        return data

    def _say_out_of_time(self, data: dict[str, Any]) -> None:
        """A term that is over, or a review of which nobody can be reminded any more, would bind the two to nothing."""
        today = timezone.localdate()
        for name in ("starts_on", "ends_on", "review_on"):
            day = data.get(name)
            if day is None or name in self.errors:
                continue
            if abs(day.year - today.year) > FURTHEST_YEARS:
                self.add_error(name, _("This day is too far away. Check the year."))
            elif day < today and name != "starts_on":
                self.add_error(name, _("This day has passed. Choose today or a later day."))

    @property
    def frame(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FRAME}


def first_values(agreement: Agreement | None, text: AgreementText | None) -> dict[str, Any]:
    """What the form holds when it opens: the draft or the agreement in force, or else half a year from today."""
    today = timezone.localdate()
    days = {"starts_on": today, "ends_on": _months_on(today, 6), "review_on": _months_on(today, 3)}
    if agreement is None:
        return days
    values = {name: getattr(agreement, name) for name in FRAME}
    if agreement.is_agreed:
        values |= days
    return values | {"goals": text.goals if text else "", "place": text.place if text else ""}


def _months_on(day: datetime.date, months: int) -> datetime.date:
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


class RevisionForm(forms.Form):
    revision = forms.IntegerField(min_value=1, max_value=32_000, widget=forms.HiddenInput)


class ReturnForm(RevisionForm):
    remark = forms.CharField(
        label=_("What should be different?"),
        help_text=_("Only your supervisor reads it."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what should be different.")},
    )
