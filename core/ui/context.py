"""What every page of the site needs to know."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject


def _unread(request: HttpRequest) -> int:
    user = getattr(request, "user", None)
    return user.notices.unread().count() if user is not None and user.is_authenticated else 0


def site(request: HttpRequest) -> dict[str, Any]:
    """The footer's numbers, whether letters go out at all, elder mode, and the unread badge (asked for only where it is shown)."""
    return {
        "site": {"icp": settings.SITE_ICP, "police": settings.SITE_POLICE, "url": settings.SITE_URL},
        "letters_are_files": not settings.EMAIL_HOST,
        "elder": request.COOKIES.get("elder") == "1",
        "unread_notices": SimpleLazyObject(lambda: _unread(request)),
    }
