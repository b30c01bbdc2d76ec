"""The officer's forms for designations and for the norm."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.widgets import AdminDateInput

from core.attachments.forms import AttachmentField, HeldFilesForm
from core.people.models import ServiceField
from core.ui.fields import LineField
from core.ui.forms import DatedRuleForm
from supervision.supervisors.models import Supervisor
from supervision.supervisors.states import Tier


class DesignationForm(HeldFilesForm):
    """A tier, who gave it, for how long, and what it rests on."""

    tier = forms.ChoiceField(label=_("Tier"), choices=Tier.choices)
    issuer = forms.CharField(
        label=pgettext_lazy("designation", "Issued by"),
        max_length=120,
        help_text=_("The authority or association."),
        error_messages={"required": _("Write who gives the tier.")},
    )
    starts_on = forms.DateField(
        label=_("From"), widget=AdminDateInput, error_messages={"required": _("Write the day.")}
    )
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
        document = self.given("document")
        return {name: self.cleaned_data[name] for name in names} | {"document": document}


class NormForm(DatedRuleForm):
    """The local norm of a place that the officer administers."""

    workers = forms.IntegerField(label=_("Social workers for one supervisor"), min_value=1, max_value=999)


class EndDesignationForm(forms.Form):
    ends_on = forms.DateField(
        label=_("Last day"), widget=AdminDateInput, error_messages={"required": _("Write the day.")}
    )


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
        empty_label=_("Choose one"),
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
