"""The content's own host: it knows no session and no account, and hands out the files of one version by a signed address.

Called by config.content before any other middleware, so that no cookie is read or set here.
"""

from __future__ import annotations

from urllib.parse import quote

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseNotFound
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

from core.blocks.serving import ranged
from lms.packages.files import file_in
from lms.packages.models import PackageVersion
from lms.packages.policy.content import content_policy, player_policy, type_of
from lms.packages.queries import package_version
from lms.packages.queries.addresses import PREFIX, Ticket, ticket_of
from lms.packages.states import Kind
from lms.packages.views.xapi import serve_store

PLAYER = {
    "scorm-again.js": ("vendor/scorm-again-3.4.3/scorm-again.min.js", "text/javascript; charset=utf-8"),
    "relay.js": ("lms/relay.js", "text/javascript; charset=utf-8"),
    "relay.css": ("lms/relay.css", "text/css; charset=utf-8"),
    "activity.js": ("lms/activity.js", "text/javascript; charset=utf-8"),
    "activity.css": ("lms/activity.css", "text/css; charset=utf-8"),
    "over.css": ("lms/over.css", "text/css; charset=utf-8"),
    "unit.js": ("lms/unit.js", "text/javascript; charset=utf-8"),
}
PLAYER["h5p/styles/font-open-sans.css"] = ("lms/open-sans.css", "text/css; charset=utf-8")
H5P = "vendor/h5p-standalone-3.8.0/"
PLAYER |= {
    f"h5p/{name}": (f"{H5P}{name}", kind)
    for name, kind in {
        "main.bundle.js": "text/javascript; charset=utf-8",
        "frame.bundle.js": "text/javascript; charset=utf-8",
        "styles/h5p.css": "text/css; charset=utf-8",
        "fonts/h5p-core-30.woff": "font/woff",
        "fonts/h5p-hub-publish.woff": "font/woff",
        "images/throbber.gif": "image/gif",
        "images/h5p.svg": "image/svg+xml",
    }.items()
}
PAGES = {Kind.H5P.value: "activity", Kind.CMI5.value: "unit"}  # of SCORM: the relay
REFUSED = {"camera": "()", "microphone": "()", "geolocation": "()", "payment": "()", "usb": "()"}


def serve(request: HttpRequest) -> HttpResponseBase:
    """A file of a version, or of the player; whatever is not right is not there."""
    token, _, path = request.path_info.removeprefix(PREFIX).partition("/")
    part, _, name = path.partition("/")
    if request.method not in ("GET", "HEAD") and part != "xapi":
        return HttpResponseNotAllowed(["GET", "HEAD"])
    ticket = ticket_of(token, request.get_host())
    if ticket is None:
        return _nothing()
    base = f"{request.scheme}://{ticket.host}{PREFIX}{quote(token, safe=':-_')}/"
    if part == "xapi":
        return _store(request, name, base, ticket)
    if part == "player":
        return _player(name, base, ticket)
    return _file(request, name, base, ticket) if part == "files" else _nothing()


def _store(request: HttpRequest, name: str, base: str, ticket: Ticket) -> HttpResponseBase:
    """What a unit says and asks. Nothing of it may be shown as a page."""
    response = serve_store(request, name, ticket.version, base)
    _sealed(response, "default-src 'none'; frame-ancestors 'none'; sandbox")
    response["Cache-Control"] = "no-store"
    return response


def _player(name: str, base: str, ticket: Ticket) -> HttpResponseBase:
    if name == "":
        return _page(base, ticket)
    if name == "over.html":  # where a unit goes when it is left
        page = render_to_string("lms/packages/over.html")
        return _sealed(HttpResponse(page), content_policy(base, ticket.site))
    found = finders.find(PLAYER[name][0]) if name in PLAYER else None
    if not isinstance(found, str):
        return _nothing()
    with open(found, "rb") as file:  # noqa: PTH123  a name that the finder gives
        response = HttpResponse(file.read(), content_type=PLAYER[name][1])
    return _sealed(response, player_policy(base, ticket.site))


def _page(base: str, ticket: Ticket) -> HttpResponseBase:
    """The page between the lesson and the content. An activity of H5P runs in it, and is held as content is."""
    try:
        kind = package_version(ticket.version).kind
    except PackageVersion.DoesNotExist:
        return _nothing()
    template = PAGES.get(kind, "relay")
    policy = content_policy if kind == Kind.H5P else player_policy
    page = render_to_string(f"lms/packages/{template}.html", {"site": ticket.site})
    return _sealed(HttpResponse(page), policy(base, ticket.site))


def _file(request: HttpRequest, name: str, base: str, ticket: Ticket) -> HttpResponseBase:
    try:
        found = file_in(package_version(ticket.version), name)
    except PackageVersion.DoesNotExist:
        return _nothing()
    if found is None:
        return _nothing()
    response = ranged(
        found.open("rb"), found.stat().st_size, type_of(found.name), request.headers.get("Range", "")
    )
    return _sealed(response, content_policy(base, ticket.site))


def _sealed(response: HttpResponseBase, policy: str) -> HttpResponseBase:
    """With the headers that keep the content in its place."""
    response["Content-Security-Policy"] = policy
    response["X-Content-Type-Options"] = "nosniff"
    response["Referrer-Policy"] = "no-referrer"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Permissions-Policy"] = ", ".join(f"{name}={value}" for name, value in REFUSED.items())
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _nothing() -> HttpResponse:
    response = HttpResponseNotFound("Not found", content_type="text/plain; charset=utf-8")
    response["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    response["Cache-Control"] = "no-store"
    return response
