"""The forms of slots and meetings. Nothing is decided here: they ask the policy, and say its answers at the fields."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core.calendars.queries import holidays_on
from core.people.forms import ClockInput, DayInput
from core.ui.fields import LineField
from core.ui.lists import listed
from supervision.pairings.models import Pairing
from supervision.slots.actions import PROBLEM_WORDS
from supervision.slots.models import Meeting
from supervision.slots.policy import FURTHEST, MOST_IN_SERIES, Plan, days_of, problems_of
from supervision.slots.queries import active_pairings
from supervision.slots.states import Repeat
from supervision.supervisors.models import Supervisor
from supervision.supervisors.states import AT_MEETINGS, Setting, settings_of

LENGTHS = (30, 45, 60, 90, 120, 150, 180, 240)
USUAL_MINUTES = 60


def _minutes(count: int) -> str:
    return gettext("%(count)s minutes") % {"count": count}


minutes_words = lazy(_minutes, str)


def _day(label: Any, **options: Any) -> forms.DateField:
    words = {
        "required": _("Write the day."),
        "invalid": _("There is no such day. Write it like 2026-03-14."),
    }
    return forms.DateField(
        label=label,
        widget=DayInput(),
        input_formats=["%Y-%m-%d", "%Y/%m/%d"],
        error_messages=words,
        **options,
    )


def _text(label: Any, help_text: Any, required: Any = "") -> forms.CharField:
    """A sentence to the other side; `required` is what is said when it is missing."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=500,
        required=bool(required),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": required},
    )


class LinkField(forms.URLField):
    """A whole https address; one sentence says what is wrong with any other."""

    default_validators = [URLValidator(schemes=["https"], message=PROBLEM_WORDS["not_https"])]


