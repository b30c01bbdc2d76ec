"""What lists of supervision have in common at the desk."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.admin.menu import MenuItem

from core.access.scope import holds, scope_of
from core.access.states import READERS
from core.organisations.models import Organisation


def trees(request: HttpRequest) -> QuerySet[Organisation]:
    """The organisations by which a list can be narrowed: all that the user reads."""
    return Organisation.objects.filter(scope_of(request.user).q("", *READERS)).order_by("path")


class ReaderMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return holds(request.user, *READERS)


class ForReaders:
    """A list is for administrators and auditors; that one may see one's own row is no reason for a list."""

    request: HttpRequest
    any_permission_required = ["view", "change"]

    def user_has_any_permission(self, permissions: Any) -> bool:
        return holds(self.request.user, *READERS)
