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

PLAYER = {
    "scorm-again.js": ("vendor/scorm-again-3.4.3/scorm-again.min.js", "text/javascript; charset=utf-8"),
    "relay.js": ("lms/relay.js", "text/javascript; charset=utf-8"),
    "relay.css": ("lms/relay.css", "text/css; charset=utf-8"),
}
REFUSED = {"camera": "()", "microphone": "()", "geolocation": "()", "payment": "()", "usb": "()"}


def serve(request: HttpRequest) -> HttpResponseBase:
    """A file of a version, or of the player; whatever is not right is not there."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    token, _, path = request.path_info.removeprefix(PREFIX).partition("/")
    ticket = ticket_of(token, request.get_host())
    if ticket is None:
        return _nothing()
    base = f"{request.scheme}://{ticket.host}{PREFIX}{quote(token, safe=':-_')}/"
    part, _, name = path.partition("/")
    if part == "player":
        return _player(name, base, ticket)
    return _file(request, name, base, ticket) if part == "files" else _nothing()


def _player(name: str, base: str, ticket: Ticket) -> HttpResponseBase:
    if name == "":
        page = render_to_string("lms/packages/relay.html", {"site": ticket.site})
        return _sealed(HttpResponse(page), player_policy(base, ticket.site))
    found = finders.find(PLAYER[name][0]) if name in PLAYER else None
    if not isinstance(found, str):
        return _nothing()
    with open(found, "rb") as file:  # noqa: PTH123  a name that the finder gives
        response = HttpResponse(file.read(), content_type=PLAYER[name][1])
    return _sealed(response, player_policy(base, ticket.site))


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
