"""The forms of reports, allowances and the portfolio."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.widgets import AdminDateInput

from core.access.scope import Asker, scope_of
from core.access.states import READERS, Role
from core.organisations.forms import offer_organisations
from core.organisations.models import Organisation
from core.people.forms import DayInput
from core.ui.fields import LineField
from supervision.reports.models import PAYS
from supervision.reports.queries import CONFIRM_WITHIN
from supervision.reports.states import Per, Span
from supervision.supervisors.states import Tier

BAD_DAY = {"required": _("Write the day."), "invalid": _("There is no such day. Write it like 2026-03-14.")}


def last_month() -> datetime.date:
    """The first day of the month that is over."""
    return (timezone.localdate().replace(day=1) - datetime.timedelta(days=1)).replace(day=1)


class _OfTree(forms.Form):
    """Something of one organisation of the officer's tree, for a month named by any of its days."""

    roles: tuple[str, ...] = tuple(READERS)
    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none())

    def __init__(self, *args: Any, user: Asker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Organisation.objects.active().filter(scope_of(user).q("", *self.roles))
        offer_organisations(self.fields["organisation"], rows)


def _month(label: Any, help_text: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
        input_formats=["%Y-%m", "%Y-%m-%d"],
        error_messages={"required": _("Choose a month."), "invalid": _("Write the month like 2026-03.")},
    )


class ReportForm(_OfTree):
    """Which tree, which period; who reviews it stands on the paper."""

    span = forms.ChoiceField(label=pgettext_lazy("report", "Covers"), choices=Span.choices)
    first_on = _month(pgettext_lazy("report", "Month"), _("Of a year, any month of it."))
    confirm_within = forms.IntegerField(
        label=_("Confirmed within (days)"),
        min_value=1,
        max_value=90,
        initial=CONFIRM_WITHIN,
        help_text=_("What waits longer for the mentee counts as not confirmed in time."),
    )
    reviewed_by = LineField(
        label=_("Reviewed by"), max_length=60, required=False, help_text=_("Printed on the paper.")
    )

    def clean_first_on(self) -> datetime.date:
        first: datetime.date = self.cleaned_data["first_on"]
        if not 2000 <= first.year <= 2200 or first.replace(day=1) > timezone.localdate():
            raise forms.ValidationError(_("This period has not begun yet, or is too long ago."))
        return first.replace(day=1)


class StatementForm(_OfTree):
    roles = PAYS
    month = _month(pgettext_lazy("allowance", "Month"), _("A month that is over."))
    reviewed_by = LineField(
        label=_("Reviewed by"), max_length=60, required=False, help_text=_("Printed on the paper.")
    )

    def clean_month(self) -> datetime.date:
        month: datetime.date = self.cleaned_data["month"]
        if not 2000 <= month.year <= 2200:
            raise forms.ValidationError(_("Write the month like 2026-03."))
        if month.replace(day=1) > last_month():
            raise forms.ValidationError(_("This month is not over yet. Choose one that is."))
        return month.replace(day=1)


class CorrectionForm(forms.Form):
    reason = LineField(
        label=_("Why is it corrected?"),
        max_length=300,
        error_messages={"required": _("Write why it is corrected.")},
    )
    reviewed_by = LineField(label=_("Reviewed by"), max_length=60, required=False)


class RateForm(_OfTree):
    """What a tier is given at a place that the officer administers."""

    roles = (Role.ADMINISTRATOR,)
    tier = forms.ChoiceField(label=_("Tier"), choices=Tier.choices)
    per = forms.ChoiceField(label=pgettext_lazy("allowance", "For"), choices=Per.choices)
    amount = forms.DecimalField(
        label=_("Amount (CNY)"), min_value=0, max_value=999_999, max_digits=8, decimal_places=2
    )
    starts_on = forms.DateField(label=_("From"), widget=AdminDateInput)
    source = LineField(
        label=pgettext_lazy("norm", "Source"),
        max_length=200,
        help_text=_("The notice or the plan that sets it."),
    )


class PortfolioForm(forms.Form):
    """The period of a portfolio."""

    first_on = forms.DateField(
        label=_("From"), widget=DayInput(), input_formats=["%Y-%m-%d"], error_messages=BAD_DAY
    )
    last_on = forms.DateField(
        label=_("Until"), widget=DayInput(), input_formats=["%Y-%m-%d"], error_messages=BAD_DAY
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = data.get("first_on"), data.get("last_on")
        if first and last and (last < first or first.year < 2000 or last.year > 2200):
            self.add_error("last_on", _("The last day must not be before the first."))
        return data
