"""The officer's forms for classes. Nothing is decided here: they ask the policy, and say its answers at the fields."""

from __future__ import annotations

import datetime
import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker
from core.people.forms import ClockInput, DayInput
from core.people.models import Person
from core.ui.fields import LineField
from lms.cohorts.models import Cohort
from lms.cohorts.queries import words
from lms.timetable.models import ClassSession
from lms.timetable.policy import MOST_IN_SERIES, Draft, problems_of
from lms.timetable.queries import instructors_for
from lms.timetable.states import Mode

PEOPLE_SHOWN = 20
MOST_SKIPPED = 40


def _clock(label: Any) -> forms.TimeField:
    wrong = {"required": _("Write the time."), "invalid": _("Write the time like 14:30.")}
    return forms.TimeField(
        label=label, widget=ClockInput(), input_formats=["%H:%M", "%H:%M:%S"], error_messages=wrong
    )


class AcceptForm(forms.Form):
    """The tick "save anyway": what it carries is the name of the warnings that were shown beside it."""

    accepted = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)


class PersonChoiceField(forms.ModelChoiceField):
    """People with their employers: names alone are not enough to tell them apart."""

    def label_from_instance(self, obj: Person) -> str:
        return f"{obj.name} · {obj.employer}" if obj.employer else obj.name


class ClassForm(AcceptForm):
    """One class: what, when (in Shanghai's time), how, where and by whom."""

    title = LineField(label=_("What the class is about"), max_length=120)
    title_en = LineField(label=_("English title"), max_length=120, required=False)
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
        label=_("How it is held"), choices=Mode.choices, initial=Mode.ON_SITE, widget=forms.RadioSelect
    )
    place = LineField(
        label=_("Place"), help_text=_("The building and its address."), max_length=120, required=False
    )
    room = LineField(label=_("Room"), max_length=60, required=False)
    link = forms.URLField(
        label=_("Meeting link"),
        help_text=_("Only those who are enrolled, the instructor and the desk see it."),
        max_length=500,
        required=False,
        assume_scheme="https",
        validators=[URLValidator(schemes=["https"], message=_("The link must begin with https://."))],
    )
    instructor = PersonChoiceField(
        label=_("Instructor"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=_("not known yet"),
        error_messages={"invalid_choice": _("This person cannot be chosen here.")},
    )
    search = forms.CharField(
        label=_("Somebody else teaches"),
        help_text=_(
            "Write a name, or pinyin, of a person in your organisations, and save: then choose above."
        ),
        max_length=60,
        required=False,
    )
    is_required = forms.BooleanField(label=_("Counts towards attendance"), required=False, initial=True)
    sequence = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, cohort: Cohort, user: Asker, session: ClassSession | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.within = Person.objects.visible_to(user).filter(user__is_active=True)
        self.found = self._named_by_search()
        known = [session.instructor_id] if session and session.instructor_id else []
        known += [person.pk for person in self.found] + self._chosen_before()
        choice = self.fields["instructor"]
        assert isinstance(choice, forms.ModelChoiceField)
        rows = Person.objects.filter(Q(pk__in=instructors_for(cohort).values("pk")) | Q(pk__in=known))
        choice.queryset = rows.order_by("pinyin", "pk").select_related("employer")
        self.draft: Draft | None = None

    def _named_by_search(self) -> list[Person]:
        searched = self.data.get("search", "").replace("\0", "").strip()[:60] if self.is_bound else ""
        return list(self.within.named(searched).order_by("pinyin", "pk")[:PEOPLE_SHOWN]) if searched else []

    def _chosen_before(self) -> list[int]:
        """Whoever was found by a former search can still be chosen, if they are within the officer's organisations."""
        chosen = self.data.get("instructor", "") if self.is_bound else ""
        if not chosen.isdecimal() or len(chosen) > 18:
            return []
        return list(self.within.filter(pk=int(chosen)).values_list("pk", flat=True))

    @classmethod
    def initial_of(cls, session: ClassSession) -> dict[str, Any]:
        """What the form shows of a class that is there."""
        starts_at, ends_at = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
        same = ("title", "title_en", "mode", "place", "room", "link", "instructor", "is_required", "sequence")
        return {name: getattr(session, name) for name in same} | {
            "day": starts_at.date(),
            "start": starts_at.time(),
            "end": ends_at.time(),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self._clean_search(data)
        if {"day", "start", "end", "mode"} <= data.keys():
            self._ask_policy(data)
        return data

    def _clean_search(self, data: dict[str, Any]) -> None:
        """A name that one person has is that person; of several one is chosen in the list."""
        if not data.get("search") or data.get("instructor") in self.found:
            return
        if len(self.found) == 1:
            data["instructor"] = self.found[0]
        elif self.found:
            self.add_error("instructor", _("Several people have this name. Choose one of them here."))
        else:
            self.add_error("search", _("Nobody in your organisations is called so."))

    def _ask_policy(self, data: dict[str, Any]) -> None:
        zone = timezone.get_current_timezone()
        starts_at, ends_at = (
            datetime.datetime.combine(data["day"], data[name], zone) for name in ("start", "end")
        )
        texts = {
            name: (data.get(name) or "").strip() for name in ("title", "title_en", "place", "room", "link")
        }
        instructor = data.get("instructor")
        draft = Draft(
            starts_at=starts_at,
            ends_at=ends_at,
            mode=data["mode"],
            instructor_id=instructor.pk if instructor else None,
            is_required=bool(data.get("is_required")),
            **texts,
        )
        for problem in problems_of(draft, today=timezone.localdate()):
            if problem.field not in self.errors:
                self.add_error(problem.field, words(problem.sentence))
        self.draft = draft


class RepeatForm(AcceptForm):
    """The same class every week, so many times more."""

    times = forms.IntegerField(
        label=_("How many times more"),
        min_value=1,
        max_value=MOST_IN_SERIES,
        initial=4,
        help_text=_("One class a week, on the same weekday and at the same time."),
    )
    skipped = forms.CharField(
        label=_("Days left out"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "Holidays, such as 2026-10-01; several with a space between. They are made up for at the end."
        ),
    )

    def clean_skipped(self) -> tuple[datetime.date, ...]:
        found = []
        for text in re.split(r"[\s,，、;；]+", self.cleaned_data["skipped"].strip())[:MOST_SKIPPED]:
            if not text:
                continue
            try:
                found.append(datetime.date.fromisoformat(text.replace("/", "-")))
            except ValueError:
                wrong = gettext("“%(text)s” is no day. Write it like 2026-10-01.") % {"text": text[:20]}
                raise ValidationError(wrong)
        return tuple(found)


class CancelClassForm(forms.Form):
    reason = forms.CharField(
        label=_("Why does it not take place?"),
        help_text=_("The trainees and the instructor read this sentence."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write why the class is cancelled: the trainees will read it.")},
    )
