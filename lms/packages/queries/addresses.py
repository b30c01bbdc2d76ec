"""Where content is served: under a host of its own, by an address that is a key and runs out."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

SALT = "lms.packages.content"
VALID_SECONDS = 12 * 3_600
PREFIX = "/content/"
LOOPBACK = {"127.0.0.1": "localhost", "localhost": "127.0.0.1"}


@dataclass(frozen=True)
class Ticket:
    """What an address of content opens: a version, under this host, shown by this site."""

    version: int
    host: str
    site: str


def content_origin(request: HttpRequest) -> str:
    """The origin that serves content for this site, "" when none is set up.

    Cookies know hosts and no ports: on the machine itself 127.0.0.1 and localhost are two hosts, and each serves for the
    other. Anywhere else the operator names one (CONTENT_HOST).
    """
    if settings.CONTENT_HOST:
        return f"{request.scheme}://{settings.CONTENT_HOST}"
    host, mark, port = request.get_host().partition(":")
    other = LOOPBACK.get(host)
    return f"{request.scheme}://{other}{mark}{port}" if other else ""


def content_address(request: HttpRequest, version_id: int) -> str:
    """The address below which a version is served from now on for twelve hours, with a stroke at its end."""
    origin = content_origin(request)
    ticket = {
        "v": version_id,
        "h": origin.partition("://")[2],
        "s": f"{request.scheme}://{request.get_host()}",
    }
    return f"{origin}{PREFIX}{signing.dumps(ticket, salt=SALT)}/"


def ticket_of(token: str, host: str) -> Ticket | None:
    """What a token opens under this host; None when it is forged, has run out, or was made for another host."""
    try:
        found = signing.loads(token, salt=SALT, max_age=VALID_SECONDS)
    except signing.BadSignature:
        return None
    return Ticket(found["v"], found["h"], found["s"]) if found["h"] == host else None
