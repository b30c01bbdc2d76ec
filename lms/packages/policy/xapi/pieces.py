"""The pieces that statements of xAPI are made of. Each check raises NotTaken with the entry that is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from lms.packages.policy.xapi.faults import Fault, NotTaken

Data = dict[str, Any]
Check = Callable[[Any, str], Any]
LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", re.ASCII)
TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,12})?)?([Zz]|[+-]\d\d(:?\d\d)?)?", re.ASCII)
IRI_MOST, TEXT_MOST = 500, 50_000


def time_of(said: Any, where: str) -> datetime:
    """A moment of RFC 3339, in universal time; one without a zone is universal. Raises NotTaken."""
    text = text_in(said, where)
    try:
        if not TIME.fullmatch(text) or text.endswith(("-00:00", "-0000", "-00")):
            raise ValueError
        found = datetime.fromisoformat(text.upper())
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotTaken(Fault.VALUE, where, text)


def entries(data: Any, where: str, known: Mapping[str, Check], needed: tuple[str, ...] = ()) -> Data:
    if not isinstance(data, dict):
        raise NotTaken(Fault.VALUE, where, str(data))
    for name in needed:
        if name not in data:
            raise NotTaken(Fault.MISSING, f"{where}.{name}")
    for name, value in data.items():
        if name not in known:
            raise NotTaken(Fault.UNKNOWN, f"{where}.{name}")
        known[name](value, f"{where}.{name}")
    return data


def text_in(value: Any, where: str) -> str:
    if not isinstance(value, str):
        raise NotTaken(Fault.VALUE, where, str(value))
    if len(value) > TEXT_MOST:
        raise NotTaken(Fault.TOO_LONG, where)
    return value


def flag_in(value: Any, where: str) -> None:
    if not isinstance(value, bool):
        raise NotTaken(Fault.VALUE, where, str(value))


def number_in(value: Any, where: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NotTaken(Fault.VALUE, where, str(value))


def matching(form: re.Pattern[str]) -> Check:
    def look(value: Any, where: str) -> None:
        if not form.fullmatch(text_in(value, where)):
            raise NotTaken(Fault.VALUE, where, value)

    return look


def iri_in(value: Any, where: str) -> None:
    text = text_in(value, where)
    if len(text) > IRI_MOST:
        raise NotTaken(Fault.TOO_LONG, where)
    try:
        is_one = bool(urlsplit(text).scheme) and not re.search(r"\s", text)
    except ValueError:
        is_one = False
    if not is_one:
        raise NotTaken(Fault.VALUE, where, text)


def words_in(value: Any, where: str) -> None:
    """Words by their language."""
    if not isinstance(value, dict):
        raise NotTaken(Fault.VALUE, where, str(value))
    for name, words in value.items():
        if not LANGUAGE.fullmatch(name):
            raise NotTaken(Fault.VALUE, where, name)
        text_in(words, f"{where}.{name}")


def extensions_in(value: Any, where: str) -> None:
    if not isinstance(value, dict):
        raise NotTaken(Fault.VALUE, where, str(value))
    for name in value:
        iri_in(name, where)
