"""How allauth finds and keeps our accounts: by e-mail or mobile number, and with one lock per account."""

from __future__ import annotations

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from core.people.fields import MobileField
from core.people.models import User
from core.people.sealed import lookup_hash

log = logging.getLogger("xinhuo.accounts")


class AccountAdapter(DefaultAccountAdapter):
    """Mobile numbers are kept sealed and found by their keyed hash."""

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
        """One lock per account, whichever of its names is typed and from whichever address."""
        email = str(credentials.get("email") or credentials.get("username") or "").strip().lower()
        phone = credentials.get("phone")
        user = self.get_user_by_phone(phone) if phone else User.objects.filter(email=email).only("pk").first()
        return f"account:{user.pk}" if user else f"unknown:{lookup_hash('door', phone or email)}"