class WhereForm(forms.Form):
    """How and where the two meet."""

    setting = forms.ChoiceField(
        label=_("How do you meet?"),
        choices=settings_of(AT_MEETINGS),
        initial=Setting.ON_SITE.value,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose on site or online.")},
    )
    place = LineField(
        label=_("Place or platform"),
        help_text=_("The room with its address, or the platform."),
        max_length=120,
        required=False,
    )
    link = LinkField(
        label=_("Meeting link"),
        help_text=_("For an online meeting. It begins with https://, and only the two of you see it."),
        max_length=500,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": PROBLEM_WORDS["not_https"]},
    )

    def clean(self) -> dict[str, Any]:
        """Who meets on site has no link: the one of the last meeting, filled in beforehand, would mislead."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("setting") == Setting.ON_SITE and data.get("link"):
            data["link"] = ""
        return data


class PlaceForm(WhereForm):
    """Where a planned meeting is held, corrected; the time stays."""

    following = forms.BooleanField(label=_("Also for all later ones of this series"), required=False)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not meeting.series:
            del self.fields["following"]


class PlanForm(WhereForm):
    """A time, once or as a series, in the time of Shanghai. `plans` are what comes of it."""

    day = _day(_("Day"))
    start = forms.TimeField(
        label=_("From"),
        widget=ClockInput(),
        input_formats=["%H:%M", "%H:%M:%S"],
        error_messages={"required": _("Write the time."), "invalid": _("Write the time like 14:30.")},
    )
    minutes = forms.TypedChoiceField(
        label=pgettext_lazy("meeting", "How long"),
        coerce=int,
        choices=[(count, minutes_words(count)) for count in LENGTHS],
        initial=USUAL_MINUTES,
    )
    repeat = forms.ChoiceField(
        label=pgettext_lazy("meeting", "Repeat"),
        choices=Repeat.choices,
        initial=Repeat.ONCE.value,
        help_text=_("Every month means the same weekday, such as the second Tuesday."),
    )
    until = _day(_("Repeat until"), required=False)
    skip_holidays = forms.BooleanField(label=_("Leave out public holidays"), required=False, initial=True)
    accepted = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    field_order = ["day", "start", "minutes", "repeat", "until", "skip_holidays", "setting", "place", "link"]

    def __init__(self, *args: Any, length: int = USUAL_MINUTES, single: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.plans: list[Plan] = []
        self.left_out: dict[datetime.date, str] = {}
        today = timezone.localdate()
        for name in ("day", "until"):
            self.fields[name].widget.attrs |= {
                "min": f"{today:%Y-%m-%d}",
                "max": f"{today + FURTHEST:%Y-%m-%d}",
            }
        if length not in LENGTHS:
            choice = self.fields["minutes"]
            assert isinstance(choice, forms.TypedChoiceField)
            choice.choices = [(count, minutes_words(count)) for count in sorted({*LENGTHS, length})]
        self.fields["minutes"].initial = length
        if single:
            for name in ("repeat", "until", "skip_holidays"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if {"day", "start", "minutes"} <= data.keys():
            self._ask_policy(data)
        return data

    def _ask_policy(self, data: dict[str, Any]) -> None:
        zone = timezone.get_current_timezone()
        try:
            starts_at = datetime.datetime.combine(data["day"], data["start"].replace(second=0), zone)
            ends_at = starts_at + datetime.timedelta(minutes=data["minutes"])
            plan = Plan(
                starts_at,
                ends_at,
                data.get("setting", "") or Setting.ON_SITE.value,
                (data.get("place") or "").strip(),
                data.get("link") or "",
            )
            problems = problems_of(plan, now=timezone.now(), last_day=self._last_day())
        except OverflowError:
            self.add_error("day", PROBLEM_WORDS["too_far"])
            return
        for problem in problems:
            if problem.field not in self.errors:
                self.add_error(problem.field, PROBLEM_WORDS[problem.code])
        if self.errors:
            return
        days = self._days(data)
        if not self.errors:
            self.plans = [plan.on(day) for day in days]

    def _last_day(self) -> datetime.date | None:
        return None

    def _days(self, data: dict[str, Any]) -> list[datetime.date]:
        """The days of the series without the holidays; a single holiday is asked about once."""
        first, repeat, until = data["day"], data.get("repeat") or "once", data.get("until")
        if repeat != Repeat.ONCE and not until:
            self.add_error("until", _("Write until when it repeats."))
            return []
        if repeat != Repeat.ONCE and until < first:
            self.add_error("until", _("The last day must not be before the first."))
            return []
        days = days_of(first, repeat, until)
        last = self._last_day()
        named = holidays_on(days)
        if repeat == Repeat.ONCE or not data.get("skip_holidays"):
            self._warn_of(named, data)
            return [day for day in days if last is None or day <= last]
        self.left_out = named
        left = [day for day in days if day not in named and (last is None or day <= last)]
        if not left:
            self.add_error(
                "day", _("All of these days are holidays. Choose others, or do not leave them out.")
            )
        return left

    def _warn_of(self, named: dict[datetime.date, str], data: dict[str, Any]) -> None:
        """Say once that a day is a holiday; sent again, it is meant."""
        key = "".join(f"{day:%m%d}" for day in named)[:20]
        if not named or data.get("accepted") == key:
            return
        names = listed(dict.fromkeys(named.values()))
        words = gettext("This is a public holiday: %(names)s. If you mean it, send again.")
        self.add_error("day", words % {"names": names})
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["accepted"] = key  # type: ignore[index]


class OfferForm(PlanForm):
    """What a supervisor offers, and to whom."""

    chosen = forms.ModelMultipleChoiceField(
        label=_("For whom?"),
        queryset=Pairing.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nobody ticked means all your mentees. Whoever books first has it."),
        error_messages={"invalid_choice": _("Choose mentees who are paired with you at present.")},
    )
    skip_clashes = forms.BooleanField(
        label=_("Leave out the days on which I already have something"), required=False
    )
    field_order = [*PlanForm.field_order, "chosen", "skip_clashes"]

    def __init__(self, *args: Any, supervisor: Supervisor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = active_pairings(supervisor)
        choice = self.fields["chosen"]
        assert isinstance(choice, forms.ModelMultipleChoiceField)
        choice.queryset = (
            Pairing.objects.filter(pk__in=[row.pk for row in rows])
            .select_related("mentee")
            .order_by("mentee__pinyin", "pk")
        )
        choice.label_from_instance = lambda row: row.mentee.name  # type: ignore[assignment,method-assign]
        self.fields["until"].help_text = _("At most %(most)s slots at once.") % {"most": MOST_IN_SERIES}


class ProposeForm(PlanForm):
    """A time that one proposes to the other."""

    text = _text(
        pgettext_lazy("meeting", "Message"),
        _("The other of you reads it; nobody else does. No names of clients."),
    )

    def __init__(self, *args: Any, pairing: Pairing, needs_text: bool = False, **kwargs: Any) -> None:
        self.pairing = pairing
        super().__init__(*args, **kwargs)
        if needs_text:
            self.fields["text"].required = True
            self.fields["text"].label = _("Why is it to be moved?")
            self.fields["text"].error_messages["required"] = _(
                "Write why it is to be moved: the other reads it."
            )

    def _last_day(self) -> datetime.date | None:
        return self.pairing.ends_on


class BookForm(forms.Form):
    """One slot, or all free ones of its series from it on."""

    following = forms.ChoiceField(
        label=_("How many?"),
        choices=[("", _("Only this one")), ("all", _("This and all later ones that are free"))],
        required=False,
        widget=forms.RadioSelect,
    )
    text = _text(
        _("Message"), _("What you want to talk about, in a sentence. Only your supervisor reads it.")
    )

    def __init__(self, *args: Any, in_series: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not in_series:
            del self.fields["following"]


class ReasonForm(forms.Form):
    reason = _text(
        _("Reason"),
        _("The other of you reads it; nobody else does."),
        _("Write the reason: the other reads it."),
    )


class CancelMeetingForm(ReasonForm):
    """Cancelling a meeting, or it and all later ones of its series."""

    following = forms.ChoiceField(
        label=_("Which ones?"),
        choices=[("", _("Only this one")), ("all", _("This and all later ones of the series"))],
        required=False,
        widget=forms.RadioSelect,
    )
    field_order = ["following", "reason"]

    def __init__(self, *args: Any, in_series: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not in_series:
            del self.fields["following"]
