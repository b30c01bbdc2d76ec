"""What comes in at the instructor's desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from lms.teaching.models import RiskLimits
from lms.teaching.queries import LIMITS
from lms.teaching.states import Way

MOST_AT_ONCE = 200


class LimitsForm(WagtailAdminModelForm):
    """The limits of one organisation."""

    class Meta:
        model = RiskLimits
        fields: tuple[str, ...] = LIMITS


class ContactForm(forms.Form):
    """A message, or the note of a talk."""

    way = forms.ChoiceField(
        label=_("How"), choices=Way.choices, initial=Way.NOTICE, widget=forms.RadioSelect()
    )
    message = forms.CharField(
        label=_("The message"),
        help_text=_(
            "For a message: it is sent as it stands. Of a talk nothing is sent, whatever stands here."
        ),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    note = forms.CharField(
        label=_("What was said"),
        help_text=_("For a talk: your colleagues read it, the trainee does not."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean(self) -> dict[str, Any]:
        """Each way has its own words: a talk is never noted with the message that was prepared."""
        data: dict[str, Any] = super().clean() or {}
        wanted = "message" if data.get("way") == Way.NOTICE else "note"
        if not data.get(wanted, "").strip():
            self.add_error(wanted, _("Write what you want to say, or what was said."))
        return data | {"words": data.get(wanted, "")}


def whole(text: str | None) -> int | None:
    """A number out of an address; None for anything else."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 19 else None


def chosen_people(values: list[str]) -> dict[int, int]:
    """Who was ticked: enrolment id → how many contacts the page showed ("12:0"). Nonsense is left out."""
    found: dict[int, int] = {}
    for value in values[:MOST_AT_ONCE]:
        pk, _colon, seen = value.partition(":")
        number, known = whole(pk), whole(seen)
        if number is not None and known is not None and known < 2**31:
            found[number] = known
    return found
