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

from core.access.scope import scope_of
from core.access.states import Role
from core.organisations.forms import offer_organisations
from core.organisations.models import Organisation
from core.people.models import Person, ServiceField
from supervision.supervisors.models import Supervisor
from supervision.supervisors.queries import next_code
from supervision.supervisors.states import Tier


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


class ChangeSupervisorForm(WagtailAdminModelForm):
    """What may change about a supervisor. The person, the number and the organisation stay."""

    class Meta:
        model = Supervisor
        fields: tuple[str, ...] = ("capacity", "fields", "profile", "is_active")
        widgets = {"fields": forms.CheckboxSelectMultiple, "profile": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fields"].queryset = ServiceField.objects.filter(is_active=True)

    def clean_capacity(self) -> int:
        capacity: int = self.cleaned_data["capacity"]
        if capacity < self.instance.load:
            words = _(
                "%(load)s mentees are with this supervisor now: there cannot be fewer places. End a pairing first."
            )
            raise ValidationError(words, params={"load": self.instance.load})
        if capacity > 100:
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


class DesignationForm(forms.Form):
    """A tier, who gave it, and for how long."""

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

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day must not be before the first."))
        return data


class EndDesignationForm(forms.Form):
    ends_on = forms.DateField(label=_("Last day"), widget=AdminDateInput)
