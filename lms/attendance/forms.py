"""What comes in: a typed code, a request, a grid of entries, a list of a meeting, a rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from core.attachments.forms import AttachmentField
from lms.attendance.actions import Entry
from lms.attendance.models import AttendanceRule
from lms.attendance.policy import DIGITS
from lms.attendance.queries import Line
from lms.attendance.states import ENTERED, Method, Presence
from lms.cohorts.queries import titled
from lms.timetable.models import ClassSession

LIST_BYTES = 5 * 2**20


class CodeForm(forms.Form):
    """The six digits beside the picture, for who cannot scan."""

    code = forms.CharField(
        label=gettext_lazy("Check-in number"),
        help_text=gettext_lazy("The six digits on the teacher's screen. They change every 20 seconds."),
        max_length=20,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "pattern": "[0-9 ]*"}
        ),
    )

    def clean_code(self) -> str:
        digits = "".join(self.cleaned_data["code"].split())
        if not (digits.isascii() and digits.isdigit() and len(digits) == DIGITS):
            raise ValidationError(_("The number has six digits."))
        return digits


class LeaveForm(forms.Form):
    """Leave from one class."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Whoever decides reads it. Write no more of your health than is needed."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Write the reason: whoever decides needs it.")},
    )
    document = AttachmentField(
        label=gettext_lazy("Proof"),
        help_text=gettext_lazy(
            "For example a picture of a notice or a certificate. PDF, JPG, PNG, DOCX or XLSX."
        ),
        required=False,
    )


class MakeUpForm(forms.Form):
    """Which class stands for the one that was missed."""

    instead = forms.ModelChoiceField(
        ClassSession.objects.none(),
        label=gettext_lazy("Make-up class"),
        empty_label=gettext_lazy("Choose a class"),
        error_messages={"required": gettext_lazy("Choose the class in which it is made up.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["instead"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = choices
        field.label_from_instance = _class_label  # type: ignore[method-assign,assignment]


def _class_label(klass: Any) -> str:
    starts = timezone.localtime(klass.starts_at)
    cohort = titled(klass.cohort.title, klass.cohort.title_en)
    return f"{starts:%Y-%m-%d %H:%M} · {klass.title_here} · {cohort}"


class RuleForm(WagtailAdminModelForm):
    class Meta:
        model = AttendanceRule
        fields = (
            "opens_before_minutes",
            "late_after_minutes",
            "needs_check_out",
            "check_out_after_minutes",
            "counting",
            "min_percent",
            "leave_days_after",
            "closes_after_hours",
        )


class DecisionForm(forms.Form):
    reason = forms.CharField(max_length=500, required=False, strip=True)


class ListForm(forms.Form):
    """The participant list as the meeting service exports it."""

    file = forms.FileField(
        label=gettext_lazy("Participant list"),
        help_text=gettext_lazy(
            "XLSX or CSV, as Tencent Meeting or another service exports it, with name, time of joining and time of leaving."
        ),
        error_messages={"required": gettext_lazy("Choose the file first.")},
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LIST_BYTES:
            raise ValidationError(_("This file is larger than 5 MB. Export only this one meeting."))
        return file


class SourceForm(forms.Form):
    """How the entries of a grid were found, and why they are made."""

    method = forms.ChoiceField(choices=[(Method.PAPER, ""), (Method.OFFICER, "")])
    reason = forms.CharField(max_length=300, required=False, strip=True)


@dataclass(frozen=True)
class Typed:
    """The entries of a grid that were touched, and the names whose times cannot be."""

    entries: list[Entry]
    faults: list[str]


def typed_entries(data: Mapping[str, str], lines: Sequence[Line], klass: ClassSession) -> Typed:
    """What was typed into the grid. Lines that look as they were shown are left out; `all` stands for those without any."""
    entries, faults = [], []
    for line in lines:
        pk = line.enrolment.pk
        chosen = str(data.get(f"presence-{pk}", ""))
        if not chosen and data.get("all") and line.presence == Presence.EXPECTED:
            chosen = Presence.PRESENT
        came, left = str(data.get(f"came-{pk}", "")), str(data.get(f"left-{pk}", ""))
        shown = str(data.get(f"shown-{pk}", ""))
        if chosen not in ENTERED or f"{chosen} {came} {left}" == shown:
            continue
        came_at, left_at = time_of(came, klass), time_of(left, klass)
        if (
            _impossible(came, came_at)
            or _impossible(left, left_at)
            or (came_at and left_at and left_at < came_at)
        ):
            faults.append(line.enrolment.person.name)
            continue
        entries.append(Entry(pk, chosen, came_at, left_at, str(data.get(f"seen-{pk}", ""))))
    return Typed(entries, faults)


def _impossible(text: str, found: datetime | None) -> bool:
    return bool(text.strip()) and found is None


def time_of(text: str, klass: ClassSession) -> datetime | None:
    """A time like 09:05 on the day of the class."""
    try:
        found = datetime.strptime(text.strip()[:5], "%H:%M")  # noqa: DTZ007 - becomes local below
    except ValueError:
        return None
    day = timezone.localtime(klass.starts_at)
    return day.replace(hour=found.hour, minute=found.minute, second=0, microsecond=0)
