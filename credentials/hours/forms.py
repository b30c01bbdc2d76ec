"""What officers say about hours: why an entry is taken back, and by which rule minutes count."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from core.access.scope import scope_of
from core.access.states import Role
from core.organisations.models import Organisation, Tier
from credentials.hours.models import HoursRule

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
    """A rule for one's province or city."""

    minutes_per_hour = forms.IntegerField(label=_("minutes for one hour"), min_value=1, max_value=240)

    class Meta:
        model = HoursRule
        fields = ["organisation", "starts_on", "minutes_per_hour", "source"]
        widgets = {"starts_on": AdminDateInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = scope_of(self.for_user).q("", Role.ADMINISTRATOR)
        organisation = self.fields["organisation"]
        organisation.queryset = Organisation.objects.filter(mine, tier__in=MAKES_RULES).order_by("path")
        organisation.required, organisation.empty_label = True, None

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        day = values.get("starts_on")
        if (
            day
            and values.get("organisation")
            and HoursRule.objects.filter(organisation=values["organisation"], starts_on=day).exists()
        ):
            self.add_error("starts_on", _("There is a rule from this day already. Choose another day."))
        return values
