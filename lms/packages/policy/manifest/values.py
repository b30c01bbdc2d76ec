"""What manifests write as text: yes and no, numbers, and addresses within the package."""

from __future__ import annotations

import math
import posixpath
import re
from urllib.parse import unquote, urlsplit

from lms.packages.policy.refusals import Reason, Refusal, Refused

YES, NO = frozenset(["true", "1", "yes"]), frozenset(["false", "0", "no"])


def flag(value: str, default: bool, what: str) -> bool:
    """xs:boolean; the default when nothing is written."""
    said = value.strip().lower()
    if not said:
        return default
    if said in YES or said in NO:
        return said in YES
    raise Refused(Refusal(Reason.BAD_VALUE, what, value[:80]))


def number(value: str, what: str, least: float | None = None, most: float | None = None) -> float | None:
    """A decimal number within its bounds; None when nothing is written."""
    said = value.strip()
    if not said:
        return None
    fits = re.fullmatch(r"[+-]?(\d{1,12}(\.\d{0,12})?|\.\d{1,12})", said, re.ASCII)
    found = float(said) if fits else math.nan
    if math.isnan(found) or (least is not None and found < least) or (most is not None and found > most):
        raise Refused(Refusal(Reason.BAD_VALUE, what, value[:80]))
    return found


def whole(value: str, what: str, least: int = 0) -> int | None:
    """A whole number; None when nothing is written."""
    found = number(value, what, least)
    if found is not None and not found.is_integer():
        raise Refused(Refusal(Reason.BAD_VALUE, what, value[:80]))
    return None if found is None else int(found)


def is_foreign(href: str) -> bool:
    """Whether an address leads out of the package to another site."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return True
    return bool(parts.scheme or parts.netloc) or href.startswith(("//", "\\\\"))


def joined(*bases: str) -> str:
    """xml:base after xml:base, and the address itself at the end. Raises Refused when one leads out of the package."""
    path = ""
    for base in bases:
        if is_foreign(base):
            raise Refused(Refusal(Reason.FOREIGN_ADDRESS, base[:200]))
        path += base.replace("\\", "/")
    return path


def file_of(address: str) -> str:
    """The name of the file in the archive that an address asks for: without query and fragment, decoded once.

    Raises Refused when it is none, or lies outside.
    """
    try:
        path = unquote(urlsplit(address).path, errors="strict")
    except (ValueError, UnicodeDecodeError):
        raise Refused(Refusal(Reason.BAD_VALUE, address[:200]))
    name = posixpath.normpath(path) if path else ""
    if not name or name == "." or name.startswith(("../", "/")) or name == ".." or "\0" in name:
        raise Refused(Refusal(Reason.FOREIGN_ADDRESS, address[:200]))
    return name


def with_parameters(address: str, parameters: str) -> str:
    """An address with the parameters of an item, as the SCORM run-time environment (2.1) joins them."""
    parameters = parameters.strip()
    while parameters[:1] in ("?", "&"):
        parameters = parameters[1:]
    if not parameters:
        return address
    if parameters.startswith("#"):
        return address if "#" in address else address + parameters
    before, mark, after = address.partition("#")
    return f"{before}{'&' if '?' in before else '?'}{parameters}{mark}{after}"
