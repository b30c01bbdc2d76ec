"""What a visitor objects to, how an officer answers, and why a notice is taken back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.people.fields import PersonNameField
from core.ui.fields import LineField
from credentials.public_notices.models import PublicNotice, PublicNoticeLine


class _LineChoice(forms.ModelChoiceField):
    def label_from_instance(self, line: PublicNoticeLine) -> str:
        return f"{line.position}. {line}"


class ObjectionForm(forms.Form):
    """What somebody has against a notice. Only the office reads it."""

    line = _LineChoice(
        label=pgettext_lazy("objection", "What it is about"),
        queryset=PublicNoticeLine.objects.none(),
        required=False,
        empty_label=_("The whole public notice"),
    )
    said = forms.CharField(
        label=_("What you object to"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What is not so, and how the office can check it. Only the office reads this."),
    )
    name = PersonNameField(label=_("Your name"), max_length=60)
    contact = LineField(
        label=_("Your telephone or e-mail"),
        max_length=120,
        help_text=_(
            "The office asks back and tells you what it found. It is stored encrypted, and erased later."
        ),
    )

    def __init__(self, *args: Any, notice: PublicNotice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"].queryset = notice.lines.order_by("position")  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """An officer's answer."""

    verdict = forms.ChoiceField(
        label=pgettext_lazy("objection", "Decision"),
        choices=[
            ("dismissed", _("Dismiss it: the line stays as it is")),
            ("upheld", _("Uphold it: the line is not cleared")),
        ],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=pgettext_lazy("objection", "Answer"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What was found out, and why it is decided so."),
    )


class WithdrawForm(forms.Form):
    """Why a notice is taken back. Everybody reads it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the reason: everybody will read it.")},
    )
