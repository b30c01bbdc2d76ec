"""Signing in, and reading the account of each request together with its person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import get_user_model

if TYPE_CHECKING:
    from core.people.models import User


class AccountBackend(AuthenticationBackend):
    """allauth's backend; every request needs the person too, so both come in one query."""

    def get_user(self, user_id: int) -> User | None:
        accounts = get_user_model()._default_manager.select_related("person")
        try:
            return accounts.get(pk=user_id, is_active=True)  # unlike first(), asks for no order
        except get_user_model().DoesNotExist:
            return None
