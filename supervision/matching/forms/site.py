"""The forms of the two sides on the site."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.people.fields import WordsField


class JoinForm(forms.Form):
    """Taking part in a round, with the languages in which one would like to talk."""

    languages = WordsField(
        label=_("languages and dialects"),
        required=False,
        help_text=_(
            "In which you would like to talk with your supervisor. A comma between them; may stay empty."
        ),
    )


class WishForm(forms.Form):
    """One step in an ordered list."""

    other = forms.IntegerField(min_value=1, max_value=2**31)
    side = forms.ChoiceField(choices=[("mentee", ""), ("supervisor", "")])
    step = forms.ChoiceField(choices=[(each, each) for each in ("add", "up", "down", "remove")])
    back = forms.ChoiceField(choices=[("", ""), ("browse", "")], required=False)
    page = forms.IntegerField(min_value=1, max_value=10_000, required=False)
    name = forms.CharField(max_length=60, required=False)


class AppealForm(forms.Form):
    text = forms.CharField(
        label=_("What should be looked at again, and why?"),
        help_text=_("Only the administrators of the round read it."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write what should be looked at again, and why.")},
    )
