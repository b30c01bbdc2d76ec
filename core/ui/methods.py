"""An address that only takes what a form sends, opened by itself: the browser gets a page with a way on."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django_htmx.middleware import HtmxDetails

# What Wagtail answers where nobody else does, and its first page, which has a button of its own.
NO_PLACE = (None, "wagtail_serve", "wagtailadmin_home")


class MethodMiddleware:
    """Fills the empty 405 that a browser would show as a blank page, mostly after a reload of a refused form.

    Status and headers stay. HEAD, OPTIONS, htmx and whoever asks for something else than a page get what they got.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_blank = response.status_code == 405 and not response.streaming and not response.content
        if is_blank and request.method == "GET" and _reads_pages(request):
            template = "wagtailadmin/405.html" if request.path.startswith("/admin/") else "405.html"
            response.content = render_to_string(template, {"above": above(request.path)}, request).encode()
            response["Content-Type"] = "text/html; charset=utf-8"
        return response


def _reads_pages(request: HttpRequest) -> bool:
    """Whether a person looks: a browser that opens an address names HTML, a program takes anything."""
    return "text/html" in request.headers.get("Accept", "") and not HtmxDetails(request)


def above(path: str) -> str:
    """The nearest address above this one that leads somewhere, "" where there is none but a first page."""
    parts = path.strip("/").split("/")[:-1]
    while parts:
        place = f"/{'/'.join(parts)}/"
        try:
            if resolve(place).url_name not in NO_PLACE:
                return place
        except Resolver404:
            pass
        parts.pop()
    return ""
