"""The form of a manual entry, for trainees and officers alike, and what officers answer."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.attachments.forms import AttachmentField, HeldFilesForm
from core.people.forms import ClockInput, DayInput
from core.ui.fields import LineField
from credentials.manual_entries.actions import Facts
from credentials.manual_entries.policy import Said
from credentials.manual_entries.states import Training

CLOCK = ["%H:%M", "%H:%M:%S"]


def _clock(label: Any, **options: Any) -> forms.TimeField:
    words = {"invalid": _("Write the time like 14:30.")}
    return forms.TimeField(
        label=label,
        required=False,
        widget=ClockInput(),
        input_formats=CLOCK,
        error_messages=words,
        **options,
    )


class ManualForm(HeldFilesForm):
    """One training elsewhere. With times the minutes may be left out; without, they are needed.

    Why it is another training is asked only after the action has found what else there is of that day.
    """

    training = forms.ChoiceField(label=_("Kind of training"), choices=Training.choices)
    title = LineField(
        label=_("What was it called?"),
        max_length=200,
        help_text=_("As written on the proof."),
        error_messages={"required": _("Write what it was called.")},
    )
    organiser = LineField(
        label=_("Organiser"), max_length=120, error_messages={"required": _("Write who held it.")}
    )
    day = forms.DateField(
        label=_("Day"),
        widget=DayInput(),
        input_formats=["%Y-%m-%d", "%Y/%m/%d"],
        help_text=_("One entry for each day."),
        error_messages={
            "required": _("Write the day."),
            "invalid": _("There is no such day. Write it like 2026-03-14."),
        },
    )
    start = _clock(
        _("From"), help_text=_("If it had fixed times; then nothing else counts for the same time.")
    )
    end = _clock(_("To"))
    minutes = forms.IntegerField(
        label=_("Minutes"),
        required=False,
        min_value=1,
        max_value=60_000,
        help_text=_("Without breaks. Empty: the whole time from start to end."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    proof = AttachmentField(
        label=_("Proof"),
        help_text=_("The certificate or confirmation: PDF, picture or office file, up to 10 MB."),
        error_messages={"required": _("Hand in the proof: hours without one are not counted.")},
    )

    why_another = forms.CharField(
        label=_("This is another training, because …"),
        max_length=500,
        required=False,
        help_text=_("Both officers read it, and it stays with the hours."),
        widget=forms.HiddenInput(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.data.get("why_another", "").strip():
            self._ask_why_another()
        self.fields["day"].widget.attrs["max"] = f"{timezone.localdate():%Y-%m-%d}"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        if data["minutes"] is None:
            if not (data["start"] and data["end"]):
                self.add_error("minutes", _("Write the minutes, or both times."))
            elif data["end"] > data["start"]:
                day = data["day"]
                length = datetime.datetime.combine(day, data["end"]) - datetime.datetime.combine(
                    day, data["start"]
                )
                data["minutes"] = int(length.total_seconds()) // 60
            else:
                self.add_error("end", _("The end must be after the start."))
        return data

    @property
    def facts(self) -> Facts:
        """What was typed, once the form is valid. Times are those of China."""
        data = self.cleaned_data
        zone = timezone.get_current_timezone()
        starts_at, ends_at = (
            datetime.datetime.combine(data["day"], data[name], zone) if data[name] else None
            for name in ("start", "end")
        )
        said = Said(data["day"], data["minutes"], starts_at, ends_at)
        title, organiser, why = (data[name].strip() for name in ("title", "organiser", "why_another"))
        return Facts(data["training"], title, organiser, said, why)

    def refuse(self, refusal: Any) -> None:
        """Say at its field what the action refused."""
        field = refusal.field if refusal.field in self.fields else None
        if field == "why_another":
            self._ask_why_another()
        self.add_error(field, str(refusal))

    def _ask_why_another(self) -> None:
        self.fields["why_another"].widget = forms.Textarea(attrs={"rows": 3, "maxlength": 500})


class AcceptForm(forms.Form):
    """How many minutes the first officer finds proven."""

    minutes = forms.IntegerField(label=_("Minutes that the proof shows"), min_value=1, max_value=60_000)


class ReturnForm(forms.Form):
    """Why an entry is returned. The person reads it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the reason: the person will read it.")},
    )
