"""The forms of local functions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.widgets import AdminDateInput

from core.access.scope import Asker, scope_of
from core.access.states import Role
from core.organisations.forms import offer_organisations
from core.organisations.models import Organisation
from core.ui.fields import LineField
from supervision.functions.models import one_word


class FunctionForm(forms.Form):
    """A function for a place that the officer administers, and everything below it."""

    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none())
    name = LineField(
        label=pgettext_lazy("function", "Name"),
        max_length=20,
        validators=[one_word],
        help_text=_(
            "As it stands in records and reports for good, such as 疏导 or 调解. It cannot be renamed."
        ),
    )
    starts_on = forms.DateField(label=_("From"), widget=AdminDateInput)
    ends_on = forms.DateField(
        label=_("Until"),
        widget=AdminDateInput,
        required=False,
        help_text=_("Leave it empty: until further notice."),
    )
    source = LineField(
        label=pgettext_lazy("norm", "Source"),
        max_length=200,
        help_text=_("The notice or the plan that sets it."),
    )

    def __init__(self, *args: Any, user: Asker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Organisation.objects.active().filter(scope_of(user).q("", Role.ADMINISTRATOR))
        offer_organisations(self.fields["organisation"], rows)


class EndForm(forms.Form):
    ends_on = forms.DateField(label=_("In force until"), widget=AdminDateInput)
