"""Asking the host of an address whether the page is there: one small request by https, and never inside a network.

    python -m core.blocks.reaching ADDRESS …
prints for each what came of it as JSON.

The name is resolved once, and exactly the addresses that were looked at are connected to, so that no name leads elsewhere in
between. Every step that a host sends on to is judged like the first. Time and bytes are bounded, whatever the host does.
"""

from __future__ import annotations

import ipaddress
import json
import re
import socket
import ssl
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urljoin, urlsplit

from core.blocks.links import AddressFault, address_fault, host_of

SECONDS, MOST_STEPS, HEAD_BYTES = 8.0, 4, 16 * 1024
STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")
LOCATION = re.compile(rb"\r\nlocation:[ \t]*([^\r\n]{1,2000})", re.IGNORECASE)
BEHIND = ipaddress.ip_network("64:ff9b::/96")  # addresses of the old kind in clothes of the new one
SENDS_ON, WALLS = (301, 302, 303, 307, 308), (401, 403, 405, 429)


class Unreachable(Exception):
    """Nobody gets there; `reason` is a key of lms.courses.jobs.REASONS."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def is_public(address: str) -> bool:
    """Whether this numeric address is one of the public network: none of a machine, a house, a cloud's inside or a tunnel."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and (
        ip.ipv4_mapped or ip.sixtofour or ip.teredo or ip in BEHIND
    ):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved)


def addresses_of(host: str) -> list[str]:
    """The numeric addresses of a name."""
    name = host.encode("idna").decode("ascii")
    return list(
        dict.fromkeys(str(row[4][0]) for row in socket.getaddrinfo(name, 443, type=socket.SOCK_STREAM))
    )


@dataclass(frozen=True)
class Way:
    """How hosts are found and trusted; tests have their own."""

    resolve: Callable[[str], Sequence[str]] = addresses_of
    allows: Callable[[str], bool] = is_public
    port: int = 443
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    seconds: float = SECONDS


def reach(url: str, way: Way | None = None) -> None:
    """Come back when the page is there, also behind a wall for machines; raises Unreachable with the reason."""
    way = way or Way()
    ends = time.monotonic() + way.seconds
    for _step in range(MOST_STEPS):
        if fault := address_fault(url):
            raise Unreachable("private" if fault == AddressFault.PRIVATE else "broken")
        status, location = _ask(url, "HEAD", way, ends)
        if status in (400, 404, 405, 501):  # some hosts know no other question than GET
            status, location = _ask(url, "GET", way, ends)
        if status in SENDS_ON and location:
            url = urljoin(url, location)
            continue
        if 200 <= status < 400 or status in WALLS:
            return
        raise Unreachable("gone" if status in (404, 410) else "broken")
    raise Unreachable("loops")


def _ask(url: str, verb: str, way: Way, ends: float) -> tuple[int, str]:
    """The status, and where the host sends on to."""
    host = host_of(url)
    try:
        found = list(way.resolve(host))
    except (OSError, UnicodeError):
        found = []
    if not found:
        raise Unreachable("name")
    if not all(way.allows(address) for address in found):
        raise Unreachable("private")
    try:
        head = _head_of(found[0], host, _request(url, verb, host), way, ends)
    except ssl.SSLError as fault:
        raise Unreachable("time" if "timed out" in str(fault) else "secure") from fault
    except TimeoutError as fault:
        raise Unreachable("time") from fault
    except OSError as fault:
        raise Unreachable("refused") from fault
    status, location = STATUS.match(head), LOCATION.search(head)
    if status is None:
        raise Unreachable("broken")
    return int(status[1]), location[1].decode("latin-1").strip() if location else ""


def _request(url: str, verb: str, host: str) -> bytes:
    parts = urlsplit(url)
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") + (
        f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else ""
    )
    name = host.encode("idna").decode("ascii")
    lines = [f"{verb} {path} HTTP/1.1", f"Host: {name}", "User-Agent: Xinhuo-link-check", "Accept: */*"]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("ascii")


def _head_of(address: str, host: str, request: bytes, way: Way, ends: float) -> bytes:
    """The first bytes of the answer, up to the end of its head."""
    name = host.encode("idna").decode("ascii")
    with (
        socket.create_connection((address, way.port), timeout=_left(ends)) as plain,
        way.context.wrap_socket(plain, server_hostname=name) as secured,
    ):
        head = b""
        secured.sendall(request)
        while b"\r\n\r\n" not in head and len(head) < HEAD_BYTES:
            secured.settimeout(_left(ends))
            piece = secured.recv(4096)
            if not piece:
                break
            head += piece
    return head


def _left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def main(urls: list[str]) -> None:
    said = {}
    for url in urls:
        try:
            reach(url)
            said[url] = "there"
        except Unreachable as fault:
            said[url] = fault.reason
    sys.stdout.write(json.dumps(said, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
