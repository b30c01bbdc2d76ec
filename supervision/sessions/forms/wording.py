"""What the forms of sessions and gatherings share: texts that name nobody, and how their fields look."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.people.forms import ClockInput, DayInput
from supervision.sessions.policy import telling

BY_CODE = {
    "mobile": _(
        "There is a mobile number in this text. Write about people by code, so that nobody is recognised."
    ),
    "identity": _(
        "There is an ID number in this text. Write about people by code, so that nobody is recognised."
    ),
    "account": _(
        "There is a bank account in this text. Write about people by code, so that nobody is recognised."
    ),
    "landline": _(
        "There is a telephone number in this text. Write about people by code, so that nobody is recognised."
    ),
    "mail": _(
        "There is an e-mail address in this text. Write about people by code, so that nobody is recognised."
    ),
    "home": _(
        "There is the address of a flat in this text. Write about people by code, so that nobody is recognised."
    ),
    "named": _(
        "There is a person's name in this text. Write about people by code, so that nobody is recognised."
    ),
}


def day_field(label: Any) -> forms.DateField:
    """The day on which something was or will be, as it is typed here."""
    return forms.DateField(
        label=label,
        widget=DayInput(),
        input_formats=["%Y-%m-%d", "%Y/%m/%d"],
        error_messages={
            "required": _("Write the day."),
            "invalid": _("There is no such day. Write it like 2026-03-14."),
        },
    )


def clock_field(label: Any) -> forms.TimeField:
    """A time of that day."""
    words = {"required": _("Write the time."), "invalid": _("Write the time like 14:30.")}
    return forms.TimeField(
        label=label, widget=ClockInput(), input_formats=["%H:%M", "%H:%M:%S"], error_messages=words
    )


def key_of(sent: str) -> uuid.UUID:
    """The key that a form was opened with. One that was tampered with only costs the sender its protection."""
    try:
        return uuid.UUID(sent)
    except ValueError:
        return uuid.uuid4()


def choices_of(form: forms.Form, name: str) -> list[tuple[str, str]]:
    """What a field with several values offers."""
    return [(str(value), str(label)) for value, label in form.fields[name].choices]  # type: ignore[attr-defined]


def parsed_day(value: Any) -> datetime.date | None:
    """A day of our times as a form holds it; None for what is none."""
    try:
        day = datetime.date.fromisoformat(str(value)[:10].replace("/", "-"))
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2200 else None


def chosen_of(form: forms.Form, name: str) -> list[str]:
    """What a field with several values holds: what was sent, or else what the form began with."""
    if not form.is_bound:
        return [str(each) for each in form.initial.get(name) or ()]
    found = form.fields[name].widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
    return [str(each) for each in found or ()]


def say_telling(form: forms.Form, data: dict[str, Any], names: Any) -> None:
    """Refuse, at its field, each text that points at a person."""
    for name in names:
        what = telling(data.get(name) or "")
        if what and not (name == "place" and what == "home"):  # a meeting room is nobody's home
            form.add_error(name, BY_CODE[what])


def text_field(label: Any, help_text: Any = "", rows: int = 3, **options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, max_length=2000, widget=widget, **options)
