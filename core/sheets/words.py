"""Names in a sentence."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import pgettext


def list_words(names: Iterable[str]) -> str:
    """Names one after the other, as the language of this request sets them apart."""
    return pgettext("between the parts of a list", ", ").join(names)
