"""The doors: signing in by e-mail or mobile number, signing up, asking for a new password."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth
from allauth.account.internal.flows.signup import prevent_enumeration
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from core.people.models import User
from core.people.policy import normalise_mobile

PASSWORD_RULE = _("At least 10 characters, not only digits, nothing that is easy to guess.")


def _plain(form: forms.Form) -> None:
    """Our fields have labels; a placeholder would only repeat them in a colour that is hard to read."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


class LoginForm(allauth.LoginForm):
    """One field for e-mail or mobile number."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail or mobile number")
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["login"].max_length = 254
        self.fields["password"].label = _("Password")
        self.fields["remember"].label = _("Keep me signed in on this device")
        _plain(self)

    def clean_login(self) -> str:
        """A mobile number in the one form in which it is kept, however it was typed."""
        typed: str = super().clean_login()
        try:
            return normalise_mobile(typed)
        except ValueError:
            return typed


class SignupForm(allauth.SignupForm):
    """allauth's fields and our questions (core.people.forms.SignupQuestions), saved together or not at all."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")
        self.fields["phone"].label = _("Mobile number")
        self.fields["phone"].help_text = _(
            "Of mainland China. You can sign in with it as well as with the e-mail."
        )
        self.fields["password1"].label = _("Password")
        self.fields["password1"].help_text = _(
            "At least 10 characters, not only digits, nothing that is easy to guess."
        )
        self.fields["password2"].label = _("Password again")
        _plain(self)

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Make the account, or behave as if: who types a taken e-mail or number learns nothing from the answer.

        The letter goes to the e-mail alone. Somebody who took the same number a moment earlier is met like one who
        took it yesterday.
        """
        taken: bool = self.account_already_exists
        if not taken:
            try:
                with transaction.atomic():
                    return super().try_save(request)
            except IntegrityError:
                pass
        make_password(self.cleaned_data["password1"])  # as long as it takes for a new account
        return None, prevent_enumeration(request, email=self.cleaned_data["email"])


class PlainForm(forms.Form):
    """allauth's other forms in our words: no placeholders, and the rules for passwords in one sentence."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {
            "oldpassword": _("Present password"),
            "password": _("Password"),
            "password1": _("New password"),
            "password2": _("New password again"),
            "email": _("E-mail"),
            "code": _("Code of six digits"),
        }
        for name, label in words.items():
            if name in self.fields:
                self.fields[name].label = label
        if "password1" in self.fields:
            self.fields["password1"].help_text = PASSWORD_RULE
        _plain(self)


class AddEmailForm(PlainForm, allauth.AddEmailForm):
    pass


class ChangePasswordForm(PlainForm, allauth.ChangePasswordForm):
    pass


class SetPasswordForm(PlainForm, allauth.SetPasswordForm):
    pass


class ResetPasswordKeyForm(PlainForm, allauth.ResetPasswordKeyForm):
    pass


class ReauthenticateForm(PlainForm, allauth.ReauthenticateForm):
    pass


class AuthenticateForm(PlainForm, mfa.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code")


class ReauthenticateCodeForm(PlainForm, mfa.ReauthenticateForm):
    pass


class ActivateTOTPForm(PlainForm, totp.ActivateTOTPForm):
    pass


class ResetPasswordForm(PlainForm, allauth.ResetPasswordForm):
    pass
