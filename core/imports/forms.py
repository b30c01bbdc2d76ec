"""Sending a table."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.organisations.forms import offer_organisations
from core.organisations.models import Organisation

MAX_BYTES = 20 * 1024 * 1024
ENDINGS = (".xlsx", ".csv")


class UploadForm(forms.Form):
    """The file, and whether one wrong row keeps the others out."""

    file = forms.FileField(
        label=_("Table"),
        help_text=_(
            "XLSX or CSV, at most 20 MB and 50,000 rows. Nothing is taken over before you have seen what is in it."
        ),
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
        allow_empty_file=True,
    )
    all_or_none = forms.TypedChoiceField(
        label=_("If some rows are wrong"),
        choices=[("rest", _("Take the right ones over")), ("none", _("Take none over until all are right"))],
        initial="rest",
        widget=forms.RadioSelect,
        coerce=lambda value: value == "none",
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if PurePath(file.name or "").suffix.lower() not in ENDINGS:
            raise ValidationError(_("Send the table as .xlsx or .csv."))
        if not file.size:
            raise ValidationError(_("This file is empty. Choose it again."))
        if file.size > MAX_BYTES:
            raise ValidationError(_("This file is larger than 20 MB. Divide it."))
        return file


class PeopleUploadForm(UploadForm):
    """Besides: where the people work whose row names no organisation."""

    organisation = forms.ModelChoiceField(
        label=_("Employer"),
        help_text=_("Of everybody whose row names none. Employers in the table must lie below it."),
        queryset=Organisation.objects.none(),
    )
    field_order = ["organisation", "file", "all_or_none"]

    def __init__(self, *args: Any, user: Asker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisation"]
        assert isinstance(field, forms.ModelChoiceField)
        mine = scope_of(user).q("", Role.ADMINISTRATOR)
        rows = Organisation.objects.active().filter(mine)
        offer_organisations(field, rows)
        field.initial = rows.order_by("depth", "path").first()
