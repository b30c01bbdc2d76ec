"""What a circle is, who belongs to it, and finding one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from core.access.scope import scope_of
from core.access.states import Role
from core.organisations.forms import offer_organisations
from core.organisations.models import Organisation
from core.people.models import Person, ServiceField
from core.ui.fields import LineField
from supervision.circles.forms.answering import AddForm
from supervision.circles.forms.fields import text_field
from supervision.circles.models import MOST_MEMBERS, Circle
from supervision.circles.states import Admission, Kind
from supervision.pairings.states import Frequency
from supervision.sessions.forms import BY_CODE, say_telling
from supervision.sessions.policy import telling
from supervision.supervisors.forms import ScopedChooser, choose_from
from supervision.supervisors.models import Supervisor


class CircleForm(forms.Form):
    """What a circle is: for what, for how many, and how one joins."""

    name = LineField(
        label=pgettext_lazy("circle", "Name"),
        max_length=80,
        help_text=_("Such as: Casework group of the eastern district."),
        error_messages={"required": _("Give the circle a name.")},
    )
    purpose = text_field(
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
