"""The rules and days of a round, and the reasons that are asked for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput

from core.access.scope import scope_of
from core.access.states import Role
from core.organisations.forms import offer_organisations
from core.organisations.models import Organisation
from core.ui.fields import LineField
from supervision.matching.models import MatchingRound
from supervision.matching.queries import SOFT_LABELS
from supervision.matching.scoring import SOFT, USUAL
from supervision.matching.states import ENGINE_WORDS

MOST_POINTS = 100


class RoundForm(WagtailAdminModelForm):
    """A round with its days, its rules and its points."""

    title = LineField(label=_("title"), max_length=120)
    organisation = forms.ModelChoiceField(
        label=_("organisation"),
        queryset=Organisation.objects.none(),
        help_text=_("It runs the round; mentees come from it and from everything below it."),
    )

    class Meta:
        model = MatchingRound
        fields = (
            "title",
            "organisation",
            "opens_at",
            "closes_at",
            "starts_on",
            "ends_on",
            "engine",
            "region",
            "required_tier",
            "most_wishes",
            "self_join",
            "appeal_days",
        )
        widgets = {
            "opens_at": AdminDateTimeInput,
            "closes_at": AdminDateTimeInput,
            "starts_on": AdminDateInput,
            "ends_on": AdminDateInput,
            "engine": forms.RadioSelect,
            "region": forms.RadioSelect,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Organisation.objects.filter(scope_of(self.for_user).q("", Role.ADMINISTRATOR), is_active=True)
        if self.instance.pk:
            self.fields.pop("organisation")
        else:
            offer_organisations(self.fields["organisation"], rows)
        self.fields["engine"].help_text = " ".join(str(each) for each in ENGINE_WORDS)
        held = self.instance.weights or {}
        for code in SOFT:
            self.fields[f"weight_{code}"] = forms.IntegerField(
                label=SOFT_LABELS[code],
                min_value=0,
                max_value=MOST_POINTS,
                initial=held.get(code, USUAL[code]),
                help_text=_("The most points it gives. 0: it does not count."),
            )
        self.fields["most_wishes"].widget.attrs["max"] = 20
        if not self.is_bound and not self.instance.pk:
            self.initial.setdefault("starts_on", timezone.localdate())

    def clean_appeal_days(self) -> int:
        days: int = self.cleaned_data["appeal_days"]
        if days > 90:
            raise ValidationError(_("At most 90 days."))
        return days

    def clean_most_wishes(self) -> int:
        most: int = self.cleaned_data["most_wishes"]
        if not 1 <= most <= 20:
            raise ValidationError(_("Between 1 and 20 wishes."))
        return most

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = data.get("opens_at"), data.get("closes_at")
        if first and last and last <= first:
            self.add_error("closes_at", _("The end must be after the beginning."))
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day must not be before the first."))
        return data

    def _post_clean(self) -> None:
        """The action builds the row; the form's own instance is not used."""

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        data = dict(self.cleaned_data)
        data.pop("organisation", None)
        data["weights"] = {code: data.pop(f"weight_{code}") for code in SOFT}
        return data


class NextRoundForm(forms.Form):
    """The days of the next round; its rules are those of the one before."""

    title = LineField(label=_("title"), max_length=120)
    opens_at = forms.DateTimeField(label=_("wishes from"), widget=AdminDateTimeInput)
    closes_at = forms.DateTimeField(label=_("wishes until"), widget=AdminDateTimeInput)
    starts_on = forms.DateField(label=_("first day of the pairings"), widget=AdminDateInput)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = data.get("opens_at"), data.get("closes_at")
        if first and last and last <= first:
            self.add_error("closes_at", _("The end must be after the beginning."))
        return data


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("Everybody who takes part reads this sentence."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the reason: everybody who takes part reads it.")},
    )


class DecideForm(forms.Form):
    answer = forms.CharField(
        label=_("Why is it decided so?"),
        help_text=_("Whoever appealed reads this."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write the reason: whoever appealed reads it.")},
    )
    ends_pairing = forms.BooleanField(
        label=_("end the pairing of this round, so that the person can be paired anew"), required=False
    )
