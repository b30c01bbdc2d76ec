"""Pictures within files of questions: only kinds that every browser shows, known by their first bytes, and not too large."""

from __future__ import annotations

import base64
import binascii
import re

from lms.questions.policy import Fault, FaultKind, Picture, fault

LARGEST = 1024 * 1024
MOST = 20  # of one question
LONGEST_ALT = 300  # characters
KINDS = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"))
UNNAMED = re.compile(r"[\[\]\n\r/\\\"'<>&?#\x00-\x1f]")


def picture(name: str, data: bytes, found: list[Fault], alt: str = "") -> Picture | None:
    """A picture that may be kept; None, and a fault, for anything else."""
    name = UNNAMED.sub("", name)[:120] or "?"
    if len(data) > LARGEST:
        found.append(fault(FaultKind.PICTURE_LARGE, name=name))
        return None
    kind = next((kind for start, kind in KINDS if data.startswith(start)), "")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        kind = "image/webp"
    if not kind:
        found.append(fault(FaultKind.PICTURE_KIND, name=name))
        return None
    return Picture(name, kind, data, " ".join(alt.split())[:LONGEST_ALT])


def from_base64(name: str, text: str, found: list[Fault], alt: str = "") -> Picture | None:
    """A picture that stands in the file as base64."""
    if len(text) > LARGEST * 3 // 2:
        found.append(fault(FaultKind.PICTURE_LARGE, name=name))
        return None
    try:
        return picture(name, base64.b64decode("".join(text.split()), validate=True), found, alt)
    except (binascii.Error, ValueError):
        found.append(fault(FaultKind.PICTURE_KIND, name=name))
        return None
