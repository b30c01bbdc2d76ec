"""The code that changes: how it is made, and how one that was scanned or typed is read."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

STEP = 20  # seconds that one code is shown
SCAN_LASTS = timedelta(minutes=5)  # for signing in and pressing the button after a scan
DIGITS = 6


class Way(StrEnum):
    """Into the class or out of it. Each has codes of its own."""

    IN = "i"
    OUT = "o"


def step_of(moment: datetime) -> int:
    """The number of the time step of a moment."""
    return int(moment.timestamp()) // STEP


def code_of(secret: str, class_id: str, way: str, step: int) -> str:
    """The code of one step: the way, the step and 80 bits of HMAC-SHA-256 over class, way and step."""
    mac = base64.b32encode(_mac(secret, class_id, way, step)[:10]).decode("ascii").lower()
    return f"{way}{step:x}-{mac}"


def digits_of(secret: str, class_id: str, way: str, step: int) -> str:
    """The same as six digits to type, where a phone cannot scan."""
    number = int.from_bytes(_mac(secret, class_id, f"digits:{way}", step)[:8], "big")
    return f"{number % 10**DIGITS:0{DIGITS}}"


def _mac(secret: str, class_id: str, way: str, step: int) -> bytes:
    return hmac.new(
        secret.encode(), f"xinhuo.checkin:{class_id}:{way}:{step}".encode(), hashlib.sha256
    ).digest()


class CodeFault(StrEnum):
    EXPIRED = "expired"
    FORGED = "forged"


@dataclass(frozen=True)
class Read:
    """What a code says: its way and step, or what is wrong with it."""

    way: str = Way.IN
    step: int = 0
    fault: CodeFault | None = None


def read_code(code: str, secret: str, class_id: str, now: datetime) -> Read:
    """Read a scanned code. This step's and the last one's are good; a true but older one is expired."""
    head, _, _mac_text = code.partition("-")
    way, number = head[:1], head[1:]
    if way not in (Way.IN, Way.OUT) or not number.isalnum() or len(number) > 12:
        return Read(fault=CodeFault.FORGED)
    try:
        step = int(number, 16)
    except ValueError:
        return Read(fault=CodeFault.FORGED)
    if not hmac.compare_digest(code_of(secret, class_id, way, step).encode(), code.encode()):
        return Read(fault=CodeFault.FORGED)
    if step_of(now) - step not in (0, 1):
        return Read(way, step, CodeFault.EXPIRED)
    return Read(way, step)


def read_digits(digits: str, secret: str, class_id: str, now: datetime) -> Read:
    """Read six typed digits: those of this step or the last one, in or out; whatever else is a fault."""
    for way in (Way.IN, Way.OUT):
        for step in (step_of(now), step_of(now) - 1):
            if hmac.compare_digest(digits_of(secret, class_id, way, step).encode(), digits.encode()):
                return Read(way, step)
    return Read(fault=CodeFault.EXPIRED)
