"""What forms of several features have in common."""

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


class DatedRuleForm(forms.Form):
    """A rule of a place from a day on, by a source; what it says, the subclass adds. The officer administers the place."""

    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none())
    starts_on = forms.DateField(label=pgettext_lazy("date", "From"), widget=AdminDateInput)
    source = LineField(
        label=pgettext_lazy("norm", "Source"),
        max_length=200,
        help_text=_("The notice or the plan that sets it."),
    )

    def __init__(self, *args: Any, user: Asker, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Organisation.objects.active().filter(scope_of(user).q("", Role.ADMINISTRATOR))
        offer_organisations(self.fields["organisation"], rows)
        own = [name for name in self.fields if name not in DatedRuleForm.base_fields and name != "ends_on"]
        self.order_fields(["organisation", *own, "starts_on", "ends_on", "source"])
