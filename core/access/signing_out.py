"""Signing out also empties the device: what was kept on it for work without a network is erased by the browser."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

KEPT = "kept_on_device"  # a cookie of the pages that keep something: how many records wait to be sent


class SignOutMiddleware:
    """Asks before records that were never sent are erased, and has the browser erase all that the site keeps in it.

    Only where a page has said that it keeps something (the cookie); anybody else is signed out as ever.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        kept = request.COOKIES.get(KEPT, "")
        if request.method != "POST" or not kept.isdecimal() or request.path != reverse("account_logout"):
            return self.get_response(request)
        waiting = int(kept[:4])
        if waiting and request.user.is_authenticated and request.POST.get("sure") != "1":
            return render(request, "account/logout_waiting.html", {"waiting": waiting})
        answer = self.get_response(request)
        if not request.user.is_authenticated:
            answer["Clear-Site-Data"] = '"storage"'
            answer.delete_cookie(KEPT, samesite="Strict")
        return answer
