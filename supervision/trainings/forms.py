"""What somebody says about a training that they attended, what an officer answers, and what a renewal asks for."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.attachments.forms import AttachmentField, HeldFilesForm
from core.ui.fields import LineField
from core.ui.forms import DatedRuleForm
from supervision.trainings.actions import Told
from supervision.trainings.policy import LONGEST, OLDEST


class HoursField(forms.DecimalField):
    """Hours as people say them, such as 1.5; kept as minutes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_digits=6,
            decimal_places=2,
            widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.25"}),
            **kwargs,
        )


class TrainingForm(HeldFilesForm):
    """One training with its proof; `first_file` says whether the proof must come with it."""

    title = LineField(
        label=pgettext_lazy("own training", "What"),
        max_length=120,
        help_text=_("Such as: intermediate course for supervisors, module 2."),
        error_messages={"required": _("Write what you attended.")},
    )
    provider = LineField(
        label=pgettext_lazy("own training", "Given by"),
        max_length=120,
        error_messages={"required": _("Write who gave it.")},
    )
    held_on = forms.DateField(
        label=pgettext_lazy("own training", "Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    hours = HoursField(
        label=_("Clock hours"),
        min_value=Decimal("0.25"),
        max_value=Decimal(LONGEST // 60),
        help_text=_("Without breaks, such as 7.5."),
    )
    evidence = AttachmentField(
        label=_("Proof"),
        help_text=_("A certificate or a letter: PDF, picture or office file, up to 10 MB."),
        error_messages={"required": _("Hand in the proof: a certificate or a letter.")},
    )

    def __init__(self, *args: Any, first_file: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not first_file:
            self.fields["evidence"].required = False

    def clean_held_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["held_on"]
        today = timezone.localdate()
        if day > today:
            raise ValidationError(_("This day lies in the future. Declare it when it is over."))
        if day.year < today.year - OLDEST:
            raise ValidationError(_("This day is too long ago. Check the year."))
        return day

    @property
    def told(self) -> Told:
        data = self.cleaned_data
        return Told(data["held_on"], data["title"], data["provider"], int(data["hours"] * 60))


class RequirementForm(DatedRuleForm):
    """What a renewal asks for at a place that the officer administers."""

    hours = HoursField(
        label=_("Hours of own training for a renewal"),
        min_value=Decimal(0),
        max_value=Decimal(1000),
        help_text=_("Checked ones, attended since the designation that is to be renewed began."),
    )

    def facts(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        minutes = int(data.pop("hours") * 60)
        return data | {"minutes": minutes}
