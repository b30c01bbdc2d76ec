"""What officers say about hours: why an entry is taken back, and by which rule minutes count."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from core.access.scope import Asker, scope_of
from core.access.states import READERS, Role
from core.organisations.forms import offer_organisations
from core.organisations.models import Organisation, Tier
from credentials.hours.actions import STEP_FAULTS
from credentials.hours.models import HoursRule
from credentials.hours.policy import Step, read_steps, steps_fault

MAKES_RULES = (Tier.PROVINCE, Tier.CITY)  # below the city, hours are counted as the city says


class CorrectForm(forms.Form):
    """Why an entry is taken back."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the reason: the person will read it.")},
    )


class RuleForm(WagtailAdminModelForm):
    """A rule for one's province or city: minutes for an hour, or steps."""

    minutes_per_hour = forms.IntegerField(
        label=_("minutes for one hour"),
        min_value=1,
        max_value=240,
        required=False,
        help_text=_("Empty when the rule has steps."),
    )
    steps = forms.CharField(
        label=_("Or by steps"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "One to a line, minutes and hours: “30 1” means from 30 minutes 1 hour. Every entry is worth the highest "
            "step that it reaches."
        ),
    )

    class Meta:
        model = HoursRule
        fields = [
            "organisation",
            "kind",
            "starts_on",
            "minutes_per_hour",
            "steps",
            "counts",
            "lump_minutes",
            "lessons_again",
            "degrees_again",
            "day_minutes",
            "group_share",
            "peer_share",
            "open_share",
            "together_minutes",
            "single_minutes",
            "source",
        ]
        widgets = {"starts_on": AdminDateInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = scope_of(self.for_user).q("", Role.ADMINISTRATOR)
        organisation = self.fields["organisation"]
        offer_organisations(organisation, Organisation.objects.filter(mine, tier__in=MAKES_RULES))
        organisation.required, organisation.empty_label = True, None
        for name in ("group_share", "peer_share", "open_share"):
            self.fields[name].required = False
        if not self.is_bound:
            self.initial["steps"] = ""

    def clean_group_share(self) -> int:
        return self._share("group_share")

    def clean_peer_share(self) -> int:
        return self._share("peer_share")

    def clean_open_share(self) -> int:
        return self._share("open_share")

    def _share(self, name: str) -> int:
        """Nothing written: every minute counts."""
        found = self.cleaned_data.get(name)
        return 100 if found is None else int(found)

    def clean_steps(self) -> tuple[Step, ...]:
        try:
            steps = read_steps(self.cleaned_data["steps"])
        except ValueError:
            raise forms.ValidationError(_("Write each step like “30 1”: minutes, a space, hours."))
        if fault := steps_fault(steps):
            raise forms.ValidationError(STEP_FAULTS[fault])
        return steps

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if "steps" not in self.errors and "minutes_per_hour" not in self.errors:
            steps, minutes = values.get("steps"), values.get("minutes_per_hour")
            if bool(steps) == bool(minutes):
                self.add_error(
                    "minutes_per_hour", _("Say either how many minutes make one hour, or the steps.")
                )
        day, organisation = values.get("starts_on"), values.get("organisation")
        if day and organisation:
            kind = values.get("kind", "")
            same = HoursRule.objects.filter(organisation=organisation, kind=kind, starts_on=day)
            if same.exists():
                self.add_error("starts_on", _("There is a rule from this day already. Choose another day."))
        return values

    def _post_clean(self) -> None:
        """The action builds the row and says what is wrong; the form's own instance is not used."""


class PeopleFilter(forms.Form):
    """Which people's hours are listed. Nonsense is left out instead of refused."""

    q = forms.CharField(label=_("Name"), required=False, max_length=100)
    place = forms.ModelChoiceField(
        label=_("Organisation, with all below it"), queryset=Organisation.objects.none(), required=False
    )
    below = forms.BooleanField(label=_("Below the target"), required=False)
    ending = forms.BooleanField(label=_("Period ends within 90 days"), required=False)

    def __init__(self, *args: Any, user: Asker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = self.fields["place"]
        assert isinstance(place, forms.ModelChoiceField)
        offer_organisations(place, Organisation.objects.filter(scope_of(user).q("", *READERS)))
        place.empty_label = str(_("All"))

    @property
    def wanted(self) -> dict[str, Any]:
        """The filters as holdings_in takes them."""
        data = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        place = data.get("place")
        return {
            "words": (data.get("q") or "").replace("\0", ""),
            "below": bool(data.get("below")),
            "ending": bool(data.get("ending")),
            "place": place.path if place else "",
        }
