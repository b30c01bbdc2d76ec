"""The forms of a session. Nothing is decided here: they ask the policy, and say its answers at the fields."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.people.forms import ClockInput, DayInput
from supervision.pairings.models import Pairing
from supervision.sessions.actions import PROBLEM_WORDS
from supervision.sessions.policy import SessionFacts, Written, names_somebody, problems_of
from supervision.sessions.states import Function, Mode, Setting

TEXT_FIELDS = ("place", "topics", "advice", "follow_up")
BY_CODE = _(
    "There is a mobile or ID number in this text. Write about people by code, so that nobody is recognised."
)


def _clock(label: Any) -> forms.TimeField:
    words = {"required": _("Write the time."), "invalid": _("Write the time like 14:30.")}
    return forms.TimeField(
        label=label, widget=ClockInput(), input_formats=["%H:%M", "%H:%M:%S"], error_messages=words
    )


def _text(label: Any, help_text: Any = "", rows: int = 3, **options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, max_length=2000, widget=widget, **options)


class SessionForm(forms.Form):
    """A session that took place: when, of which kind, and what the pair keeps of it.

    A record belongs to one pair, so its form is "one to one": recorded once for each mentee, a group's hour would be
    credited to the supervisor several times.
    """

    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    day = forms.DateField(
        label=_("Day"),
        widget=DayInput(),
        input_formats=["%Y-%m-%d", "%Y/%m/%d"],
        error_messages={
            "required": _("Write the day."),
            "invalid": _("There is no such day. Write it like 2026-03-14."),
        },
    )
    start = _clock(_("From"))
    end = _clock(_("To"))
    mode = forms.ChoiceField(
        label=_("Mode"), choices=Mode.choices, initial=Mode.PRIVATE, widget=forms.RadioSelect
    )
    setting = forms.ChoiceField(
        label=_("Setting"), choices=Setting.choices, initial=Setting.ON_SITE, widget=forms.RadioSelect
    )
    functions = forms.MultipleChoiceField(
        label=_("Functions"),
        choices=Function.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("All that the session served."),
        error_messages={"required": PROBLEM_WORDS["no_function"]},
    )
    place = forms.CharField(label=_("Place or platform"), max_length=120, required=False)
    topics = _text(
        _("What was discussed"),
        _("A few sentences. Cases by code only, no names."),
        error_messages={"required": _("Write in a sentence what the session was about.")},
    )
    advice = _text(_("Advice"), required=False)
    follow_up = _text(_("What comes next"), _("Who does what until when."), rows=2, required=False)

    def __init__(self, *args: Any, pairing: Pairing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pairing = pairing
        self.facts: SessionFacts | None = None
        self.fields["day"].widget.attrs |= {
            "min": f"{pairing.starts_on:%Y-%m-%d}",
            "max": f"{timezone.localdate():%Y-%m-%d}",
        }

    def clean_key(self) -> uuid.UUID:
        """The key that the form was opened with. One that was tampered with only costs the sender its protection."""
        try:
            return uuid.UUID(self.cleaned_data["key"])
        except ValueError:
            return uuid.uuid4()

    def clean_day(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise forms.ValidationError(PROBLEM_WORDS["in_future"])
        if day < self.pairing.starts_on:
            raise forms.ValidationError(PROBLEM_WORDS["before_pairing"])
        if self.pairing.ends_on and day > self.pairing.ends_on:
            raise forms.ValidationError(PROBLEM_WORDS["after_pairing"])
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in (*TEXT_FIELDS, "note"):
            if names_somebody(data.get(name) or ""):
                self.add_error(name, BY_CODE)
        if {"day", "start", "end"} <= data.keys():
            self._ask_policy(data)
        return data

    def _ask_policy(self, data: dict[str, Any]) -> None:
        zone = timezone.get_current_timezone()
        starts_at, ends_at = (
            datetime.datetime.combine(data["day"], data[name], zone) for name in ("start", "end")
        )
        kinds = {name: data.get(name, "") for name in ("mode", "setting")}
        facts = SessionFacts(starts_at, ends_at, functions=tuple(data.get("functions", ())), **kinds)
        first, last = self.pairing.starts_on, self.pairing.ends_on
        now, day = timezone.now(), data["day"]
        for problem in problems_of(facts, now=now, first_day=first, last_day=last, held_on=day):
            if problem.field not in self.errors:
                self.add_error(problem.field, PROBLEM_WORDS[problem.code])
        self.facts = facts.whole()

    @property
    def written(self) -> Written:
        return Written(**{name: self.cleaned_data[name] for name in TEXT_FIELDS})


class LogForm(SessionForm):
    """A new session, with the supervisor's own note on it, and the planned meeting that it comes from."""

    meeting = forms.CharField(required=False, max_length=18, widget=forms.HiddenInput)
    note = _text(
        _("My working note"),
        _("Only you can read it; nobody else, not even your mentee."),
        rows=2,
        required=False,
    )

    def clean_meeting(self) -> int | None:
        asked = self.cleaned_data["meeting"]
        return int(asked) if asked.isascii() and asked.isdigit() else None


class AmendForm(SessionForm):
    """A session corrected, with an answer to the objection."""

    answer = _text(
        _("Answer to your mentee"), _("What you corrected, or why it stays."), rows=2, required=False
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if names_somebody(data.get("answer") or ""):
            self.add_error("answer", BY_CODE)
        return data


class RevisionForm(forms.Form):
    """Which version of the record its reader has read."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=32_000)


class DisputeForm(RevisionForm):
    reason = _text(
        _("What is not right?"),
        _("Your supervisor reads this; nobody else does."),
        error_messages={"required": _("Write what is not right, so that it can be corrected.")},
    )


class CancelForm(RevisionForm):
    reason = _text(
        _("Why is it taken back?"),
        _("Your mentee reads this; nobody else does."),
        rows=2,
        error_messages={"required": _("Write why the record is taken back: your mentee will read it.")},
    )


class NoteForm(forms.Form):
    text = _text(
        _("My working note"),
        _("Only you can read it. Leave it empty to delete it."),
        required=False,
    )
