"""Taking over an account that an officer made: the code that was handed out, and a password of one's own."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.access.limits import limited
from core.people.actions import activate, activation_of
from core.people.entrance import PASSWORD_RULE
from core.people.forms import PRIVACY_VERSION, where_to_read
from core.people.models import Activation


class ActivateForm(forms.Form):
    """Who, with which code, and the new password."""

    login = forms.CharField(
        label=gettext_lazy("Mobile number or e-mail"),
        max_length=254,
        help_text=gettext_lazy("The one that your organisation has given us for you."),
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )
    code = forms.CharField(
        label=gettext_lazy("Activation code"),
        max_length=40,
        help_text=gettext_lazy(
            "12 letters and digits, from your organisation. Capital or small does not matter."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )
    password1 = forms.CharField(
        label=gettext_lazy("New password"),
        help_text=PASSWORD_RULE,
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=gettext_lazy("New password again"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    consent = forms.BooleanField(
        label=gettext_lazy("I have read the privacy statement and agree to it"),
        help_text=lazy(where_to_read, str)(),
        error_messages={
            "required": gettext_lazy("Without your agreement we may not keep an account for you.")
        },
    )

    activation: Activation | None = None

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        user = get_adapter().account_of(data["login"].strip())
        self.activation = activation_of(user=user, code=data["code"])
        if self.activation is None:
            self.add_error(
                "code",
                _(
                    "This code does not belong to this account, has been used, or is too old. Ask your organisation for a new one."
                ),
            )
        if data["password1"] != data["password2"]:
            self.add_error("password2", _("The two passwords are not the same."))
        try:
            # Compared with the account only for whoever proved that it is theirs: the answer would tell who has one.
            validate_password(data["password1"], user if self.activation is not None else None)
        except ValidationError as weak:
            self.add_error("password1", weak)
        return data


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
@limited("activate", 60, only="POST")  # a whole class at one address; the code has 60 bits
def take_over(request: HttpRequest) -> HttpResponse:
    """The page behind an activation code."""
    form = ActivateForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and form.activation is not None:
        done = activate(
            activation=form.activation,
            password=form.cleaned_data["password1"],
            consent_version=PRIVACY_VERSION,
        )
        if done:
            messages.success(request, _("Your account is open. Sign in with your new password."))
        return redirect("account_login")
    return render(request, "core/people/activate.html", {"form": form})
