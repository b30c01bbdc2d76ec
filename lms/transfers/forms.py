"""The forms of a transfer: the trainee's wish, and the officer's act."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class TransferForm(forms.Form):
    """Where to, and why. `targets` are pairs of a cohort's key and its words."""

    target = forms.TypedChoiceField(
        label=_("To which cohort?"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("This cohort cannot be chosen now. Choose another one.")},
    )
    reason = forms.CharField(
        label=_("Why?"),
        max_length=1000,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Whoever decides reads this, and it stays in the record."),
    )

    def __init__(self, *args: Any, targets: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        target = self.fields["target"]
        assert isinstance(target, forms.TypedChoiceField)
        target.choices = list(targets)
