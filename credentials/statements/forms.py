"""For which days a statement is made."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.people.forms import DayInput

DAYS = ["%Y-%m-%d", "%Y/%m/%d"]
WORDS = {
    "required": _("Write the day."),
    "invalid": _("There is no such day. Write it like 2026-03-14."),
}


class StatementForm(forms.Form):
    first_on = forms.DateField(label=_("From"), widget=DayInput(), input_formats=DAYS, error_messages=WORDS)
    last_on = forms.DateField(
        label=pgettext_lazy("day", "Until"), widget=DayInput(), input_formats=DAYS, error_messages=WORDS
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("first_on"), data.get("last_on")
        if last and last > timezone.localdate():
            self.add_error("last_on", _("A paper of today ends today at the latest."))
        if first and last and last < first:
            self.add_error("last_on", _("The last day must not be before the first."))
        return data


def first_days(period: Any) -> dict[str, datetime.date]:
    """What the form opens with: the current period up to today, else this year."""
    today = timezone.localdate()
    if period is not None:
        return {"first_on": period.starts_on, "last_on": min(period.ends_on, today)}
    return {"first_on": today.replace(month=1, day=1), "last_on": today}
