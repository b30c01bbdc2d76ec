"""Serving pages, what is found in them, and their pictures and papers."""

from __future__ import annotations

from pathlib import PurePath

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from wagtail import views as wagtail_views
from wagtail.documents.views import serve as wagtail_documents
from wagtail.images import get_image_model

from cms.navigation.queries import KEPT_SECONDS, find_site, site_version
from cms.pages.queries import find_pages, public_pages
from core.blocks.serving import streamed_of

# Renditions only, by the formats that Wagtail makes; never an original, a vector drawing or any other file.
PICTURES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".gif": "image/gif",
}
LONGEST_KEPT = (
    150  # characters of an address: the name of a kept copy has a limit, and no page of ours comes near it
)
NUMBERS_KEPT = 20  # pages of a list that are kept; visitors must not be able to fill the cache


@login_not_required
def page(request: HttpRequest, path: str = "") -> HttpResponseBase:
    """A page of the site. For visitors who carry no sign of being anybody it is kept for a minute at most."""
    name = _name_of_kept(request)
    kept = cache.get(name) if name else None
    if kept is not None:
        return _for_anybody(HttpResponse(kept))
    find_site(request)
    response = wagtail_views.serve(request, path)
    if name and response.status_code == 200 and getattr(response, "is_rendered", True) is False:
        response.add_post_render_callback(lambda rendered: _keep(request, name, rendered))
    return response


def _name_of_kept(request: HttpRequest) -> str | None:
    """What the copy for this visitor would be called; None when the page may be for them alone.

    Public pages hold no form with a token (language and large type are switched without one), so whoever has neither
    a session nor a message waiting gets what everybody gets.
    """
    if (
        request.method != "GET"
        or settings.SESSION_COOKIE_NAME in request.COOKIES
        or "messages" in request.COOKIES
        or len(request.path) > LONGEST_KEPT
    ):
        return None
    number = request.GET.get("page", "1")
    if set(request.GET) - {"page"} or not (
        number.isdecimal() and len(number) <= 2 and int(number) <= NUMBERS_KEPT
    ):
        return None
    elder = request.COOKIES.get("elder") == "1"
    facts = (
        request.scheme,
        request.get_host(),
        request.path,
        int(number),
        get_language(),
        elder,
        site_version(),
    )
    return "cms.page." + "|".join(str(fact) for fact in facts).replace(" ", "")


def _keep(request: HttpRequest, name: str, response: HttpResponse) -> None:
    is_public = (
        not response.cookies and "CSRF_COOKIE" not in request.META and not request.user.is_authenticated
    )
    if is_public and response.status_code == 200 and response["Content-Type"].startswith("text/html"):
        cache.set(name, response.content, KEPT_SECONDS)
        _for_anybody(response)


def _for_anybody(response: HttpResponse) -> HttpResponse:
    patch_vary_headers(response, ("Cookie", "Accept-Language"))
    return response


@login_not_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Search the public pages: ?q= words, ?kind= one kind only, ?page=. Anything may stand there."""
    found = find_pages(
        request.GET.get("q", ""), kind=request.GET.get("kind", ""), number=request.GET.get("page", "1")
    )
    return render(request, "cms/pages/search.html", {"found": found})


@login_not_required
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The addresses of all public pages, for crawlers."""
    root = request.build_absolute_uri("/")[:-1]
    pages = [
        (f"{root}{url}", found.last_published_at)
        for found in public_pages().order_by("path")
        if (url := found.get_url(request))
    ]
    return render(
        request, "cms/pages/sitemap.xml", {"pages": pages, "root": root}, content_type="application/xml"
    )


@login_not_required
@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """A rendition of a picture, in the run without a web server before it. Private collections stay private."""
    kind = PICTURES.get(PurePath(name).suffix.lower())
    if kind is None or "/" in name or "\\" in name:
        raise Http404
    renditions = get_image_model().get_rendition_model().objects.select_related("image__collection")
    rendition = get_object_or_404(renditions, file=f"images/{name}")
    restrictions = rendition.image.collection.get_view_restrictions()
    if not all(restriction.accept_request(request) for restriction in restrictions):
        raise Http404
    try:
        response = FileResponse(rendition.file.open("rb"), content_type=kind)
    except FileNotFoundError as missing:
        raise Http404 from missing
    response["Cache-Control"] = "private, max-age=3600" if restrictions else "public, max-age=86400"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'"
    return response


@login_not_required
def document(request: HttpRequest, document_id: int, document_filename: str) -> HttpResponseBase:
    """A paper of the site; those of private collections ask for what their collection asks for."""
    return streamed_of(wagtail_documents.serve(request, document_id, document_filename))
