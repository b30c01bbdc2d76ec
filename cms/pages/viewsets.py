"""What the Wagtail admin may not do to pages, beyond the rights of each page (core.access.pages)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import router
from django.db.models import ProtectedError
from django.db.models.deletion import Collector
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.models import Page


def refuse_what_is_not_ours(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    """Bulk acts ask the plain page, which knows nothing of trees and of what is used; here each page itself is asked."""
    for page in objects:
        if not isinstance(page, Page):
            continue
        if (
            getattr(page.specific, "is_closed_to", lambda user: False)(request.user)
            and not request.user.is_superuser
        ):
            raise PermissionDenied
        if action_type == "delete" and (refused := keep_what_is_used(request, page)):
            return refused
    return None


def keep_what_is_used(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A course that has been published, or a file in a lesson, stays: people have learned by it."""
    try:
        for each in page.get_descendants(inclusive=True).specific():
            Collector(using=router.db_for_write(type(each)), origin=each).collect([each])
    except ProtectedError:
        words = _(
            "“%(title)s” cannot be deleted: somebody learns or has learned by it. Unpublish it instead."
        )
        messages.error(request, words % {"title": page.title})
        return redirect("wagtailadmin_explore", page.get_parent().pk)
    return None
