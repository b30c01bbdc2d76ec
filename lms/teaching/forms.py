"""What comes in at the instructor's desk."""

from __future__ import annotations

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
    note = forms.CharField(
        label=_("What you write, or what was said"),
        help_text=_(
            "A message is sent as it stands. Of a talk, your colleagues read this note; the trainee does not."
        ),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Write what you want to say, or what was said.")},
    )


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
