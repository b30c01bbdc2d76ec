"""Short lists of free words, as people type them: languages, populations. Pure."""

from __future__ import annotations

import re

MOST_WORDS = 12
LONGEST = 20  # characters of one word
BETWEEN = "、"
_SPLIT = re.compile(r"[、,，;；/\n]+")


def words_of(text: str) -> list[str]:
    """The single words of a list that somebody typed with any of the usual signs between them, each once, in order."""
    words = (" ".join(each.split()) for each in _SPLIT.split(text))
    return list(dict.fromkeys(word for word in words if word))


def is_too_much(words: list[str]) -> bool:
    """Whether there are more or longer words than a list can show."""
    return len(words) > MOST_WORDS or any(len(word) > LONGEST for word in words)
