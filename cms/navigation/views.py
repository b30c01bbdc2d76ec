"""Small files that browsers and crawlers ask for by name."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

CLOSED = (
    "/admin/",
    "/accounts/",
    "/dashboard/",
    "/verify/",
    "/search/",
    "/components/",
    "/learn/",
    "/credentials/",
)


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may read: the public pages and nothing about a person."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED)]
    lines += [f"Sitemap: {request.build_absolute_uri(reverse('cms:pages-sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """For browsers that ask for the old name."""
    return HttpResponsePermanentRedirect(static("core/img/favicon.svg"))


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """How the site stands among the apps of a phone."""
    icons = [
        {"src": static("core/img/favicon.svg"), "sizes": "any", "type": "image/svg+xml"},
        {"src": static("core/img/apple-touch-icon.png"), "sizes": "180x180", "type": "image/png"},
    ]
    facts = {
        "name": _("Xinhuo"),
        "short_name": _("Xinhuo"),
        "start_url": "/",
        "display": "browser",
        "icons": icons,
    }
    colours = {"background_color": "#faf7f2", "theme_color": "#c2331b"}
    return JsonResponse({**facts, **colours}, content_type="application/manifest+json")
