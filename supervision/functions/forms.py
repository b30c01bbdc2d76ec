"""The forms of local functions."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.widgets import AdminDateInput

from core.ui.fields import LineField
from core.ui.forms import DatedRuleForm
from supervision.functions.models import one_word


class FunctionForm(DatedRuleForm):
    """A function for a place that the officer administers, and everything below it."""

    name = LineField(
        label=pgettext_lazy("function", "Name"),
        max_length=20,
        validators=[one_word],
        help_text=_(
            "As it stands in records and reports for good, such as 疏导 or 调解. It cannot be renamed."
        ),
    )
    ends_on = forms.DateField(
        label=_("Until"),
        widget=AdminDateInput,
        required=False,
        help_text=_("Leave it empty: until further notice."),
    )


class EndForm(forms.Form):
    ends_on = forms.DateField(label=_("In force until"), widget=AdminDateInput)
