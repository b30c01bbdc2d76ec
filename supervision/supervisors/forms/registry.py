"""The forms of the registry, for the officer and for the supervisor's own entry."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from core.access.scope import scope_of
from core.access.states import Role
from core.organisations.forms import offer_organisations
from core.organisations.models import Organisation
from core.organisations.models import Tier as Level
from core.people.fields import WordsField
from core.people.models import Person, ServiceField
from supervision.supervisors.actions import Offer
from supervision.supervisors.forms.choosing import ScopedChooser, choose_from
from supervision.supervisors.models import Supervisor
from supervision.supervisors.queries import next_code
from supervision.supervisors.states import MOST_PLACES, Form

MOST_MINUTES = 10_000  # a full month of work
WORDS = {"populations": WordsField, "languages": WordsField}
REGIONS = (Level.PROVINCE, Level.CITY, Level.COUNTY)


def regions_for(user: Any, supervisor: Supervisor) -> models.QuerySet[Organisation]:
    """The regions an officer may name: provinces, cities and districts of the same province, and those named already."""
    scope = scope_of(user)
    rows = Organisation.objects.active().filter(tier__in=REGIONS)
    if not scope.everything:
        near = models.Q(pk__in=())
        for path in scope.paths(Role.ADMINISTRATOR):
            near |= models.Q(path__startswith=path[: Organisation.steplen])
        rows = rows.filter(near)
    if supervisor.pk:
        rows = rows | Organisation.objects.filter(pk__in=supervisor.regions.order_by().values("pk"))
    return rows


def forms_offered() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("forms offered"), choices=Form.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class OfferForm(forms.BaseForm):
    """What the officer's form and the supervisor's own ask alike."""

    cleaned_data: dict[str, Any]
    OFFER = ("profile", "populations", "languages", "forms", "monthly_minutes", "availability")

    def clean_monthly_minutes(self) -> int | None:
        minutes: int | None = self.cleaned_data["monthly_minutes"]
        if minutes is not None and minutes > MOST_MINUTES:
            raise ValidationError(_("At most %(most)s minutes in a month."), params={"most": MOST_MINUTES})
        return minutes

    def entry(self) -> dict[str, Any]:
        """What was typed, as the actions take it: the offer apart from what the registry itself decides."""
        data = dict(self.cleaned_data)
        offer = {name: data.pop(name) for name in self.OFFER}
        return data | {"offer": Offer(**offer | {"forms": tuple(offer["forms"])})}


class ChangeSupervisorForm(OfferForm, WagtailAdminModelForm):
    """What may change about a supervisor. The person, the number and the organisation stay."""

    forms = forms_offered()

    class Meta:
        model = Supervisor
        fields: tuple[str, ...] = (
            "capacity",
            "limit",
            "is_active",
            "fields",
            "regions",
            "populations",
            "languages",
            "forms",
            "monthly_minutes",
            "availability",
            "profile",
        )
        field_classes = WORDS
        widgets = {
            "fields": forms.CheckboxSelectMultiple,
            "regions": forms.SelectMultiple(attrs={"size": 8}),
            "profile": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["is_active"].help_text = _(
            "Take it away, and only an administrator can let this supervisor take new mentees again."
        )
        known = self.fields["fields"]
        assert isinstance(known, forms.ModelMultipleChoiceField)
        known.queryset = ServiceField.objects.filter(is_active=True)
        offer_organisations(self.fields["regions"], regions_for(self.for_user, self.instance))

    def clean_limit(self) -> int | None:
        limit: int | None = self.cleaned_data["limit"]
        if limit is not None and limit > MOST_PLACES:
            raise ValidationError(_("Nobody supervises more than a hundred people at the same time."))
        return limit

    def clean_capacity(self) -> int:
        capacity: int = self.cleaned_data["capacity"]
        if capacity < self.instance.load:
            words = _(
                "%(load)s mentees are with this supervisor now: there cannot be fewer places. End a pairing first."
            )
            raise ValidationError(words, params={"load": self.instance.load})
        if capacity > MOST_PLACES:
            raise ValidationError(_("Nobody supervises more than a hundred people at the same time."))
        return capacity


class CreateSupervisorForm(ChangeSupervisorForm):
    """A new supervisor: somebody of one's own tree."""

    person = forms.ModelChoiceField(
        label=_("Person"),
        queryset=Person.objects.none(),
        widget=ScopedChooser(Person, "supervision_people"),
        help_text=_("Somebody with an account, employed in your tree."),
        error_messages={"invalid_choice": _("Choose somebody who is employed in your tree.")},
    )

    class Meta(ChangeSupervisorForm.Meta):
        fields = ("person", "code", "organisation", *ChangeSupervisorForm.Meta.fields)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scope = scope_of(self.for_user)
        choose_from(self, "person", Person.objects.filter(scope.q("employer", Role.ADMINISTRATOR)))
        mine = Organisation.objects.active().filter(scope.q("", Role.ADMINISTRATOR))
        offer_organisations(self.fields["organisation"], mine)
        if not self.is_bound:
            first = mine.order_by("path").first()
            self.initial.setdefault("code", next_code(first.path if first else ""))

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).strip().upper()

    def clean_person(self) -> Person:
        person: Person = self.cleaned_data["person"]
        if Supervisor.objects.filter(pk=person.pk).exists():
            raise ValidationError(_("%(name)s is in the registry already."), params={"name": person.name})
        if person.user_id == self.for_user.pk:
            raise ValidationError(_("Nobody enters themselves into the registry. Ask another administrator."))
        return person


class OwnEntryForm(OfferForm, forms.ModelForm):
    """A supervisor's own entry. The places are asked only where an officer has set how many there may be, and whether
    new mentees are taken only where no officer has closed the entry."""

    forms = forms_offered()

    class Meta:
        model = Supervisor
        fields = (
            "is_active",
            "capacity",
            "monthly_minutes",
            "availability",
            "forms",
            "populations",
            "languages",
            "profile",
        )
        field_classes = WORDS
        widgets = {"profile": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.is_closed:
            del self.fields["is_active"]
        if self.instance.limit is None:
            del self.fields["capacity"]
        else:
            values = {"load": self.instance.load, "limit": self.instance.limit}
            words = _("Between %(load)s, the mentees of now, and %(limit)s, the most that are allowed.")
            self.fields["capacity"].help_text = words % values

    def clean_capacity(self) -> int:
        capacity: int = self.cleaned_data["capacity"]
        limit, load = self.instance.limit, self.instance.load
        if not load <= capacity <= limit:
            words = _("Between %(load)s, the mentees of now, and %(limit)s, the most that are allowed.")
            raise ValidationError(words, params={"load": load, "limit": limit})
        return capacity
