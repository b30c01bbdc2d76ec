"""A gathering that took place: who came for how long, of which kind, and what those who took part keep of it."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.people.models import Person
from supervision.circles.actions import PROBLEM_WORDS
from supervision.circles.forms.fields import minutes_field, text_field
from supervision.circles.models import Circle, Gathering, GatheringAction, GatheringContent, Participation
from supervision.circles.policy import TEXTS, WHOLE, GatheringFacts, Shared, problems_of_span
from supervision.circles.states import Whose
from supervision.functions.queries import not_in_force, wrong_words
from supervision.functions.states import Function
from supervision.sessions.forms import (
    AGREED_ROWS,
    CASE_ROWS,
    SessionForm,
    TicksField,
    choices_of,
    say_telling,
)
from supervision.sessions.policy import Agreed, Case, shares_of, span_of
from supervision.sessions.states import Mode, Risk

OF_PAIRS = ("place", "goals", "observations", "decision", "decided_by", "rationale")  # a circle keeps none
SHARE_WORDS = {
    "no_function": _("A share stands at a function that is not ticked."),
    "sum": _("The shares of the functions do not add up to 100."),
    "empty": _("Each function that is ticked has at least one percent."),
}
TOO_FAR = datetime.timedelta(days=5 * 366)


class LogForm(SessionForm):
    """A gathering: the form of a session, with a tick and minutes for each member, and without what belongs to a pair."""

    functions = forms.MultipleChoiceField(
        label=_("Functions"),
        choices=Function.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("All that the gathering served."),
        error_messages={"required": PROBLEM_WORDS["no_function"]},
    )
    topics = text_field(
        _("What was discussed"),
        _("A few sentences. Cases by code only, no names."),
        error_messages={"required": _("Write in a sentence what the gathering was about.")},
    )
    agreements = text_field(pgettext_lazy("gathering", "What was agreed"), required=False, rows=2)
    follow_up = text_field(
        _("What comes next"), _("What all of you want to look at next time."), rows=2, required=False
    )
    note = text_field(
        _("My working note"), _("Only you can read it; nobody else does."), rows=2, required=False
    )
    done = TicksField(label=_("Done since"), required=False, widget=forms.CheckboxSelectMultiple)
    gathering = forms.CharField(required=False, max_length=18, widget=forms.HiddenInput)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=32_000)
    everybody_came = False  # of a correction after a confirmation: only minutes are asked

    def __init__(
        self,
        *args: Any,
        people: Iterable[Person],
        circle: Circle | None,
        amends: bool = False,
        open_actions: Iterable[GatheringAction] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, pairing=None, at=circle.place if circle else None, **kwargs)
        self.people = list(people)
        self.facts: GatheringFacts | None = None  # type: ignore[assignment]
        for name in (*OF_PAIRS, *(("note", "done", "gathering") if amends else ())):
            del self.fields[name]
        self.fields["mode"].initial = Mode.ACCOMPANYING
        whose: list[tuple[str, Any]] = [
            (Whose.ALL.value, Whose.ALL.label),
            (Whose.LEADER.value, Whose.LEADER.label),
        ]
        whose += [(str(each.pk), each.name) for each in self.people]
        for number in AGREED_ROWS:
            self.fields[f"who_{number}"].choices = whose  # type: ignore[attr-defined]
            self.fields[f"who_{number}"].initial = Whose.ALL
        for person in self.people:
            if not self.everybody_came:
                self.fields[f"came_{person.pk}"] = forms.BooleanField(label=person.name, required=False)
            label = _("Minutes of %(name)s") % {"name": person.name}
            self.fields[f"minutes_{person.pk}"] = minutes_field(label, required=False)
        if not amends:
            rows = [(str(row.pk), _action_words(row)) for row in open_actions]
            self.fields["done"].choices = rows  # type: ignore[attr-defined]

    def clean_day(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["day"]
        if day > timezone.localdate():
            raise ValidationError(PROBLEM_WORDS["in_future"])
        if day < timezone.localdate() - TOO_FAR:
            raise ValidationError(_("This day is too far away. Check the year."))
        return day

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        say_telling(self, data, ("agreements",))
        return data

    def _ask_policy(self, data: dict[str, Any]) -> None:
        zone = timezone.get_current_timezone()
        begins, ends = span_of(data["day"], data["start"], data["end"], zone)
        for problem in problems_of_span(begins, ends):
            self.add_error(problem.field, PROBLEM_WORDS[problem.code])
        if ends > timezone.now() and "end" not in self.errors:
            self.add_error("end", PROBLEM_WORDS["in_future"])
        kinds = {name: data.get(name, "") for name in ("mode", "setting")}
        functions = tuple(data.get("functions", ()))
        facts = GatheringFacts(begins, ends, functions=functions, **kinds).whole()
        assert self.at is not None
        wrong = not_in_force(facts.functions, self.at, data["day"])
        if wrong:
            self.add_error("functions", wrong_words(wrong, data["day"]))
        given = {code: data.get(f"share_{code}") for code, _label in choices_of(self, "functions")}
        shares, unequal = shares_of(facts.functions, WHOLE, given)
        if unequal and facts.functions:
            self.add_error("functions", SHARE_WORDS[unequal])
        self.facts = replace(facts, shares=tuple(shares.items()) if shares else None).whole()
        self._check_people(data, self.facts.minutes)

    def _check_people(self, data: dict[str, Any], most: int) -> None:
        ticked = self._ticked(data)
        if not ticked:
            self.add_error(None, PROBLEM_WORDS["nobody"])
        for person in ticked:
            if most > 0 and (data.get(f"minutes_{person.pk}") or 0) > most:
                self.add_error(f"minutes_{person.pk}", PROBLEM_WORDS["minutes"])

    def _ticked(self, data: dict[str, Any]) -> list[Person]:
        return [each for each in self.people if self.everybody_came or data.get(f"came_{each.pk}")]

    def _share_faults(self) -> set[str]:
        return {str(words) for words in SHARE_WORDS.values()}

    @property
    def rows(self) -> list[tuple[Person, Any, Any]]:
        """For each person the tick and the minutes, as the page shows them."""
        return [
            (each, None if self.everybody_came else self[f"came_{each.pk}"], self[f"minutes_{each.pk}"])
            for each in self.people
        ]

    @property
    def cases_open(self) -> bool:
        return self._open(*(f"case_{number}" for number in CASE_ROWS), "advice")

    @property
    def came(self) -> dict[int, int]:
        """The minutes of each who was ticked: the whole time where nothing else is written."""
        data = self.cleaned_data
        whole = self.facts.minutes if self.facts else 0
        return {each.pk: data.get(f"minutes_{each.pk}") or whole for each in self._ticked(data)}

    @property
    def shared(self) -> Shared:
        data = self.cleaned_data
        cases = [(data[f"case_{n}"], data[f"risk_{n}"] or Risk.NONE.value) for n in CASE_ROWS]
        agreed = [
            (data[f"who_{n}"] or Whose.ALL.value, data[f"what_{n}"], data[f"due_{n}"]) for n in AGREED_ROWS
        ]
        return Shared(
            **{name: data[name].strip() for name in TEXTS},
            cases=tuple(Case(*row) for row in cases if row[0]),
            agreed=tuple(Agreed(*row) for row in agreed if row[1]),
        )


class ProposeForm(LogForm):
    """A gathering that somebody has confirmed, as it should have been recorded, with the reason."""

    everybody_came = True
    reason = text_field(
        _("Why is it corrected?"),
        _("Those who took part read this; nobody else does."),
        rows=2,
        error_messages={
            "required": _("Write why the record is to be corrected: those who took part will read it.")
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, amends=True, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        say_telling(self, data, ("reason",))
        return data


def _action_words(row: GatheringAction) -> str:
    words = f"{row.who_label} · {row.what}"
    return f"{words} · {row.due_on:%Y-%m-%d}" if row.due_on else words


def log_values(
    gathering: Gathering | None, usual: tuple[datetime.datetime, datetime.datetime]
) -> dict[str, Any]:
    """What the log form holds when it opens for a planned gathering or for one that was not planned."""
    starts_at, ends_at = (gathering.starts_at, gathering.ends_at) if gathering else usual
    local, until = timezone.localtime(starts_at), timezone.localtime(ends_at)
    values: dict[str, Any] = {
        "day": local.date(),
        "start": local.time(),
        "end": until.time(),
        "key": uuid.uuid4(),
    }
    if gathering is not None:
        values |= {"mode": gathering.mode, "setting": gathering.setting, "topics": gathering.subject}
        values["gathering"] = gathering.pk
    return values


def held_values(
    gathering: Gathering, content: GatheringContent | None, parts: Iterable[Participation]
) -> dict[str, Any]:
    """What the form holds when a record is corrected: what it says now."""
    values = log_values(gathering, (gathering.starts_at, gathering.ends_at))
    values |= {"functions": gathering.functions, "revision": gathering.revision, "key": gathering.key}
    values |= {f"share_{code}": percent for code, percent in (gathering.shares or {}).items()}
    shared = content.shared if content else Shared()
    values |= {name: getattr(shared, name) for name in TEXTS}
    for number, case in enumerate(shared.cases, 1):
        values |= {f"case_{number}": case.code, f"risk_{number}": case.risk}
    for number, row in enumerate(shared.agreed, 1):
        values |= {f"what_{number}": row.what, f"who_{number}": row.who, f"due_{number}": row.due}
    for part in parts:
        values[f"came_{part.person_id}"] = True
        values[f"minutes_{part.person_id}"] = part.minutes
    return values
