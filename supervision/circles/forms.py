"""The forms of circles. Nothing is decided here: they ask the policy, and say its answers at the fields."""

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
from wagtail.admin.forms import WagtailAdminModelForm

from core.access.scope import scope_of
from core.access.states import Role
from core.organisations.forms import offer_organisations
from core.organisations.models import Organisation
from core.people.forms import ClockInput, DayInput
from core.people.models import Person, ServiceField
from core.ui.fields import LineField
from supervision.circles.actions import FAULT_WORDS
from supervision.circles.models import MOST_MEMBERS, Circle, Gathering, Participation
from supervision.circles.policy import GatheringFacts, Shared, faults_of_plan, faults_of_span
from supervision.circles.states import Admission, Kind
from supervision.functions.queries import choices_with, not_in_force, wrong_words
from supervision.functions.states import Function
from supervision.pairings.states import Frequency
from supervision.sessions.forms import BY_CODE, chosen_of, parsed_day, say_telling
from supervision.sessions.policy import telling
from supervision.sessions.states import Mode
from supervision.supervisors.forms import ScopedChooser, choose_from
from supervision.supervisors.models import Supervisor
from supervision.supervisors.states import AT_SESSIONS, Setting, settings_of

TEXTS = ("topics", "agreements", "follow_up")


def _text(
    label: Any, help_text: Any = "", rows: int = 3, most: int = 2000, **options: Any
) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, max_length=most, widget=widget, **options)


def _clock(label: Any) -> forms.TimeField:
    words = {"required": _("Write the time."), "invalid": _("Write the time like 14:30.")}
    return forms.TimeField(
        label=label, widget=ClockInput(), input_formats=["%H:%M", "%H:%M:%S"], error_messages=words
    )


def _minutes(label: Any, **options: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "min": 1, "max": 480})
    return forms.IntegerField(label=label, min_value=1, max_value=480, widget=widget, **options)


