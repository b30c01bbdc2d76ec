"""Who comes in, and what stands on top of every page of the pool at the desk."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from core.access.desk import desk_crumbs
from core.access.scope import holds
from core.access.states import READERS

TITLE = gettext_lazy("Talent pool")


def require_reader(request: HttpRequest) -> None:
    if not holds(request.user, *READERS):
        raise PermissionDenied


def header(title: Any, *crumbs: tuple[str, str]) -> dict[str, Any]:
    return {
        "header_title": title,
        "header_icon": "group",
        "breadcrumbs_items": desk_crumbs(*crumbs, ("", title)),
    }
