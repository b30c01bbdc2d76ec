"""What the desk (the Wagtail admin) asks of a session beyond a sign-in: that it is in use, and a second step."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.signals import user_logged_in
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import PermissionDenied
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from core.access.predicates import reaches_desk

SEEN = "desk_seen"  # when a session that may open the desk was last used, in seconds
WRITE_EVERY = 60  # seconds; a session is not saved for every click
# Pages ask these by themselves while nobody sits there.
BY_THEMSELVES = frozenset({"wagtailadmin_editing_sessions:ping", "core:job-progress", "imports:progress"})


@receiver(user_logged_in, dispatch_uid="core.start_watch")
def start_watch(sender: object, request: HttpRequest | None, user: Any, **_kwargs: Any) -> None:
    """From the sign-in on, the session of somebody with a desk ends when it is left alone."""
    if request is not None and reaches_desk(user):
        request.session[SEEN] = int(time.time())


class KeptSessionMiddleware(SessionMiddleware):
    """A session's name that we cannot have given is none: PostgreSQL would not even look for one with a NUL byte in it."""

    def process_request(self, request: HttpRequest) -> None:
        name = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        if name and not (name.isascii() and name.isalnum()):
            del request.COOKIES[settings.SESSION_COOKIE_NAME]
        super().process_request(request)


class DoorMiddleware(LoginRequiredMiddleware):
    """Every view wants a sign-in. Who sent something after the session had ended is told so, and led back to the page
    it came from: what was typed there is kept in the browser's tab."""

    def process_view(self, request: HttpRequest, view_func: Any, *more: Any) -> HttpResponseBase | None:
        if "\0" in request.path or _is_no_number(request):
            raise Http404  # no address of ours has a NUL byte, and PostgreSQL refuses to look for one
        answer: HttpResponseBase | None = super().process_view(request, view_func, *more)
        return answer

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """What a signed-in person sees is kept by no browser and no proxy: machines at stations are shared."""
        user = getattr(request, "_cached_user", None)
        if user is not None and user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseBase:  # type: ignore[override]
        if request.method == "GET" and not _by_htmx(request):
            answer: HttpResponseBase = super().handle_no_permission(request, view_func)
            return answer
        messages.info(request, _("You are no longer signed in. Sign in to go on, then send it once more."))
        response = redirect_to_login(_page_of(request), reverse("account_login"))
        return HttpResponseClientRedirect(response.url) if _by_htmx(request) else response


class StaffSessionMiddleware:
    """Ends a desk session after STAFF_IDLE without use, and asks for the second step where that is required.

    Sessions of people without a desk are never touched and cost nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if not request.user.is_authenticated:
            return None
        match = request.resolver_match
        at_desk = request.path.startswith(reverse("wagtailadmin_home")) and request.path != reverse(
            "wagtailadmin_login"
        )
        if settings.STAFF_MFA_REQUIRED and _asks_second_step(request, view):
            words = _("Your work needs a second step at sign-in. Set it up here; it takes a minute.")
            messages.warning(request, words)
            address = reverse("mfa_activate_totp")
            return HttpResponseClientRedirect(address) if _by_htmx(request) else redirect(address)
        seen, now = request.session.get(SEEN), int(time.time())
        if seen is not None and now - seen > settings.STAFF_IDLE.total_seconds():
            return self._ended(request)
        if seen is None and not at_desk:
            return None
        if at_desk and not reaches_desk(request.user):
            raise PermissionDenied  # Wagtail would send them to the sign-in, which sends the signed in back: a loop
        by_itself = match is not None and match.view_name in BY_THEMSELVES
        if not by_itself and (seen is None or now - seen >= WRITE_EVERY):
            request.session[SEEN] = now
        return None

    def _ended(self, request: HttpRequest) -> HttpResponse:
        back = (
            request.get_full_path()
            if request.method == "GET" and not _by_htmx(request)
            else _page_of(request)
        )
        logout(request)
        minutes = int(settings.STAFF_IDLE.total_seconds() // 60)
        text = _("You were signed out because nothing happened for %(minutes)s minutes. Sign in to go on.")
        messages.info(request, text % {"minutes": minutes})
        response = redirect_to_login(back, reverse("account_login"))
        return HttpResponseClientRedirect(response.url) if _by_htmx(request) else response


def _asks_second_step(request: HttpRequest, view: Any) -> bool:
    """Whether this account has a desk and no second step yet. The site shows those at work other people's rows too, so it
    is asked everywhere but on public pages and where it is set up."""
    if not getattr(view, "login_required", True) or request.path.startswith("/accounts/"):
        return False
    return reaches_desk(request.user) and not is_mfa_enabled(request.user)


def _is_no_number(request: HttpRequest) -> bool:
    """Whether an address of Wagtail's has something else where its views expect a number, and would stumble over it."""
    if request.path.startswith("/admin/bulk/"):
        numbers = [each for each in request.GET.getlist("id") if each != "all"]
    elif request.path.startswith("/admin/api/"):
        numbers = request.GET.getlist("offset")
    else:
        return False
    return any(not (each.isascii() and each.isdecimal()) or len(each) > 18 for each in numbers)


def _by_htmx(request: HttpRequest) -> bool:
    """Whether a part of a page was asked for (set by django-htmx's middleware)."""
    return bool(getattr(request, "htmx", False))


def _page_of(request: HttpRequest) -> str:
    """The page from which a form or a part of a page was asked."""
    page = request.headers.get("Referer", "")
    return page if url_has_allowed_host_and_scheme(page, {request.get_host()}, request.is_secure()) else "/"