class CircleForm(forms.Form):
    """What a circle is: for what, for how many, and how one joins."""

    name = LineField(
        label=_("Name"),
        max_length=80,
        help_text=_("Such as: Casework group of the eastern district."),
        error_messages={"required": _("Give the circle a name.")},
    )
    purpose = _text(
        pgettext_lazy("circle", "Purpose"),
        _("What it is for and for whom. Everybody who may join reads it; no names of service users."),
        most=1000,
        error_messages={"required": _("Write what the circle is for.")},
    )
    admission = forms.ChoiceField(
        label=_("How one joins"),
        choices=Admission.choices,
        initial=Admission.REQUEST,
        widget=forms.RadioSelect,
    )
    capacity = forms.IntegerField(
        label=pgettext_lazy("supervisor", "Places"),
        min_value=2,
        max_value=MOST_MEMBERS,
        initial=8,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text=_("How many members at most."),
    )
    every_days = forms.TypedChoiceField(
        label=_("How often"), choices=Frequency.choices, coerce=int, initial=Frequency.FORTNIGHTLY
    )
    fields_known = forms.ModelMultipleChoiceField(
        label=_("Service fields"),
        queryset=ServiceField.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self.fields["fields_known"]
        assert isinstance(known, forms.ModelMultipleChoiceField)
        known.queryset = ServiceField.objects.filter(is_active=True)

    def clean_purpose(self) -> str:
        text: str = self.cleaned_data["purpose"]
        if what := telling(text):
            raise ValidationError(BY_CODE[what])
        return text

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        data = dict(self.cleaned_data)
        fields = data.pop("fields_known")
        return {**data, "fields": fields}


class NewCircleForm(CircleForm):
    """A circle that one makes to lead it: a supervisor any kind, others a peer circle."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices, widget=forms.RadioSelect)
    field_order = ["kind", "name", "purpose", "admission", "capacity", "every_days", "fields_known"]

    def __init__(self, *args: Any, is_supervisor: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = self.fields["kind"]
        assert isinstance(kinds, forms.ChoiceField)
        if not is_supervisor:
            kinds.choices = [(Kind.PEER.value, Kind.PEER.label)]
            kinds.help_text = _("Groups and open classes are led by supervisors of the registry.")
        kinds.initial = Kind.GROUP if is_supervisor else Kind.PEER


def circle_values(circle: Circle) -> dict[str, Any]:
    """What the form holds when a circle is changed."""
    names = ("name", "purpose", "admission", "capacity", "every_days")
    return {name: getattr(circle, name) for name in names} | {"fields_known": circle.fields.all()}


class DeskCircleForm(WagtailAdminModelForm):
    """A circle that an officer makes: of an organisation of their tree, led by a supervisor or, among peers, a member."""

    supervisor = forms.ModelChoiceField(
        label=_("Supervisor"),
        queryset=Supervisor.objects.none(),
        required=False,
        widget=ScopedChooser(Supervisor, "supervision_supervisors"),
        help_text=_("Who leads a group or an open class. From anywhere in your province."),
        error_messages={"invalid_choice": _("Choose a supervisor of your province who is active.")},
    )
    facilitator = forms.ModelChoiceField(
        label=_("First leader of a peer circle"),
        queryset=Person.objects.none(),
        required=False,
        widget=ScopedChooser(Person, "supervision_people"),
        help_text=_(
            "A member who begins; later the members lead in turn. Somebody who is employed in your tree."
        ),
        error_messages={"invalid_choice": _("Choose somebody who is employed in your tree.")},
    )

    class Meta:
        model = Circle
        fields = (
            "kind",
            "name",
            "organisation",
            "purpose",
            "admission",
            "capacity",
            "every_days",
            "fields",
        )
        widgets = {"purpose": forms.Textarea(attrs={"rows": 3}), "fields": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = scope_of(self.for_user)
        places = Organisation.objects.active().filter(mine.q("", Role.ADMINISTRATOR))
        offer_organisations(self.fields["organisation"], places)
        choose_from(
            self,
            "supervisor",
            Supervisor.objects.active().in_reach_of(self.for_user).select_related("person__user"),
        )
        people = Person.objects.filter(mine.q("employer", Role.ADMINISTRATOR)).select_related(
            "employer", "user"
        )
        choose_from(self, "facilitator", people)
        fields = self.fields["fields"]
        assert isinstance(fields, forms.ModelMultipleChoiceField)
        fields.queryset = ServiceField.objects.filter(is_active=True)
        self.order_fields(["kind", "name", "organisation", "supervisor", "facilitator"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        wanted, other = (
            ("facilitator", "supervisor") if data.get("kind") == Kind.PEER else ("supervisor", "facilitator")
        )
        if data.get("kind") and not data.get(wanted) and wanted not in self.errors:
            self.add_error(wanted, ValidationError(_("Choose who leads the circle.")))
        if data.get(wanted) and data.get(other):
            self.add_error(
                other, ValidationError(_("Leave this empty: a circle of this kind is led otherwise."))
            )
        say_telling(self, data, ("purpose",))
        return data

    def _post_clean(self) -> None:
        """The action builds the row and says what is wrong; the form's own instance is not used."""

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        data = dict(self.cleaned_data)
        supervisor, facilitator = data.pop("supervisor"), data.pop("facilitator")
        return {**data, "leader": facilitator or supervisor.person}


class FindCircleForm(forms.Form):
    """What a trainee looks for; everything may stay empty."""

    name = forms.CharField(label=_("Name of the circle or its leader"), required=False, max_length=60)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *Kind.choices])

    def wishes(self) -> dict[str, str]:
        """What was asked for in a way that can be understood; the rest is left out."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "").strip() for name in self.fields}


class InviteForm(forms.Form):
    """Whom to invite, of the people who are shown."""

    people = forms.MultipleChoiceField(
        label=_("Invite"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick whom you invite.")},
    )

    def __init__(self, *args: Any, candidates: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(each.pk): each for each in candidates}
        people = self.fields["people"]
        assert isinstance(people, forms.MultipleChoiceField)
        people.choices = [
            (key, f"{each.name} · {each.employer}" if each.employer else each.name)
            for key, each in self.known.items()
        ]

    @property
    def chosen(self) -> list[Person]:
        return [self.known[key] for key in self.cleaned_data["people"]]


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
    start = _clock(_("From"))
    end = _clock(_("To"))

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
        label=_("Setting"),
        choices=settings_of(AT_SESSIONS),
        initial=Setting.ON_SITE,
        widget=forms.RadioSelect,
    )
    functions = forms.MultipleChoiceField(
        label=_("Functions"),
        choices=Function.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("All that the gathering served."),
        error_messages={"required": FAULT_WORDS["no_function"]},
    )
    topics = _text(
        _("What was discussed"),
        _("A few sentences. Cases by code only, no names."),
        error_messages={"required": _("Write in a sentence what the gathering was about.")},
    )
    agreements = _text(pgettext_lazy("gathering", "What was agreed"), required=False, rows=2)
    follow_up = _text(_("What comes next"), _("Who does what until when."), rows=2, required=False)
    note = _text(_("My working note"), _("Only you can read it; nobody else does."), rows=2, required=False)

    def __init__(
        self, *args: Any, people: Iterable[Person], circle: Circle, amends: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.place = circle.place
        self._offer_functions()
        self.people = list(people)
        self.facts: GatheringFacts | None = None
        for person in self.people:
            self.fields[f"came_{person.pk}"] = forms.BooleanField(label=person.name, required=False)
            label = _("Minutes of %(name)s") % {"name": person.name}
            self.fields[f"minutes_{person.pk}"] = _minutes(label, required=False)
        if amends:
            del self.fields["note"]

    def _offer_functions(self) -> None:
        """The three, and those of the circle's place; what stands in the form already stays in it."""
        day = parsed_day(self.data.get("day") or self.initial.get("day"))
        named = chosen_of(self, "functions")
        functions = self.fields["functions"]
        assert isinstance(functions, forms.MultipleChoiceField)
        today = timezone.localdate()
        functions.choices = choices_with(self.place, day or today, today, named)

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
        wrong = not_in_force(self.facts.functions, self.place, data["day"])
        if wrong:
            self.add_error("functions", wrong_words(wrong, data["day"]))
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


