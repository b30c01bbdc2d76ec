"""A gathering is planned: once or as a series."""

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

from core.calendars.queries import holidays_on
from core.people.forms import DayInput
from core.people.models import Person
from core.ui.fields import LineField
from supervision.circles.actions import PROBLEM_WORDS
from supervision.circles.models import Gathering
from supervision.circles.policy import FURTHEST, problems_of_plan
from supervision.sessions.forms import clock_field, day_field, key_of, say_telling
from supervision.sessions.policy import span_of
from supervision.slots.policy import days_of
from supervision.slots.states import Repeat
from supervision.supervisors.states import AT_SESSIONS, Setting, settings_of


class WhenForm(forms.Form):
    """When a gathering is, and the number under which it is sent once."""

    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=32_000)
    day = day_field(_("Day"))
    start = clock_field(_("From"))
    end = clock_field(_("To"))

    def clean_key(self) -> uuid.UUID:
        return key_of(self.cleaned_data["key"])

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
        return span_of(data["day"], data["start"], data["end"], zone)


class PlanForm(WhenForm):
    """The next gathering: when, where, about what."""

    leader = forms.ChoiceField(
        label=_("Who leads it"), help_text=_("The members lead in turn; the next one is chosen already.")
    )
    setting = forms.ChoiceField(
        label=_("Setting"),
        choices=settings_of(AT_SESSIONS),
        initial=Setting.ON_SITE,
        widget=forms.RadioSelect,
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
    repeat = forms.ChoiceField(
        label=pgettext_lazy("meeting", "Repeat"),
        choices=Repeat.choices,
        initial=Repeat.ONCE.value,
        required=False,
        help_text=_("In a peer circle the members then lead in turn."),
    )
    until = forms.DateField(
        label=_("Repeat until"),
        widget=DayInput(),
        input_formats=["%Y-%m-%d", "%Y/%m/%d"],
        required=False,
        error_messages={"invalid": _("There is no such day. Write it like 2026-03-14.")},
    )
    skip_holidays = forms.BooleanField(label=_("Leave out public holidays"), required=False, initial=True)
    following = forms.BooleanField(label=_("Also for all later ones of this series"), required=False)

    def __init__(
        self, *args: Any, leaders: Iterable[Person], changes: Gathering | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.days: tuple[datetime.date, ...] = ()
        dropped = ("repeat", "until", "skip_holidays") if changes else ("following",)
        for name in dropped if changes is None or changes.series else (*dropped, "following"):
            del self.fields[name]
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
            for problem in problems_of_plan(*found, now=timezone.now()):
                if problem.field not in self.errors:
                    self.add_error(problem.field, PROBLEM_WORDS[problem.code])
            self._repeat(data)
        return data

    def _repeat(self, data: dict[str, Any]) -> None:
        """The days of the series, without the holidays if that is wanted; a single day is left as it is."""
        first, repeat, until = data["day"], data.get("repeat") or Repeat.ONCE, data.get("until")
        self.days = (first,)
        if repeat == Repeat.ONCE:
            return
        if until is None or until < first:
            words = (
                _("Write until when it repeats.") if until is None else _("This lies before the first day.")
            )
            self.add_error("until", words)
            return
        days = days_of(first, repeat, min(until, first + FURTHEST))
        left_out = holidays_on(days) if data.get("skip_holidays") else {}
        self.days = tuple(day for day in days if day not in left_out)
        if not self.days:
            self.add_error("until", _("Only holidays lie in this time. Untick that they are left out."))

    @property
    def spans(self) -> list[tuple[datetime.datetime, datetime.datetime]]:
        """When each gathering of the series is."""
        found = self.span(self.cleaned_data)
        assert found is not None
        apart = [day - self.cleaned_data["day"] for day in self.days]
        return [(found[0] + each, found[1] + each) for each in apart]

    def values(self) -> dict[str, Any]:
        """What the actions take, without the times, the key and the revision."""
        data = self.cleaned_data
        plain = {name: data[name] for name in ("setting", "subject", "place", "link")}
        return {"leader": self.leaders.get(data.get("leader", "")), **plain}
