"""What the desk says: to a late record, to a review, and the local rule."""

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


class DeskAnswerForm(forms.Form):
    """What the desk says to a late record or a review."""

    answer = forms.CharField(label=pgettext_lazy("late record", "Answer"), max_length=300, required=False)


class GrantForm(forms.Form):
    days = forms.IntegerField(label=_("For how many days"), min_value=1, max_value=14, initial=7)


class AskReviewForm(forms.Form):
    reason = forms.CharField(
        label=_("Why does the content have to be read?"),
        help_text=_("Both of the pair will read this reason."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write why the content has to be read.")},
    )


class RuleForm(forms.Form):
    """Within how many days sessions are to be recorded at a place that the officer administers."""

    organisation = forms.ModelChoiceField(label=_("Organisation"), queryset=Organisation.objects.none())
    days = forms.IntegerField(label=_("Days to record a session"), min_value=1, max_value=365)
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