class RevisionForm(forms.Form):
    """Which version of the record its reader has read."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=32_000)


class DisputeForm(RevisionForm):
    reason = _text(
        _("What is not right?"),
        _("Whoever led the gathering reads this; nobody else does."),
        error_messages={"required": _("Write what is not right, so that it can be corrected.")},
    )


class CorrectForm(RevisionForm):
    """The minutes of one participant, and an answer."""

    minutes = _minutes(_("Minutes"), error_messages={"required": _("Write the minutes.")})
    answer = _text(
        _("Answer to the participant"), _("What you corrected, or why it stays."), rows=2, required=False
    )


class RemoveForm(RevisionForm):
    reason = _text(
        _("Why is it taken back?"),
        _("The participant reads this; nobody else does."),
        rows=2,
        error_messages={"required": _("Write why: the participant will read it.")},
    )


class AddForm(forms.Form):
    """A member who was forgotten in the record."""

    person = forms.ChoiceField(label=_("Member"))
    minutes = _minutes(_("Minutes"), error_messages={"required": _("Write the minutes.")})

    def __init__(self, *args: Any, people: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(each.pk): each for each in people}
        person = self.fields["person"]
        assert isinstance(person, forms.ChoiceField)
        person.choices = [(key, each.name) for key, each in self.known.items()]

    @property
    def chosen(self) -> Person:
        return self.known[self.cleaned_data["person"]]


class HandOverForm(AddForm):
    """Which member leads the peer circle from now on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["minutes"]


class CloseForm(forms.Form):
    reason = forms.CharField(
        label=_("Why does it end?"),
        help_text=_("The members read this sentence."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write the reason: the members will read it.")},
    )


class NoteForm(forms.Form):
    text = _text(
        _("My working note"), _("Only you can read it. Leave it empty to delete it."), required=False
    )
