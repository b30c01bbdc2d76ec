"""Addresses that lead out of the site: whether one can be right at all, judged by how it is written. Nothing is asked.

    python -m core.blocks.links ADDRESS …
prints what is wrong with each as JSON, null where nothing is.
"""

from __future__ import annotations

import ipaddress
import json
import re
import sys
from collections.abc import Collection, Iterator
from enum import StrEnum
from html import unescape
from typing import Any
from urllib.parse import SplitResult, urlsplit

LONGEST = 500
HREF = re.compile(r"<a\b[^>]{0,2000}?\bhref=\"([^\"]{1,2000})\"", re.IGNORECASE)
LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")
ENDING = re.compile(r"(xn--[a-z0-9-]+|[^\W\d_]{2,})")
INSIDE = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "test", "invalid", "arpa")


class AddressFault(StrEnum):
    """Why an address cannot be followed, or should not be."""

    NOT_HTTPS = "not_https"
    ODD = "odd"
    PRIVATE = "private"
    WITH_PASSWORD = "with_password"


def address_fault(url: str) -> AddressFault | None:
    """What is wrong with an address; None when it is https and leads to a named host that the public can reach."""
    if (
        len(url) > LONGEST
        or "\\" in url
        or any(letter.isspace() or not letter.isprintable() for letter in url)
    ):
        return AddressFault.ODD
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return AddressFault.ODD
    if parts.scheme != "https":
        return AddressFault.NOT_HTTPS
    if "@" in parts.netloc:
        return AddressFault.WITH_PASSWORD
    if port not in (None, 443):
        return AddressFault.ODD
    return _host_fault(parts)


def _host_fault(parts: SplitResult) -> AddressFault | None:
    host = (parts.hostname or "").rstrip(".")
    try:
        ipaddress.ip_address(host)
    except ValueError:
        pass
    else:
        return AddressFault.PRIVATE
    labels = host.split(".")
    if labels[-1] in INSIDE or labels == ["localhost"]:
        return AddressFault.PRIVATE
    named = len(labels) > 1 and len(host) < 254 and all(LABEL.fullmatch(label) for label in labels)
    return None if named and ENDING.fullmatch(labels[-1]) else AddressFault.ODD


def host_of(url: str) -> str:
    """The host of an address in small letters; "" where it has none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def is_of(url: str, hosts: Collection[str]) -> bool:
    """Whether the address is in order and of exactly one of these hosts."""
    return address_fault(url) is None and host_of(url) in hosts


def texts_in(value: Any) -> Iterator[str]:
    """The texts of a block as it is kept (`get_prep_value`), however deep; the numbers of its rows are none."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name not in ("id", "type"):
                yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)


def addresses_in(value: Any) -> list[str]:
    """The addresses that the rich text of a block links to, once each, in their order."""
    found = (unescape(match) for text in texts_in(value) for match in HREF.findall(text))
    return [url for url in dict.fromkeys(found) if not url.startswith(("mailto:", "tel:", "#"))]


if __name__ == "__main__":
    sys.stdout.write(json.dumps({url: address_fault(url) for url in sys.argv[1:]}, ensure_ascii=False) + "\n")
