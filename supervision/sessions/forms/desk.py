"""What the desk says: to a late record, to a review, and the local rule."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.ui.forms import DatedRuleForm


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


class RuleForm(DatedRuleForm):
    """Within how many days sessions are to be recorded at a place that the officer administers."""

    days = forms.IntegerField(label=_("Days to record a session"), min_value=1, max_value=365)
