"""Designations, norms, and the reason of whoever returns or refuses something."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.widgets import AdminDateInput

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.attachments.forms import AttachmentField, HeldFilesForm
from core.organisations.forms import offer_organisations
from core.organisations.models import Organisation
from core.ui.fields import LineField
from supervision.supervisors.states import Tier


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
