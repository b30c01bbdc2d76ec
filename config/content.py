"""Content of packages has a host of its own, and nothing else is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponseBadRequest, HttpResponseNotFound
from django.http.response import HttpResponseBase

from lms.packages.queries.addresses import PREFIX
from lms.packages.views.content import serve


class ContentHostMiddleware:
    """The first of all: what is asked for below /content/ is answered before anything looks at a cookie, and the
    content's host answers nothing else. The address itself says for which host it was made."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        is_content = request.path_info.startswith(PREFIX)
        if not is_content and not settings.CONTENT_HOST:
            return self.get_response(request)
        try:
            host = request.get_host()
        except DisallowedHost:
            return HttpResponseBadRequest("Bad request", content_type="text/plain; charset=utf-8")
        if is_content:
            return serve(request)
        if host == settings.CONTENT_HOST:
            return HttpResponseNotFound("Not found", content_type="text/plain; charset=utf-8")
        return self.get_response(request)


@register(Tags.security, deploy=False)
def content_host_is_named(app_configs: Any, **_kwargs: Any) -> list[CheckMessage]:
    """In production packages cannot be played without a host of their own."""
    if not settings.PRODUCTION or settings.CONTENT_HOST:
        return []
    words = "CONTENT_HOST is not set: packages (SCORM, H5P, cmi5) cannot be played."
    hint = "Give content a host of its own, such as content.example.org, that leads to this server."
    return [Warning(words, hint=hint, id="xinhuo.W001")]
