"""Numbers as files write them."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

NUMBER = re.compile(r"[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,2})?")


def decimal_of(text: str) -> Decimal | None:
    """The number that a text is, full width or not; None when it is none."""
    said = unicodedata.normalize("NFKC", text.strip()[:100]).replace("−", "-")
    return Decimal(said) if NUMBER.fullmatch(said) else None
