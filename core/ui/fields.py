"""Form fields for text of one line."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms

_SPACE = re.compile(r"\s+")
# Signs that turn the direction of what follows, and those of no width: nobody sees them, and no paper prints them.
_UNSEEN = frozenset(
    "\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)


def one_line(text: str) -> str:
    """The text as it is meant: line ends, tabs and other control characters become one space, unseen signs go."""
    seen = "".join(
        " " if unicodedata.category(each) == "Cc" else each for each in text if each not in _UNSEEN
    )
    return _SPACE.sub(" ", seen).strip()


class LineField(forms.CharField):
    """A title or a name of something: one line, whatever was pasted. What it holds is printed on papers."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return (
            one_line(text) if isinstance(text, str) and "\0" not in text else text
        )  # NUL is refused by its validator
