"""How allauth finds and keeps our accounts: by e-mail or mobile number, and with one lock per account."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.models import EmailAddress
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.people.fields import MobileField
from core.people.models import User
from core.people.policy import normalise_mobile
from core.people.sealed import lookup_hash

log = logging.getLogger("xinhuo.accounts")

MISMATCH = _(
    "The e-mail or mobile number and the password do not belong together. Check both; capital letters count."
)


class AccountAdapter(DefaultAccountAdapter):
    """Mobile numbers are kept sealed and found by their keyed hash."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": MISMATCH,
        "phone_password_mismatch": MISMATCH,
        "username_password_mismatch": MISMATCH,
        "too_many_login_attempts": _(
            "There were too many wrong passwords, so this account is closed to sign-in for 15 minutes. "
            "Then try again, or ask for a new password."
        ),
    }

    def phone_form_field(self, **kwargs: Any) -> MobileField:
        return MobileField(**kwargs)

    def set_phone(self, user: User, phone: str, verified: bool) -> None:
        user.phone, user.phone_verified = phone, verified
        user.save(update_fields=["phone_sealed", "phone_hash", "phone_verified"])

    def get_phone(self, user: User) -> tuple[str, bool] | None:
        return (user.phone, user.phone_verified) if user.phone else None

    def set_phone_verified(self, user: User, phone: str) -> None:
        self.set_phone(user, phone, True)

    def get_user_by_phone(self, phone: str) -> User | None:
        return User.objects.filter(phone_hash=lookup_hash("phone", phone)).first()

    def send_verification_code_sms(self, user: User, phone: str, code: str, **kwargs: Any) -> None:
        """The stand-in for a text-message gateway. Neither number nor code is written to the log."""
        log.warning("account %s: a code would be sent, but no text-message gateway is set up", user.pk)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """One lock per account, whichever of its names is typed, however it is written and from whichever address."""
        names = [str(credentials.get(kind) or "").strip() for kind in ("phone", "email", "username")]
        user = next((found for name in names if name and (found := self.account_of(name))), None)
        typed = next((name for name in names if name), "")
        return f"account:{user.pk}" if user else f"unknown:{lookup_hash('door', typed.casefold())}"

    def confirmed_account_of(self, name: str) -> User | None:
        """The account whose e-mail or mobile number this is and has been confirmed: anybody may claim another."""
        found = self.account_of(name)
        try:
            normalise_mobile(name)
        except ValueError:
            ours = EmailAddress.objects.filter(user=found, email__iexact=name, verified=True)
            return found if found is not None and found.has_mail and ours.exists() else None
        return found if found is not None and found.phone_verified else None

    def account_of(self, name: str) -> User | None:
        """The account that this e-mail (any of its confirmed ones) or mobile number opens."""
        try:
            return self.get_user_by_phone(normalise_mobile(name))
        except ValueError:
            found = filter_users_by_email(name, prefer_verified=True, for_login=True)
            return found[0] if found else None
