"""Points by criterion, and other points in place of those that stand."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lms.marking.models import LONGEST_REMARK
from lms.marking.policy import Criterion, Scheme
from lms.questions.policy import plain


def _points(label: Any, most: Decimal, scheme: Scheme, words: str = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        min_value=0,
        max_value=most,
        max_digits=7,
        decimal_places=2,
        help_text=words,
        widget=forms.NumberInput(attrs={"step": plain(scheme.step), "inputmode": "decimal"}),
    )


class ReadingForm(forms.Form):
    """Points for each criterion, and what to say to the trainee."""

    remark = forms.CharField(
        label=_("Your words to the trainee"),
        required=False,
        max_length=LONGEST_REMARK,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Shown with the result, without your name."),
    )

    def __init__(self, *args: Any, criteria: Sequence[Criterion], scheme: Scheme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        for number, row in enumerate(criteria):
            title = row.title or pgettext_lazy("marking", "Points")
            label = _("%(title)s (of %(most)s)") % {"title": title, "most": plain(row.most)}
            self.fields[f"points-{number}"] = _points(label, row.most, scheme)
        self.order_fields([*(name for name in self.fields if name != "remark"), "remark"])

    @property
    def given(self) -> dict[str, Decimal | None]:
        """The points by the key of the criterion."""
        values = self.cleaned_data
        return {row.key: values.get(f"points-{number}") for number, row in enumerate(self.criteria)}


class CorrectionForm(forms.Form):
    """Other points, and why."""

    remark = forms.CharField(
        label=_("Your words to the trainee"),
        required=False,
        max_length=LONGEST_REMARK,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    reason = forms.CharField(
        label=pgettext_lazy("points", "Why they are corrected"),
        max_length=300,
        strip=True,
        help_text=_("The trainee reads it."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=32_000)

    def __init__(self, *args: Any, most: Decimal, scheme: Scheme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = _("%(title)s (of %(most)s)") % {
            "title": pgettext_lazy("marking", "Points"),
            "most": plain(most),
        }
        self.fields["points"] = _points(label, most, scheme)
        self.order_fields(["points", "remark", "reason", "seen"])
