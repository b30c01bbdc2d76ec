"""Signing up and signing in."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.people.actions import create_person, give_consent
from core.people.fields import PersonNameField
from core.people.models import User

PRIVACY_VERSION = "2026-11"


class SignupForm(forms.Form):
    """What we ask beside allauth's fields: who you are, and that you have read what we keep."""

    name = PersonNameField(
        label=_("Real name"), max_length=120, help_text=_("As on your ID card: it is printed on your certificates.")
    )
    consent = forms.BooleanField(
        label=_("I have read the privacy statement and agree to it"),
        error_messages={"required": _("Without your agreement we may not keep an account for you.")},
    )
    field_order = ["name", "email", "phone", "password1", "password2", "consent"]

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth when the account exists: make the person, log the consent."""
        person = create_person(user=user, name=self.cleaned_data["name"])
        give_consent(person=person, purpose="account", version=PRIVACY_VERSION)


class LoginForm(AllauthLoginForm):
    """One field for e-mail or mobile number."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail or mobile number")
        self.fields["login"].widget.attrs.pop("placeholder", None)
        self.fields["password"].widget.attrs.pop("placeholder", None)
