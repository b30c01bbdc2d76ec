"""What is said without loading Django, so that a process of its own can be small (see worker.py); within the site, in the
language of whoever asks."""

from __future__ import annotations

import gettext
import sys
from pathlib import Path
from typing import Any

_spoken: gettext.NullTranslations | None = None


def speak(language: str) -> None:
    """Say everything from now on in this language ("zh_Hans"); with no language as the site does. The catalogue is the
    app's own, read without Django: the whole site takes more memory than a round of twenty thousand people."""
    global _spoken
    places = Path(__file__).parents[2] / "locale"
    _spoken = gettext.translation("django", places, [language], fallback=True) if language else None


def _(words: str) -> str:
    return str(_source().gettext(words))


def ngettext(one: str, many: str, number: int) -> str:
    return str(_source().ngettext(one, many, number))


def _source() -> Any:
    """Who knows the words: the language that was told, otherwise Django where it is running anyway."""
    return _spoken or sys.modules.get("django.utils.translation") or gettext.NullTranslations()
