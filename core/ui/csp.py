"""Wagtail's own admin needs a nonce and inline styles, and only there."""

from __future__ import annotations

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """The strict policy everywhere; under /admin/ with the few words that Wagtail's pages cannot do without."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path.startswith("/admin/") and isinstance(response, HttpResponse):
            response._csp_update = settings.CONTENT_SECURITY_POLICY_ADMIN
        return super().process_response(request, response)
