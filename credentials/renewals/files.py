"""The PDF of a renewal pack: drawn from its frozen facts, and checked against its hash whenever it is handed out."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.files.base import File

from credentials.certificates.files import open_checked
from credentials.renewals.document import PackFacts, render
from credentials.renewals.models import RenewalPack


def printed(facts: dict[str, Any]) -> PackFacts:
    """Frozen facts (JSON) in the shape that the document takes."""
    values: dict[str, Any] = dict(facts)
    for name in ("issued_on", "first_on", "last_on"):
        values[name] = datetime.date.fromisoformat(facts[name])
    for name in ("kinds", "qualifications", "periods", "certificates"):
        values[name] = tuple(tuple(each) for each in facts[name])
    values["lines"] = tuple(
        (line["day"], line["title"], str(line["minutes"]), line["hours"]) for line in facts["lines"]
    )
    return PackFacts(**{"serial": "", **values})


def open_pack(pack: RenewalPack) -> File[bytes]:
    """The pack's file. Raises FileNotFoundError when the store lost it and it cannot be made the same again."""
    return open_checked(pack.file, pack.sha256, lambda: render(printed(pack.facts)), pack.serial)
