"""JSON from a stranger: bounded in depth and number of entries, and only with what every database keeps."""

from __future__ import annotations

import hashlib
import json
from typing import Any, NoReturn

from lms.packages.policy.xapi.faults import Fault, NotTaken

DEEPEST, MOST_ENTRIES, LARGEST = 30, 20_000, 2**63
STATEMENT_MOST = 32_768  # bytes: so much that a page of them is still a page


def read_json(body: bytes | str) -> Any:
    """The value that is written there. Raises NotTaken; never takes longer than its length allows."""
    try:
        found = json.loads(body, parse_constant=_no_number)
    except RecursionError:
        raise NotTaken(Fault.TOO_DEEP)
    except ValueError as wrong:  # of UTF-8, too
        raise NotTaken(Fault.NOT_JSON, detail=str(wrong))
    check(found)
    return found


def _no_number(said: str) -> NoReturn:
    raise NotTaken(Fault.NUMBER, detail=said)


def check(value: Any) -> None:
    """Refuse what is nested too deeply, has too many entries, or holds a text or number that cannot be kept."""
    level, entries = [value], 0
    for _depth in range(DEEPEST):
        entries += len(level)
        if entries > MOST_ENTRIES:
            raise NotTaken(Fault.TOO_MANY, detail=str(MOST_ENTRIES))
        below: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                below += [*one, *one.values()]
            elif isinstance(one, list):
                below += one
            else:
                _plain(one)
        if not below:
            return
        level = below
    raise NotTaken(Fault.TOO_DEEP)


def _plain(value: Any) -> None:
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
            raise NotTaken(Fault.CHARACTER)
    elif isinstance(value, float | int) and not abs(value) < LARGEST:
        raise NotTaken(Fault.NUMBER, detail=str(value)[:40])


def digest_of(statement: dict[str, Any]) -> str:
    """What two sendings of one statement have in common: all but what the store itself adds. Raises NotTaken for one that
    is too large to be kept."""
    own = {key: value for key, value in statement.items() if key not in ("stored", "authority", "version")}
    plain = json.dumps(own, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    data = plain.encode()
    if len(data) > STATEMENT_MOST:
        raise NotTaken(Fault.TOO_LARGE, detail=str(STATEMENT_MOST))
    return hashlib.sha256(data).hexdigest()
