"""The forms of a session. Nothing is decided here: they ask the policy, and say its answers at the fields."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.widgets import AdminDateInput

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.attachments.forms import AttachmentField
from core.organisations.forms import offer_organisations
from core.organisations.models import Organisation
from core.people.forms import ClockInput, DayInput
from core.ui.fields import LineField
from supervision.goals.models import LearningGoal
from supervision.pairings.models import Pairing
from supervision.sessions.actions import PROBLEM_WORDS
from supervision.sessions.models import FollowUp
from supervision.sessions.policy import (
    TEXTS,
    Agreed,
    Case,
    SessionFacts,
    Written,
    is_case_code,
    problems_of,
    shares_of,
    telling,
)
from supervision.sessions.states import Function, Mode, Risk, Who
from supervision.supervisors.states import AT_SESSIONS, Setting, settings_of

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
SHARE_WORDS = {
    "no_function": _("Minutes stand at a function that is not ticked."),
    "sum": _("The minutes of the functions do not add up to %(minutes)s, the length of the session."),
    "empty": _("Each function that is ticked has at least one minute."),
}
AGREED_ROWS, CASE_ROWS = range(1, 5), range(1, 3)
LISTS = ("functions", "goals", "done")  # fields with several values


def choices_of(form: forms.Form, name: str) -> list[tuple[str, str]]:
    """What a field with several values offers."""
    return [(str(value), str(label)) for value, label in form.fields[name].choices]  # type: ignore[attr-defined]


def say_telling(form: forms.Form, data: dict[str, Any], names: Any) -> None:
    """Refuse, at its field, each text that points at a person."""
    for name in names:
        what = telling(data.get(name) or "")
        if what and not (name == "place" and what == "home"):  # a meeting room is nobody's home
            form.add_error(name, BY_CODE[what])


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
        label=_("Setting"),
        choices=settings_of(AT_SESSIONS),
        initial=Setting.ON_SITE,
        widget=forms.RadioSelect,
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
    goals = forms.MultipleChoiceField(
        label=_("Learning goals touched"), required=False, widget=forms.CheckboxSelectMultiple
    )
    observations = _text(_("Observations"), required=False)
    advice = _text(_("Advice"), required=False)
    decision = _text(_("What was decided"), rows=2, required=False)
    decided_by = forms.CharField(label=_("Who decided"), max_length=120, required=False)
    rationale = _text(_("Why it was decided so"), rows=2, required=False)
    follow_up = _text(
        _("What comes next"), _("What the two of you want to look at next time."), rows=2, required=False
    )
    late_reason = forms.CharField(
        label=_("Why it is recorded late"),
        help_text=_("Only for a late record. Administrators read this; write nothing of what was said."),
        max_length=300,
        required=False,
    )

    def __init__(self, *args: Any, pairing: Pairing | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pairing = pairing
        self.facts: SessionFacts | None = None
        self._shares: dict[str, int] | None = None
        for code, label in Function.choices:
            words = {"invalid": _("Write whole minutes.")}
            self.fields[f"share_{code}"] = forms.IntegerField(
                label=label, required=False, min_value=0, max_value=480, error_messages=words
            )
        for number in CASE_ROWS:
            self.fields[f"case_{number}"] = forms.CharField(
                label=_("Case code"), max_length=20, required=False
            )
            self.fields[f"risk_{number}"] = forms.ChoiceField(
                label=_("Risk"), choices=Risk.choices, required=False, initial=Risk.NONE
            )
        for number in AGREED_ROWS:
            self.fields[f"what_{number}"] = forms.CharField(label=_("Action"), max_length=300, required=False)
            self.fields[f"who_{number}"] = forms.ChoiceField(
                label=_("Who"), choices=Who.choices, required=False, initial=Who.MENTEE
            )
            self.fields[f"due_{number}"] = forms.DateField(
                label=_("Until"),
                widget=DayInput(),
                input_formats=["%Y-%m-%d", "%Y/%m/%d"],
                required=False,
                error_messages={"invalid": _("There is no such day. Write it like 2026-03-14.")},
            )
        if pairing is None:  # the blank form that a device keeps
            return
        goals = LearningGoal.objects.filter(pairing=pairing).select_related("competency")
        self.fields["goals"].choices = [  # type: ignore[attr-defined]
            (str(goal.pk), f"{goal.competency} · {goal.text}") for goal in goals
        ]
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
        assert self.pairing is not None
        if day < self.pairing.starts_on:
            raise forms.ValidationError(PROBLEM_WORDS["before_pairing"])
        if self.pairing.ends_on and day > self.pairing.ends_on:
            raise forms.ValidationError(PROBLEM_WORDS["after_pairing"])
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        actions = [f"what_{number}" for number in AGREED_ROWS]
        say_telling(self, data, (*TEXTS, *actions, "note", "late_reason"))
        for number in CASE_ROWS:
            if data.get(f"case_{number}") and not is_case_code(data[f"case_{number}"]):
                words = _(
                    "Write the code of the case, such as A2026-014: letters, digits and hyphens, no name."
                )
                self.add_error(f"case_{number}", words)
        for number in AGREED_ROWS:
            if data.get(f"due_{number}") and not data.get(f"what_{number}"):
                self.add_error(f"what_{number}", _("Write what is to be done until that day."))
        if {"day", "start", "end"} <= data.keys():
            self._ask_policy(data)
        return data

    def _ask_policy(self, data: dict[str, Any]) -> None:
        zone = timezone.get_current_timezone()
        starts_at, ends_at = (
            datetime.datetime.combine(data["day"], data[name], zone) for name in ("start", "end")
        )
        kinds = {name: data.get(name, "") for name in ("mode", "setting")}
        facts = SessionFacts(starts_at, ends_at, functions=tuple(data.get("functions", ())), **kinds).whole()
        given = {code: data.get(f"share_{code}") for code in Function.values}
        shares, fault = shares_of(facts.functions, facts.minutes, given)
        if fault and facts.functions and facts.minutes > 0:
            self.add_error("functions", SHARE_WORDS[fault] % {"minutes": facts.minutes})
        facts = replace(facts, shares=tuple(shares.items()) if shares else None)
        assert self.pairing is not None
        first, last = self.pairing.starts_on, self.pairing.ends_on
        now, day = timezone.now(), data["day"]
        for problem in problems_of(facts, now=now, first_day=first, last_day=last, held_on=day):
            if problem.field not in self.errors:
                self.add_error(problem.field, PROBLEM_WORDS[problem.code])
        self.facts = facts.whole()

    @property
    def written(self) -> Written:
        data = self.cleaned_data
        return Written(
            **{name: data[name].strip() for name in TEXTS},
            cases=tuple(
                Case(data[f"case_{number}"], data[f"risk_{number}"] or Risk.NONE)
                for number in CASE_ROWS
                if data[f"case_{number}"]
            ),
            agreed=tuple(
                Agreed(data[f"who_{number}"] or Who.MENTEE, data[f"what_{number}"], data[f"due_{number}"])
                for number in AGREED_ROWS
                if data[f"what_{number}"]
            ),
            goals=tuple(sorted(int(pk) for pk in data["goals"])),
        )

    def _open(self, *names: str) -> bool:
        """Whether a folded part is shown open: something stands in it, or is wrong with it."""
        for name in names:
            value = self[name].value()
            if self[name].errors or (value and value not in (Risk.NONE, Who.MENTEE)):
                return True
        return False

    @property
    def share_rows(self) -> list[forms.BoundField]:
        return [self[f"share_{code}"] for code in Function.values]

    @property
    def case_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"case_{number}"], self[f"risk_{number}"]) for number in CASE_ROWS]

    @property
    def agreed_rows(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        return [(self[f"what_{n}"], self[f"who_{n}"], self[f"due_{n}"]) for n in AGREED_ROWS]

    @property
    def agreed_open(self) -> bool:
        return self._open(*(f"{part}_{n}" for n in AGREED_ROWS for part in ("what", "due")), "follow_up")

    @property
    def cases_open(self) -> bool:
        return self._open(*(f"case_{number}" for number in CASE_ROWS), "goals", "observations", "advice")

    @property
    def decision_open(self) -> bool:
        return self._open("decision", "decided_by", "rationale")

    @property
    def shares_open(self) -> bool:
        fault = any(str(error) in self._share_faults() for error in self.errors.get("functions", ()))
        return fault or self._open(*(f"share_{code}" for code in Function.values))

    @property
    def late_open(self) -> bool:
        return self._open("late_reason")

    def _share_faults(self) -> set[str]:
        minutes = self.facts.minutes if self.facts else 0
        return {str(words % {"minutes": minutes}) for words in SHARE_WORDS.values()}


class TicksField(forms.MultipleChoiceField):
    """Ticks at actions that may have been ticked off elsewhere meanwhile; what is none of them makes no difference."""

    def to_python(self, value: Any) -> list[str]:
        return [each for each in super().to_python(value) if each.isdecimal() and len(each) < 19]

    def valid_value(self, value: Any) -> bool:
        return True


class LogForm(SessionForm):
    """A new session, with the supervisor's own note on it, and the planned meeting that it comes from."""

    meeting = forms.CharField(required=False, max_length=18, widget=forms.HiddenInput)
    note = _text(
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

    reason = _text(
        _("Why is it corrected?"),
        _("Your mentee reads this; nobody else does."),
        rows=2,
        error_messages={"required": _("Write why the record is to be corrected: your mentee will read it.")},
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        say_telling(self, data, ("reason",))
        return data


class AmendForm(SessionForm):
    """A session corrected, with an answer to the objection."""

    answer = _text(
        _("Answer to your mentee"), _("What you corrected, or why it stays."), rows=2, required=False
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        say_telling(self, data, ("answer",))
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


class AnswerForm(forms.Form):
    """Why the mentee does not accept a correction."""

    answer = _text(
        _("Why do you not agree?"),
        _("Your supervisor reads this; nobody else does."),
        rows=2,
        error_messages={"required": _("Write why you do not agree: your supervisor will read it.")},
    )


class ReflectionForm(forms.Form):
    """What the mentee makes of the session."""

    text = _text(
        _("My reflection"),
        _("What did I take with me, what will I try, what is still open? You two read it, nobody else."),
        rows=4,
        error_messages={"required": _("Write at least a sentence.")},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        say_telling(self, data, ("text",))
        return data


class ExplainForm(forms.Form):
    """Another reason for a late record that was declined."""

    reason = forms.CharField(
        label=_("Why it is recorded late"),
        help_text=_("Administrators read this; write nothing of what was said."),
        max_length=300,
        error_messages={"required": _("Write why the session was recorded late.")},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        say_telling(self, data, ("reason",))
        return data


class FileForm(forms.Form):
    """A file for the session."""

    upload = AttachmentField(
        label=_("File"),
        help_text=_("PDF, picture or office file, at most 10 MB. No client may be recognised in it."),
        error_messages={"required": _("Choose a file.")},
    )


class DeskAnswerForm(forms.Form):
    """What the desk says to a late record or a review."""

    answer = forms.CharField(label=pgettext_lazy("late record", "Answer"), max_length=300, required=False)


class GrantForm(forms.Form):
    days = forms.IntegerField(label=_("For how many days"), min_value=1, max_value=14, initial=7)


class AskReviewForm(forms.Form):
    reason = forms.CharField(
        label=_("Why does the content have to be read?"),
        help_text=_("Both of the pair will read this reason."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write why the content has to be read.")},
    )


class RuleForm(forms.Form):
    """Within how many days sessions are to be recorded at a place that the officer administers."""

    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none())
    days = forms.IntegerField(label=_("Days to record a session"), min_value=1, max_value=365)
    starts_on = forms.DateField(label=_("From"), widget=AdminDateInput)
    source = LineField(
        label=pgettext_lazy("norm", "Source"),
        max_length=200,
        help_text=_("The notice or the plan that sets it."),
    )

    def __init__(self, *args: Any, user: Asker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Organisation.objects.active().filter(scope_of(user).q("", Role.ADMINISTRATOR))
        offer_organisations(self.fields["organisation"], rows)


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
