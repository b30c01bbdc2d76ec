"""The record for each occasion: logged, corrected before it is confirmed, corrected after."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from supervision.sessions.forms.record import SessionForm
from supervision.sessions.forms.wording import say_telling, text_field
from supervision.sessions.models import FollowUp


class TicksField(forms.MultipleChoiceField):
    """Ticks at actions that may have been ticked off elsewhere meanwhile; what is none of them makes no difference."""

    def to_python(self, value: Any) -> list[str]:
        return [each for each in super().to_python(value) if each.isdecimal() and len(each) < 19]

    def valid_value(self, value: Any) -> bool:
        return True


class LogForm(SessionForm):
    """A new session, with the supervisor's own note on it, and the planned meeting that it comes from."""

    meeting = forms.CharField(required=False, max_length=18, widget=forms.HiddenInput)
    note = text_field(
        _("My working note"),
        _("Only you can read it; nobody else, not even your mentee."),
        rows=2,
        required=False,
    )

    done = TicksField(label=_("Done since"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, open_actions: Iterable[FollowUp] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["done"].choices = [(str(row.pk), _action_words(row)) for row in open_actions]  # type: ignore[attr-defined]

    def clean_meeting(self) -> int | None:
        asked = self.cleaned_data["meeting"]
        return int(asked) if asked.isascii() and asked.isdigit() else None


def _action_words(row: FollowUp) -> str:
    words = f"{row.get_who_display()} · {row.what}"
    return f"{words} · {row.due_on:%Y-%m-%d}" if row.due_on else words


class CorrectForm(SessionForm):
    """A confirmed session as it should have been recorded, with the reason for the mentee."""

    reason = text_field(
        _("Why is it corrected?"),
        _("Your mentee reads this; nobody else does."),
        rows=2,
        error_messages={"required": _("Write why the record is to be corrected: your mentee will read it.")},
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=32_000)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        say_telling(self, data, ("reason",))
        return data


class AmendForm(SessionForm):
    """A session corrected, with an answer to the objection."""

    answer = text_field(
        _("Answer to your mentee"), _("What you corrected, or why it stays."), rows=2, required=False
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        say_telling(self, data, ("answer",))
        return data
