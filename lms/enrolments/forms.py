"""The forms of enrolling: the applicant's, and the officer's decisions."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.admissions.forms import AskedForm
from lms.enrolments.states import EnrolmentState


class ApplyForm(AskedForm):
    """The application: what the plan of the cohort asks, why, and that the name in the profile is the real one."""

    statement = forms.CharField(
        label=_("Why do you apply?"),
        help_text=_(
            "Two or three sentences: what you do now and what you want to learn. Up to 1,000 characters."
        ),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    confirmed = forms.BooleanField(
        label=_("This is my real name, as it is to stand on the certificate."),
        error_messages={"required": _("Please confirm your name, or correct it in your profile.")},
    )


class ReasonForm(forms.Form):
    """Why an application is refused or a place is taken back."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The trainee reads this sentence."),
        error_messages={"required": _("Write the reason: the applicant will read it.")},
    )


class DeskFilter(forms.Form):
    """The search and the state filter above the applications."""

    q = forms.CharField(required=False, max_length=60)
    state = forms.ChoiceField(required=False, choices=[("", ""), *EnrolmentState.choices])
