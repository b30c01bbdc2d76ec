"""How long a text takes to read: its characters by the speed that the site has set (READING_SPEED, READING_SOURCE)."""

from __future__ import annotations

import re
from html import unescape

TAG = re.compile(r"<!--.*?-->|<[^>]*>", re.DOTALL)
COUNTED = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]|[A-Za-zÀ-ɏ0-9]+")
FEWEST = 100  # what is shorter is read at a glance, and no time is stated


def characters_in(html: str) -> int:
    """Chinese characters, and words or numbers in other letters as one each."""
    return len(COUNTED.findall(unescape(TAG.sub(" ", html))))


def reading_minutes(html: str, speed: int) -> int:
    """Whole minutes, rounded up, at `speed` characters a minute; 0 for less than a hundred characters."""
    number = characters_in(html)
    return -(-number // max(1, speed)) if number >= FEWEST else 0
