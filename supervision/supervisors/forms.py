"""The officer's forms for the registry, and the chooser that every form of supervision uses."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput, BaseChooser

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.attachments.forms import AttachmentField, HeldFilesForm
from core.organisations.forms import offer_organisations
from core.organisations.models import Organisation
from core.organisations.models import Tier as Level
from core.people.fields import WordsField
from core.people.models import Person, ServiceField
from core.ui.fields import LineField
from supervision.supervisors.actions import Offer
from supervision.supervisors.models import Supervisor
from supervision.supervisors.queries import next_code
from supervision.supervisors.states import Form, Tier

MOST_PLACES = 100
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


class ScopedChooser(BaseChooser):
    """Chooses from a searchable window instead of a list of thousands; it never names a row outside `rows`."""

    show_edit_link = False
    icon = "user"

    def __init__(self, model: type[models.Model], chooser: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.model = model
        self.chooser_modal_url_name = f"{chooser}:choose"
        self.rows: models.QuerySet[Any] = model._default_manager.none()

    def get_instance(self, value: Any) -> models.Model | None:
        if value is None or isinstance(value, self.model):
            return value
        try:
            return self.rows.filter(pk=value).first()
        except (TypeError, ValueError):
            return None


def choose_from(form: forms.BaseForm, name: str, rows: models.QuerySet[Any]) -> None:
    """Let a chooser field of the form accept, and show, only these rows."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = field.widget.rows = rows


def supervisor_field(label: Any = "", help_text: Any = "") -> forms.ModelChoiceField:
    """Chooses a supervisor; which ones, `choose_from` says."""
    return forms.ModelChoiceField(
        label=label or _("Supervisor"),
        queryset=Supervisor.objects.none(),
        widget=ScopedChooser(Supervisor, "supervision_supervisors"),
        help_text=help_text,
        error_messages={
            "invalid_choice": _("This supervisor takes no new mentees, or serves other regions than yours.")
        },
    )


def mentee_field(help_text: Any = "") -> forms.ModelChoiceField:
    """Chooses a mentee; which ones, `choose_from` says."""
    return forms.ModelChoiceField(
        label=_("Mentee"),
        queryset=Person.objects.none(),
        widget=ScopedChooser(Person, "supervision_people"),
        help_text=help_text,
        error_messages={"invalid_choice": _("Choose somebody who is employed in your tree.")},
    )


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
            self.initial.setdefault("code", next_code())

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
    """A supervisor's own entry. The places are asked only where an officer has set how many there may be."""

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


class DesignationForm(HeldFilesForm):
    """A tier, who gave it, for how long, and what it rests on."""

    tier = forms.ChoiceField(label=_("Tier"), choices=Tier.choices)
    issuer = forms.CharField(
        label=pgettext_lazy("designation", "Issued by"),
        max_length=120,
        help_text=_("The authority or association."),
    )
    starts_on = forms.DateField(label=_("From"), widget=AdminDateInput)
    ends_on = forms.DateField(
        label=_("Until"), widget=AdminDateInput, required=False, help_text=_("Empty: open-ended.")
    )
    basis = forms.CharField(
        label=pgettext_lazy("designation", "Rests on"),
        max_length=300,
        required=False,
        help_text=_("The qualifications and training on which it rests."),
    )
    document = AttachmentField(
        label=_("Document"),
        required=False,
        help_text=_("The letter of appointment or a copy: PDF, picture or office file, up to 10 MB."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day must not be before the first."))
        return data

    def facts(self) -> dict[str, Any]:
        """What was typed, with the file of this try or of an earlier one, as `designate` takes it."""
        names = ("tier", "issuer", "starts_on", "ends_on", "basis")
        document = self.cleaned_data["document"] or self.held("document")
        return {name: self.cleaned_data[name] for name in names} | {"document": document}


class NormForm(forms.Form):
    """The local norm of a place that the officer administers."""

    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none())
    workers = forms.IntegerField(label=_("Social workers for one supervisor"), min_value=1, max_value=999)
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


class EndDesignationForm(forms.Form):
    ends_on = forms.DateField(label=_("Last day"), widget=AdminDateInput)


class ReasonForm(forms.Form):
    """Why something that was handed in is returned or refused. Whoever handed it in reads it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the reason: the person will read it.")},
    )


class SpecialityForm(forms.Form):
    """A speciality under one of the supervisor's own fields."""

    field = forms.ModelChoiceField(
        label=_("Service field"),
        queryset=ServiceField.objects.none(),
        error_messages={"required": _("Choose the field.")},
    )
    name = LineField(
        label=_("Speciality"),
        max_length=30,
        help_text=_("In a few words, such as: grief counselling."),
        error_messages={"required": _("Write the speciality.")},
    )

    def __init__(self, *args: Any, supervisor: Supervisor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["field"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = supervisor.fields.all()
