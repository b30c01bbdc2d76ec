"""A gathering: planned, and recorded."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.people.forms import DayInput
from core.people.models import Person
from core.ui.fields import LineField
from supervision.circles.actions import FAULT_WORDS
from supervision.circles.forms.fields import clock_field, minutes_field, text_field
from supervision.circles.models import Gathering, Participation
from supervision.circles.policy import GatheringFacts, Shared, faults_of_plan, faults_of_span
from supervision.sessions.forms import say_telling
from supervision.sessions.states import Function, Mode, Setting

TEXTS = ("topics", "agreements", "follow_up")


class WhenForm(forms.Form):
    """When a gathering is, and the number under which it is sent once."""

    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=32_000)
    day = forms.DateField(
        label=_("Day"),
        widget=DayInput(),
        input_formats=["%Y-%m-%d", "%Y/%m/%d"],
        error_messages={
            "required": _("Write the day."),
            "invalid": _("There is no such day. Write it like 2026-03-14."),
        },
    )
    start = clock_field(_("From"))
    end = clock_field(_("To"))

    def clean_key(self) -> uuid.UUID:
        """The key that the form was opened with. One that was tampered with only costs the sender its protection."""
        try:
            return uuid.UUID(self.cleaned_data["key"])
        except ValueError:
            return uuid.uuid4()

    def clean_day(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["day"]
        if abs(day.year - timezone.localdate().year) > 5:
            raise ValidationError(_("This day is too far away. Check the year."))
        return day

    def span(self, data: dict[str, Any]) -> tuple[datetime.datetime, datetime.datetime] | None:
        """Start and end; None while one of the three is not understood."""
        if not {"day", "start", "end"} <= data.keys():
            return None
        zone = timezone.get_current_timezone()
        start, end = (datetime.datetime.combine(data["day"], data[name], zone) for name in ("start", "end"))
        return start, end


class PlanForm(WhenForm):
    """The next gathering: when, where, about what."""

    leader = forms.ChoiceField(
        label=_("Who leads it"), help_text=_("The members lead in turn; the next one is chosen already.")
    )
    setting = forms.ChoiceField(
        label=_("Setting"), choices=Setting.choices, initial=Setting.ON_SITE, widget=forms.RadioSelect
    )
    subject = LineField(
        label=pgettext_lazy("gathering", "Subject"),
        max_length=120,
        required=False,
        help_text=_("The members read it; nobody else does."),
    )
    place = LineField(label=_("Place or platform"), max_length=120, required=False)
    link = forms.CharField(
        label=_("Online link"), max_length=300, required=False, help_text=_("Begins with https://"),
        widget=forms.URLInput,
    )  # fmt: skip

    def __init__(self, *args: Any, leaders: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.leaders = {str(each.pk): each for each in leaders}
        if len(self.leaders) < 2:
            del self.fields["leader"]
        else:
            leader = self.fields["leader"]
            assert isinstance(leader, forms.ChoiceField)
            leader.choices = [(key, each.name) for key, each in self.leaders.items()]

    def clean_link(self) -> str:
        link: str = self.cleaned_data["link"].strip()
        if link:
            URLValidator(schemes=["https"], message=_("Write the whole link; it begins with https://"))(link)
        return link

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        say_telling(self, data, ("subject", "place"))
        if found := self.span(data):
            for fault in faults_of_plan(*found, now=timezone.now()):
                if fault.field not in self.errors:
                    self.add_error(fault.field, FAULT_WORDS[fault.code])
        return data

    def values(self) -> dict[str, Any]:
        """What the actions take, without the key and the revision."""
        data = self.cleaned_data
        found = self.span(data)
        assert found is not None
        plain = {name: data[name] for name in ("setting", "subject", "place", "link")}
        return {
            "starts_at": found[0],
            "ends_at": found[1],
            "leader": self.leaders.get(data.get("leader", "")),
            **plain,
        }


class LogForm(WhenForm):
    """A gathering that took place: who came for how long, of which kind, and what those who took part keep of it."""

    mode = forms.ChoiceField(
        label=_("Mode"), choices=Mode.choices, initial=Mode.ACCOMPANYING, widget=forms.RadioSelect
    )
    setting = forms.ChoiceField(
        label=_("Setting"), choices=Setting.choices, initial=Setting.ON_SITE, widget=forms.RadioSelect
    )
    functions = forms.MultipleChoiceField(
        label=_("Functions"),
        choices=Function.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("All that the gathering served."),
        error_messages={"required": FAULT_WORDS["no_function"]},
    )
    topics = text_field(
        _("What was discussed"),
        _("A few sentences. Cases by code only, no names."),
        error_messages={"required": _("Write in a sentence what the gathering was about.")},
    )
    agreements = text_field(pgettext_lazy("gathering", "What was agreed"), required=False, rows=2)
    follow_up = text_field(_("What comes next"), _("Who does what until when."), rows=2, required=False)
    note = text_field(
        _("My working note"), _("Only you can read it; nobody else does."), rows=2, required=False
    )

    def __init__(self, *args: Any, people: Iterable[Person], amends: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = list(people)
        self.facts: GatheringFacts | None = None
        for person in self.people:
            self.fields[f"came_{person.pk}"] = forms.BooleanField(label=person.name, required=False)
            label = _("Minutes of %(name)s") % {"name": person.name}
            self.fields[f"minutes_{person.pk}"] = minutes_field(label, required=False)
        if amends:
            del self.fields["note"]

    @property
    def rows(self) -> list[tuple[Person, Any, Any]]:
        """For each person the tick and the minutes, as the page shows them."""
        return [(each, self[f"came_{each.pk}"], self[f"minutes_{each.pk}"]) for each in self.people]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        say_telling(self, data, (*TEXTS, "note"))
        found = self.span(data)
        if found is None:
            return data
        for fault in faults_of_span(*found):
            self.add_error(fault.field, FAULT_WORDS[fault.code])
        if found[1] > timezone.now() and "end" not in self.errors:
            self.add_error("end", FAULT_WORDS["in_future"])
        kinds = {name: data.get(name, "") for name in ("mode", "setting")}
        self.facts = GatheringFacts(*found, functions=tuple(data.get("functions", ())), **kinds).whole()
        self._check_people(data, self.facts.minutes)
        return data

    def _check_people(self, data: dict[str, Any], most: int) -> None:
        ticked = [each for each in self.people if data.get(f"came_{each.pk}")]
        if not ticked:
            self.add_error(None, FAULT_WORDS["nobody"])
        for person in ticked:
            if most > 0 and (data.get(f"minutes_{person.pk}") or 0) > most:
                self.add_error(f"minutes_{person.pk}", FAULT_WORDS["minutes"])

    @property
    def came(self) -> dict[int, int]:
        """The minutes of each who was ticked: the whole time where nothing else is written."""
        data = self.cleaned_data
        whole = self.facts.minutes if self.facts else 0
        ticked = [each.pk for each in self.people if data.get(f"came_{each.pk}")]
        return {key: data.get(f"minutes_{key}") or whole for key in ticked}

    @property
    def shared(self) -> Shared:
        return Shared(**{name: self.cleaned_data[name] for name in TEXTS})


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
    return values


def held_values(gathering: Gathering, content: Any, parts: Iterable[Participation]) -> dict[str, Any]:
    """What the form holds when a record is corrected: what it says now."""
    values = log_values(gathering, (gathering.starts_at, gathering.ends_at))
    values |= {"functions": gathering.functions, "revision": gathering.revision}
    values |= {name: getattr(content, name) if content else "" for name in TEXTS}
    for part in parts:
        values[f"came_{part.person_id}"] = True
        values[f"minutes_{part.person_id}"] = part.minutes
    return values
