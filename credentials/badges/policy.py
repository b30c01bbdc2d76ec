"""Which place in a status list a badge gets, and what differs between a badge and the one that was issued."""

from __future__ import annotations

import json
import re
import secrets
from collections import Counter
from collections.abc import Iterator
from typing import Any

from credentials.certificates.policy import ALPHABET, CODE_LENGTH

LIST_LENGTH = 131_072
LIST_ROOM = 100_000  # badges in one list; so that a free place is soon found by chance
MAX_FILE = 200_000  # bytes; ours have about 4,000
_ADDRESS = re.compile(rf"/badges/([{ALPHABET}]{{{CODE_LENGTH}}})/$")
_CLAIMS = ("iss", "jti", "sub", "nbf", "exp")


def new_place() -> int:
    """A place in a list by the system's chance: the order of places tells nothing about the order of badges."""
    return secrets.randbelow(LIST_LENGTH)


def code_in(credential: dict[str, Any]) -> str:
    """The code in the address of a badge that claims to be ours; "" when it does not claim that."""
    address = credential.get("id")
    found = _ADDRESS.search(address) if isinstance(address, str) and len(address) < 500 else None
    return found[1] if found else ""


def read_json(content: bytes, doubled: list[str]) -> dict[str, Any] | None:
    """A JSON object; None for everything else. Of a key that stands twice the last value counts here; readers do not agree
    on it, so that it is added to `doubled`."""
    if len(content) > MAX_FILE:
        return None
    try:
        value = json.loads(
            content.decode("utf-8-sig"), object_pairs_hook=lambda pairs: _noted(pairs, doubled)
        )
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _noted(pairs: list[tuple[str, Any]], doubled: list[str]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        counted = Counter(key for key, _ in pairs)
        doubled += [key for key, number in counted.items() if number > 1]
    return found


def without_claims(payload: dict[str, Any]) -> dict[str, Any]:
    """The credential inside a token."""
    return {name: part for name, part in payload.items() if name not in _CLAIMS}


def differences(issued: Any, given: Any, path: str = "") -> list[str]:
    """The paths (`credentialSubject.achievement.name`) at which the two differ; of an added or missing part, its own."""
    return list(dict.fromkeys(_differences(issued, given, path)))


def _differences(issued: Any, given: Any, path: str) -> Iterator[str]:
    if type(issued) is not type(given):
        yield path
    elif isinstance(issued, dict):
        for name in [*issued, *(name for name in given if name not in issued)]:
            inside = f"{path}.{name}" if path else str(name)
            if name in issued and name in given:
                yield from _differences(issued[name], given[name], inside)
            else:
                yield inside
    elif isinstance(issued, list) and len(issued) == len(given):
        for one, other in zip(issued, given, strict=True):
            yield from _differences(one, other, path)
    elif issued != given:
        yield path
