"""Wagtail's own admin needs a nonce and inline styles, and only there."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any, cast

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

current: ContextVar[HttpRequest | None] = ContextVar("current_csp_request", default=None)


def script_nonce() -> str:
    """The nonce of the page being made, for the few inline scripts of Wagtail's widgets, which see no request."""
    request = current.get()
    return str(getattr(request, "csp_nonce", "")) if request is not None else ""


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """The strict policy everywhere; under /admin/ with the few words that Wagtail's pages cannot do without."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        current.set(request)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path.startswith("/admin/") and isinstance(response, HttpResponse):
            cast(Any, response)._csp_update = settings.CONTENT_SECURITY_POLICY_ADMIN
        return super().process_response(request, response)
