"""What is said without Django, so that a process of its own can be small (see worker.py)."""

from __future__ import annotations

import gettext
from pathlib import Path

_spoken: gettext.NullTranslations = gettext.NullTranslations()


def speak(language: str) -> None:
    """Say everything from now on in this language ("zh_Hans"). The catalogue is the app's own, read without Django: the
    whole site takes more memory than a round of twenty thousand people."""
    global _spoken
    places = Path(__file__).parents[2] / "locale"
    _spoken = gettext.translation("django", places, [language], fallback=True)


def _(words: str) -> str:
    return _spoken.gettext(words)


def ngettext(one: str, many: str, number: int) -> str:
    return _spoken.ngettext(one, many, number)
