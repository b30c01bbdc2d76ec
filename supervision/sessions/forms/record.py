"""The record of a session as a form. Nothing is decided here: it asks the policy, and says its answers at the fields."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import replace
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.organisations.models import Organisation
from core.pdf.forms import say_unprintable
from core.people.forms import DayInput
from supervision.functions.queries import choices_with, not_in_force, wrong_words
from supervision.functions.states import Function
from supervision.goals.models import LearningGoal
from supervision.pairings.models import Pairing
from supervision.sessions.actions import PROBLEM_WORDS
from supervision.sessions.forms.wording import (
    choices_of,
    chosen_of,
    clock_field,
    day_field,
    key_of,
    parsed_day,
    say_telling,
    text_field,
)
from supervision.sessions.policy import (
    TEXTS,
    Agreed,
    Case,
    SessionFacts,
    Written,
    is_case_code,
    problems_of,
    shares_of,
    span_of,
)
from supervision.sessions.states import Mode, Risk, Who
from supervision.supervisors.states import AT_SESSIONS, Setting, settings_of

SHARE_WORDS = {
    "no_function": _("Minutes stand at a function that is not ticked."),
    "sum": _("The minutes of the functions do not add up to %(minutes)s, the length of the session."),
    "empty": _("Each function that is ticked has at least one minute."),
}

AGREED_ROWS = range(1, 5)
CASE_ROWS = range(1, 3)
LISTS = ("functions", "goals", "done")  # fields with several values


class SessionForm(forms.Form):
    """A session that took place: when, of which kind, and what the pair keeps of it.

    A record belongs to one pair, so its form is "one to one": recorded once for each mentee, a group's hour would be
    credited to the supervisor several times.
    """

    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    day = day_field(_("Day"))
    start = clock_field(_("From"))
    end = clock_field(_("To"))
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
    topics = text_field(
        _("What was discussed"),
        _("A few sentences. Cases by code only, no names."),
        error_messages={"required": _("Write in a sentence what the session was about.")},
    )
    goals = forms.MultipleChoiceField(
        label=_("Learning goals touched"), required=False, widget=forms.CheckboxSelectMultiple
    )
    observations = text_field(_("Observations"), required=False)
    advice = text_field(_("Advice"), required=False)
    decision = text_field(_("What was decided"), rows=2, required=False)
    decided_by = forms.CharField(label=_("Who decided"), max_length=120, required=False)
    rationale = text_field(_("Why it was decided so"), rows=2, required=False)
    follow_up = text_field(
        _("What comes next"), _("What the two of you want to look at next time."), rows=2, required=False
    )
    late_reason = forms.CharField(
        label=_("Why it is recorded late"),
        help_text=_("Only for a late record. Administrators read this; write nothing of what was said."),
        max_length=300,
        required=False,
    )

    def __init__(
        self, *args: Any, pairing: Pairing | None, at: Organisation | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.pairing = pairing
        self.at = pairing.supervisor.organisation if pairing else at  # whose functions it may have
        self.facts: SessionFacts | None = None
        self._shares: dict[str, int] | None = None
        self._offer_functions()
        for code, label in choices_of(self, "functions"):
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

    def _offer_functions(self) -> None:
        """The three, and those of the supervisor's place; what stands in the form already stays in it."""
        if self.at is None:  # the blank form that a device keeps; it knows the place's own by itself
            return
        day = parsed_day(self.data.get("day") or self.initial.get("day"))
        named = chosen_of(self, "functions")
        today = timezone.localdate()
        functions = self.fields["functions"]
        assert isinstance(functions, forms.MultipleChoiceField)
        functions.choices = choices_with(self.at, day or today, today, named)

    @property
    def local_functions(self) -> list[tuple[str, str]]:
        """What the place adds to the three, for a device that keeps the blank form."""
        return [each for each in choices_of(self, "functions") if each[0] not in Function.values]

    def clean_key(self) -> uuid.UUID:
        return key_of(self.cleaned_data["key"])

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
        say_unprintable(self, data, (*TEXTS, *actions))
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
        starts_at, ends_at = span_of(data["day"], data["start"], data["end"], zone)
        kinds = {name: data.get(name, "") for name in ("mode", "setting")}
        facts = SessionFacts(starts_at, ends_at, functions=tuple(data.get("functions", ())), **kinds).whole()
        assert self.pairing is not None and self.at is not None
        wrong = not_in_force(facts.functions, self.at, data["day"])
        if wrong:
            self.add_error("functions", wrong_words(wrong, data["day"]))
        given = {code: data.get(f"share_{code}") for code, _label in choices_of(self, "functions")}
        shares, fault = shares_of(facts.functions, facts.minutes, given)
        if fault and facts.functions and facts.minutes > 0:
            self.add_error("functions", SHARE_WORDS[fault] % {"minutes": facts.minutes})
        facts = replace(facts, shares=tuple(shares.items()) if shares else None)
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
        return [self[f"share_{code}"] for code, _label in choices_of(self, "functions")]

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
        return fault or self._open(*(f"share_{code}" for code, _label in choices_of(self, "functions")))

    @property
    def late_open(self) -> bool:
        return self._open("late_reason")

    def _share_faults(self) -> set[str]:
        minutes = self.facts.minutes if self.facts else 0
        return {str(words % {"minutes": minutes}) for words in SHARE_WORDS.values()}
