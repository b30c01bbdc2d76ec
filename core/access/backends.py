"""Signing in, and reading the account of each request together with its person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db.models import QuerySet

if TYPE_CHECKING:
    from core.people.models import User


class AccountBackend(AuthenticationBackend):
    """allauth's backend; every request needs the person too, and the admin its settings: all come in one query."""

    def get_user(self, user_id: int) -> User | None:
        accounts = get_user_model()._default_manager.select_related("person", "wagtail_userprofile")
        try:
            return accounts.get(pk=user_id, is_active=True)  # unlike first(), asks for no order
        except get_user_model().DoesNotExist:
            return None

    def _get_user_permissions(self, user: User) -> QuerySet[Permission]:
        """None: rights come with roles and groups, nobody is given one by name. Saves the admin a query a page."""
        return Permission.objects.none()
